// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/exportsupport.h"
#include "app/ctl/files.h"
#include "core/export/tablewriter.h"
#include "core/proxy/adoption.h"
#include "core/proxy/bundle/directorybundle.h"
#include "core/proxy/filereplace.h"

#include <QBuffer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
CommandResult exportFragment(Session& session, const Arguments& arguments)
{
    const auto text = checkedText(session, { .format = ExportFormat::Fragment });
    return text ? deliver(session, arguments, *text) : CommandResult(text.error());
}

/// Watches the proxy take over the file where --health or --probe say how to look.
CommandResult confirmAdoption(Session& session, const Arguments& arguments)
{
    AdoptionCheck check;
    if (arguments.has(u"health"_s)) {
        const auto url = webAddress(arguments, u"health"_s);
        if (!url) {
            return url.error();
        }
        check.healthUrl = *url;
    }
    if (arguments.has(u"probe"_s)) {
        const auto url = webAddress(arguments, u"probe"_s);
        if (!url) {
            return url.error();
        }
        check.probe = RouteProbe { .url = *url };
    }
    if (!check.healthUrl.isValid() && !check.probe) {
        return ExitCode::Done;
    }
    const auto http = session.httpFactory()({});
    const auto adoption = checkAdoption(check, *http, session.clock(), session.stopToken());
    if (!adoption) {
        return adoption.error();
    }
    if (const auto outcome = adoption->outcome(); !outcome) {
        return outcome.error();
    }
    session.out().message(adoption->state == AdoptionState::Confirmed
            ? u"The proxy has taken it over."_s
            : QString(adoption->reason.english() + u' ' + adoption->remedy.english()));
    return ExitCode::Done;
}

CommandResult exportConfig(Session& session, const Arguments& arguments)
{
    const bool block = arguments.has(u"block"_s);
    if (block == arguments.has(u"base"_s)) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "export config needs either --base or --block.")),
            message(QT_TRANSLATE_NOOP("Message",
                "--base FILE --out FILE merges into a copy; --block FILE renews the managed "
                "block inside a file.")));
    }
    const QString path = arguments.value(block ? u"block"_s : u"base"_s);
    const auto file = readInput(path);
    if (!file) {
        return file.error();
    }
    const auto content = checkedText(session,
        { .format = block ? ExportFormat::ManagedBlock : ExportFormat::ManagedFile,
            .operatorFile = *file });
    if (!content) {
        return content.error();
    }
    if (!block) {
        const auto delivered = deliver(session, arguments, *content);
        return delivered && arguments.has(u"out"_s) ? confirmAdoption(session, arguments)
                                                    : delivered;
    }
    const auto written = replaceFile(path, *content);
    return written ? confirmAdoption(session, arguments) : CommandResult(written.error());
}

CommandResult exportBundle(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto view = (*store)->directory().loadView();
    if (!view) {
        return view.error();
    }
    const auto records = directoryRecords(**view);
    for (const auto& note : records.notes) {
        session.out().message(note.english());
    }
    const auto file = directoryBundle(records);
    return file ? deliver(session, arguments, file->bytes) : CommandResult(file.error());
}

/// Rows of one kind over all connections, in the order of the directory.
struct Listing
{
    QStringList columns {};
    std::vector<QStringList> rows {};
};

Listing listUsers(const DirectoryView& view)
{
    Listing listing { .columns
        = { u"connection"_s, u"id"_s, u"display_name"_s, u"email"_s, u"login"_s, u"state"_s } };
    for (const auto& directory : view.connections) {
        for (Row row = 0; row < directory.snapshot->userCount(); ++row) {
            const auto user = directory.snapshot->user(row);
            listing.rows.push_back({ directory.connectionName, user.id, user.displayName,
                user.email, user.login, userStateName(user.state) });
        }
    }
    return listing;
}

Listing listGroups(const DirectoryView& view)
{
    Listing listing { .columns
        = { u"connection"_s, u"id"_s, u"name"_s, u"email"_s, u"kind"_s, u"effective_members"_s } };
    for (const auto& directory : view.connections) {
        const auto counts = directory.closure->effectiveUserCounts();
        for (Row row = 0; row < directory.snapshot->groupCount(); ++row) {
            const auto group = directory.snapshot->group(row);
            listing.rows.push_back({ directory.connectionName, group.id, group.name, group.email,
                groupKindName(group.kind), QString::number(counts[row]) });
        }
    }
    return listing;
}

