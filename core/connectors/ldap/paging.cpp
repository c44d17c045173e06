// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/paging.h"

#include <QSet>

#include <ldap.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::ldap {

namespace {
constexpr int kMostTries = 4; // of one page
constexpr int kSmallestPage = 10;
constexpr int kMostPages = 100'000;
constexpr auto kFirstPause = 1s;

/// Whether a smaller page or a little time can help.
bool mayPass(const Page& page, bool firstPage)
{
    switch (page.failure.code) {
    case LDAP_BUSY:
    case LDAP_TIMELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
        return true;
    case LDAP_SIZELIMIT_EXCEEDED: // a limit on one page; later it is one on the whole answer
        return firstPage && page.entries == 0;
    default:
        return false;
    }
}

Error loop(const Session& session)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "%1 sends the same page over and over instead of coming to an end."),
            session.server().url()),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Nothing was changed here. Try another page size or another server.")) };
}
} // namespace

Result<Totals> searchAll(Session& session, const RunContext& run, const Search& search,
    int pageSize, const EntrySink& sink)
{
    Totals totals;
    QByteArray cookie;
    QSet<QByteArray> seen;
    int tries = 0;
    for (int pages = 0; pages < kMostPages;) {
        auto page = session.search(search, pageSize, cookie, sink);
        if (!page) {
            return page.error();
        }
        if (page->failure.code != LDAP_SUCCESS) {
            if (++tries >= kMostTries || !mayPass(*page, cookie.isEmpty())) {
                return session.errorFor(search, page->failure);
            }
            pageSize = std::max(kSmallestPage, pageSize / 2);
            if (!run.clock.sleep(kFirstPause * (1 << (tries - 1)), run.stop)) {
                return cancelledError();
            }
            continue;
        }
        tries = 0;
        ++pages;
        totals.entries += page->entries;
        totals.references.insert(
            totals.references.end(), page->references.begin(), page->references.end());
        if (page->cookie.isEmpty()) {
            return totals;
        }
        // Servers may use one cookie for the whole walk (OpenLDAP counts in it, others do not): a
        // repeated one is a loop only when its page brought nothing.
        if (page->entries == 0 && seen.contains(page->cookie)) {
            return loop(session);
        }
        seen.insert(page->cookie);
        cookie = page->cookie;
    }
    return loop(session);
}

} // namespace portreeve::ldap
