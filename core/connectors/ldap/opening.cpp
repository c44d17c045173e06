// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/opening.h"

#include <ldap.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
/// Whether another server may do better: not when the fault lies in what was entered.
bool anotherMayHelp(ErrorCode code)
{
    return code == ErrorCode::Network || code == ErrorCode::Timeout || code == ErrorCode::Tls
        || code == ErrorCode::RateLimited || code == ErrorCode::BadResponse;
}

Result<RootDse> readRoot(Session& session)
{
    const auto entry = session.read({ .base = {},
        .scope = Scope::Base,
        .attributes = { "namingContexts", "supportedControl", "defaultNamingContext" },
        .field = u"urls"_s });
    if (!entry) {
        return entry.error();
    }
    RootDse root;
    if (const Attribute* contexts = entry->find("namingContexts")) {
        root.namingContexts = contexts->values;
    }
    root.defaultNamingContext = entry->first("defaultNamingContext");
    if (const Attribute* controls = entry->find("supportedControl")) {
        root.paging = std::ranges::find(controls->values, QByteArray(LDAP_CONTROL_PAGEDRESULTS))
            != controls->values.end();
    }
    return root;
}

Result<Opened> openOne(
    const Server& server, const Settings& settings, const RunContext& run, const StepSink& onStep)
{
    auto session = Session::connect(server, settings, run);
    if (!session) {
        return session.error();
    }
    onStep("reach", server);
    if (const auto encrypted = (*session)->encrypt(); !encrypted) {
        return encrypted.error();
    }
    onStep("tls", server);
    if (const auto signedIn = (*session)->signIn(); !signedIn) {
        return signedIn.error();
    }
    const auto root = readRoot(**session);
    if (!root) {
        return root.error();
    }
    onStep("sign_in", server);
    return Opened { .session = *std::move(session), .root = *root };
}
} // namespace

Result<Opened> open(const Settings& settings, const RunContext& run, const StepSink& onStep)
{
    const auto servers = resolveServers(settings, run);
    if (!servers) {
        return servers.error();
    }
    std::optional<Error> failure;
    for (const auto& server : *servers) {
        auto opened = openOne(server, settings, run, onStep);
        if (opened || !anotherMayHelp(opened.error().code)) {
            return opened;
        }
        Error error = opened.error();
        if (failure) {
            error.detail = failure->detail + u'\n' + error.detail;
        }
        failure = std::move(error);
    }
    return failure.value_or(Error { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "No server is entered.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Enter the address of an LDAP server.")),
        .field = u"urls"_s });
}

Result<void> completeBases(Settings& settings, const RootDse& root, const Server& server)
{
    const QString domain = QString::fromUtf8(root.defaultNamingContext);
    for (const auto& [base, field] : { std::pair(&settings.userBase, u"user_base"_s),
             std::pair(&settings.groupBase, u"group_base"_s) }) {
        if (base->isEmpty()) {
            *base = domain;
        }
        if (base->isEmpty()) {
            return Error { .code = ErrorCode::NotFound,
                .what
                = message(QT_TRANSLATE_NOOP("Message", "%1 does not say which domain it holds."),
                    server.url()),
                .remedy = message(QT_TRANSLATE_NOOP("Message",
                    "Enter the user base and the group base; a server that is no Active Directory "
                    "needs them.")),
                .field = field };
        }
    }
    return {};
}

} // namespace portreeve::ldap