Listing listMemberships(const DirectoryView& view)
{
    Listing listing { .columns
        = { u"connection"_s, u"group_id"_s, u"group_name"_s, u"user_id"_s, u"user_name"_s } };
    for (const auto& directory : view.connections) {
        const auto& snapshot = *directory.snapshot;
        for (Row group = 0; group < snapshot.groupCount(); ++group) {
            for (const Row user : directory.closure->effectiveUsers(group)) {
                listing.rows.push_back(
                    { directory.connectionName, snapshot.groupId(group), snapshot.group(group).name,
                        snapshot.userId(user), snapshot.user(user).displayName });
            }
        }
    }
    return listing;
}

CommandResult exportTable(Session& session, const Arguments& arguments, TableFormat format)
{
    const QString what = arguments.at(0);
    if (what != u"users" && what != u"groups" && what != u"memberships") {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "There is no table “%1” to export."), what),
            message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."),
                u"users, groups, memberships"_s));
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto view = (*store)->directory().loadView();
    if (!view) {
        return view.error();
    }
    const Listing listing = what == u"users" ? listUsers(**view)
        : what == u"groups"                  ? listGroups(**view)
                                             : listMemberships(**view);
    const auto row
        = [&](std::int64_t index) { return listing.rows[static_cast<std::size_t>(index)]; };
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    const auto written = writeTable(buffer, format,
        { .columns = listing.columns, .rowCount = std::ssize(listing.rows), .row = row },
        session.stopToken());
    return written ? deliver(session, arguments, buffer.data()) : CommandResult(written.error());
}
} // namespace

std::vector<Command> exportCommands()
{
    const QString noun = u"export"_s;
    const QCommandLineOption out(u"out"_s, u"Into this file, replaced in one step."_s, u"FILE"_s);
    const auto table = [&](const QString& verb, TableFormat format) {
        return Command { .noun = noun,
            .verb = verb,
            .arguments = u"users|groups|memberships [--out FILE]"_s,
            .summary = u"Write people, groups or effective memberships as a table."_s,
            .example = u"export "_s + verb + u" users --out users."_s + verb,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = { out },
            .run = [format](Session& session, const Arguments& arguments) {
                return exportTable(session, arguments, format);
            } };
    };
    return {
        { .noun = noun,
            .verb = u"fragment"_s,
            .arguments = u"[--out FILE]"_s,
            .summary = u"Print the routes with their policies, to paste into config.yaml."_s,
            .example = u"export fragment --out routes.yaml"_s,
            .options = { out },
            .run = exportFragment },
        { .noun = noun,
            .verb = u"config"_s,
            .arguments = u"--base FILE --out FILE | --block FILE"_s,
            .summary
            = u"Merge the routes into a copy of a config.yaml, or renew its managed block."_s,
            .example = u"export config --base base.yaml --out config.yaml"_s,
            .options = { out,
                QCommandLineOption(
                    u"base"_s, u"The operator's file; it is only read."_s, u"FILE"_s),
                QCommandLineOption(
                    u"block"_s, u"A file with the two marker comments."_s, u"FILE"_s),
                QCommandLineOption(u"health"_s,
                    u"Afterwards, read the proxy's health page here for errors."_s, u"URL"_s),
                QCommandLineOption(u"probe"_s,
                    u"Afterwards, ask this route until the proxy knows it."_s, u"URL"_s) },
            .run = exportConfig },
        { .noun = noun,
            .verb = u"bundle"_s,
            .arguments = u"--out FILE"_s,
            .summary = u"Write the directory as bundle.zip."_s,
            .example = u"export bundle --out bundle.zip"_s,
            .options = { out },
            .run = exportBundle },
        table(u"csv"_s, TableFormat::Csv),
        table(u"json"_s, TableFormat::Json),
    };
}

} // namespace portreeve::ctl
