// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/json.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
constexpr qint64 kNoLimit = 1'000'000'000;

QJsonObject entryObject(const AuditEntry& entry)
{
    return {
        { u"id"_s, QString::number(entry.id) },
        { u"at"_s, toRfc3339(entry.at) },
        { u"actor"_s, entry.actor },
        { u"event"_s, entry.event },
        { u"subject"_s, entry.subject },
        { u"details"_s, QJsonDocument::fromJson(entry.details.toUtf8()).object() },
        { u"generation"_s, qint64 { entry.generation } },
        { u"hash"_s, QString::fromLatin1(entry.hash.toHex()) },
    };
}

/// After which entry to begin: --since names it; else the newest --limit entries are shown.
Result<std::int64_t> startOf(AuditLog& audit, const Arguments& arguments, qint64 limit)
{
    if (arguments.has(u"since"_s)) {
        const auto since = arguments.integer(u"since"_s, 0, 0, kNoLimit);
        return since ? Result<std::int64_t>(*since) : since.error();
    }
    const auto last = audit.lastId();
    return last ? Result<std::int64_t>(std::max<std::int64_t>(0, *last - limit)) : last.error();
}

CommandResult listEntries(Session& session, const Arguments& arguments)
{
    const auto limit = arguments.integer(u"limit"_s, kNoLimit, 1, kNoLimit);
    if (!limit) {
        return limit.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    AuditLog& audit = (*store)->audit();
    auto after = startOf(audit, arguments, *limit);
    if (!after) {
        return after.error();
    }
    std::vector<QStringList> rows;
    constexpr qint64 page = 5000;
    for (qint64 left = *limit; left > 0;) {
        const auto entries = audit.list(*after, static_cast<int>(std::min(left, page)));
        if (!entries) {
            return entries.error();
        }
        for (const AuditEntry& entry : *entries) {
            if (session.out().isJson()) {
                session.out().line(entryObject(entry));
                continue;
            }
            rows.push_back({ QString::number(entry.id), toRfc3339(entry.at), entry.actor,
                entry.event, entry.subject, entry.details });
        }
        if (entries->empty()) {
            break;
        }
        after = entries->back().id;
        left -= std::ssize(*entries);
    }
    if (!session.out().isJson()) {
        session.out().table(
            { u"ID"_s, u"AT"_s, u"ACTOR"_s, u"EVENT"_s, u"SUBJECT"_s, u"DETAILS"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult verifyChain(Session& session, const Arguments&)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto broken = (*store)->audit().firstBroken();
    const auto last = (*store)->audit().lastId();
    if (!broken || !last) {
        return broken ? last.error() : broken.error();
    }
    if (session.out().isJson()) {
        session.out().document(
            { { u"unbroken"_s, !broken->has_value() }, { u"entries"_s, qint64 { *last } },
                { u"first_broken"_s,
                    *broken ? QJsonValue(QString::number(**broken)) : QJsonValue() } });
    } else if (*broken) {
        session.out().text(
            u"Entry %1 does not fit the one before it: the log was changed from outside. "
            "Compare it with what was exported before: portreevectl audit list."_s.arg(**broken));
    } else {
        session.out().text(u"%1 entries, unbroken."_s.arg(*last));
    }
    return *broken ? ExitCode::Failed : ExitCode::Done;
}
} // namespace

std::vector<Command> auditCommands()
{
    return {
        { .noun = u"audit"_s,
            .verb = u"list"_s,
            .arguments = u"[--since ID] [--limit N]"_s,
            .summary = u"Who changed what, oldest first; with --json one line per entry."_s,
            .example = u"--json audit list --since 1200 >> audit.jsonl"_s,
            .options = { QCommandLineOption(u"since"_s, u"Only entries after this one."_s, u"ID"_s),
                QCommandLineOption(u"limit"_s,
                    u"At most that many: the next after --since, else the newest."_s, u"N"_s) },
            .run = listEntries },
        { .noun = u"audit"_s,
            .verb = u"verify"_s,
            .summary = u"Check that no entry was changed, added or taken out from outside."_s,
            .example = u"audit verify"_s,
            .run = verifyChain },
    };
}

} // namespace portreeve::ctl
