// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/directorylookup.h"
#include "app/ctl/json.h"
#include "app/ctl/removedlist.h"
#include "core/access/exportedids.h"
#include "core/access/groupreferences.h"
#include "core/store/storedsettings.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
QJsonObject briefGroup(const Snapshot& snapshot, Row row)
{
    const auto group = snapshot.group(row);
    return { { u"id"_s, group.id }, { u"name"_s, group.name } };
}

QJsonObject briefUser(const Snapshot& snapshot, Row row)
{
    const auto user = snapshot.user(row);
    return { { u"id"_s, user.id }, { u"display_name"_s, user.displayName },
        { u"login"_s, user.login } };
}

template <typename Rows> QJsonArray groupsOf(const Snapshot& snapshot, const Rows& rows)
{
    QJsonArray array;
    for (const Row row : rows) {
        array.append(briefGroup(snapshot, row));
    }
    return array;
}

template <typename Rows> QJsonArray usersOf(const Snapshot& snapshot, const Rows& rows)
{
    QJsonArray array;
    for (const Row row : rows) {
        array.append(briefUser(snapshot, row));
    }
    return array;
}

QJsonObject userObject(const ConnectionDirectory& directory, Row row)
{
    const auto user = directory.snapshot->user(row);
    return {
        { u"id"_s, user.id },
        { u"display_name"_s, user.displayName },
        { u"email"_s, user.email },
        { u"login"_s, user.login },
        { u"state"_s, userStateName(user.state) },
        { u"connection"_s, directory.connectionName },
    };
}

QJsonObject groupObject(const ConnectionDirectory& directory, Row row)
{
    const auto group = directory.snapshot->group(row);
    return {
        { u"id"_s, group.id },
        { u"name"_s, group.name },
        { u"email"_s, group.email },
        { u"kind"_s, groupKindName(group.kind) },
        { u"connection"_s, directory.connectionName },
    };
}

bool contains(const QJsonObject& object, const QString& text)
{
    return std::any_of(object.constBegin(), object.constEnd(), [&](const QJsonValue& value) {
        return value.toString().contains(text, Qt::CaseInsensitive);
    });
}

/// Members or groups of an object, with the key that JSON gives them.
struct ShownList
{
    QString key {};
    QString title {};
    QJsonArray items {};
};

std::vector<ShownList> listsOfUser(const ConnectionDirectory& directory, Row row)
{
    const auto& closure = *directory.closure;
    return { { u"groups"_s, u"Direct groups"_s,
                 groupsOf(*directory.snapshot, closure.directGroups(row)) },
        { u"effective_groups"_s, u"Effective groups"_s,
            groupsOf(*directory.snapshot, closure.effectiveGroups(row)) } };
}

std::vector<ShownList> listsOfGroup(const ConnectionDirectory& directory, Row row, bool directOnly)
{
    const auto& snapshot = *directory.snapshot;
    std::vector<ShownList> lists {
        { u"members"_s, u"Direct members"_s, usersOf(snapshot, snapshot.memberUsers(row)) },
        { u"member_groups"_s, u"Member groups"_s, groupsOf(snapshot, snapshot.memberGroups(row)) }
    };
    if (!directOnly) {
        lists.push_back({ u"effective_members"_s, u"Effective members"_s,
            usersOf(snapshot, directory.closure->effectiveUsers(row)) });
    }
    return lists;
}

QJsonObject withLists(QJsonObject object, const std::vector<ShownList>& lists)
{
    for (const auto& list : lists) {
        object.insert(list.key, list.items);
    }
    return object;
}

/// Lists objects that contain --search, at most --limit, as JSON lines, each with what @p lists
/// says, or as a table.
template <typename Count, typename Make, typename Lists>
CommandResult listObjects(Session& session, const Arguments& arguments, const QStringList& columns,
    Count count, Make make, Lists lists)
{
    const auto limit = arguments.integer(u"limit"_s, 1000, 1, 10'000'000);
    if (!limit) {
        return limit.error();
    }
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    std::vector<QStringList> rows;
    qint64 shown = 0;
    for (const auto& directory : (*view)->connections) {
        for (Row row = 0;
            wanted(directory, arguments) && row < count(*directory.snapshot) && shown < *limit;
            ++row) {
            QJsonObject object = make(directory, row);
            if (!contains(object, arguments.value(u"search"_s))) {
                continue;
            }
            ++shown;
            if (session.out().isJson()) {
                session.out().line(withLists(std::move(object), lists(directory, row)));
                continue;
            }
            QStringList cells;
            for (const auto& column : columns) {
                cells.append(object.value(column).toString());
            }
            rows.push_back(cells);
        }
    }
    if (!session.out().isJson()) {
        QStringList head;
        for (const auto& column : columns) {
            head.append(column.toUpper().replace(u'_', u' '));
        }
        session.out().table(head, rows);
    }
    return ExitCode::Done;
}

CommandResult listUsers(Session& session, const Arguments& arguments)
{
    if (arguments.has(u"removed"_s)) {
        return listRemoved(session, arguments, ObjectKind::User);
    }
    const bool isBrief = arguments.has(u"brief"_s);
    return listObjects(
        session, arguments, { u"id"_s, u"display_name"_s, u"email"_s, u"state"_s, u"connection"_s },
        [](const Snapshot& s) { return s.userCount(); }, userObject,
        [isBrief](const ConnectionDirectory& directory, Row row) {
            return isBrief ? std::vector<ShownList>() : listsOfUser(directory, row);
        });
}

CommandResult listGroups(Session& session, const Arguments& arguments)
{
    if (arguments.has(u"removed"_s)) {
        return listRemoved(session, arguments, ObjectKind::Group);
    }
    const bool isBrief = arguments.has(u"brief"_s);
    return listObjects(
        session, arguments, { u"id"_s, u"name"_s, u"kind"_s, u"connection"_s },
        [](const Snapshot& s) { return s.groupCount(); }, groupObject,
        [isBrief](const ConnectionDirectory& directory, Row row) {
            return isBrief ? std::vector<ShownList>() : listsOfGroup(directory, row, false);
        });
}

void printList(Output& out, const QString& title, const QJsonArray& items)
{
    out.text(title + u" ("_s + QString::number(items.size()) + u')');
    for (const auto& value : items) {
        const auto item = value.toObject();
        const QString name = item.contains(u"name"_s) ? item.value(u"name"_s).toString()
                                                      : item.value(u"display_name"_s).toString();
        out.text(u"  "_s + name + u"  "_s + item.value(u"id"_s).toString());
    }
}

CommandResult showObject(Session& session, QJsonObject object, const QStringList& fields,
    const std::vector<ShownList>& lists)
{
    if (session.out().isJson()) {
        for (const auto& list : lists) {
            object.insert(list.key, list.items);
        }
        session.out().document(object);
        return ExitCode::Done;
    }
    constexpr int widest = 14;
    for (const auto& field : fields) {
        session.out().text(field.leftJustified(widest) + object.value(field).toString());
    }
    for (const auto& list : lists) {
        printList(session.out(), list.title, list.items);
    }
    return ExitCode::Done;
}

CommandResult showUser(Session& session, const Arguments& arguments)
{
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    const auto found = findUser(**view, arguments, arguments.at(0));
    if (!found) {
        return found.error();
    }
    const auto& directory = *found->directory;
    return showObject(session, userObject(directory, found->row),
        { u"id"_s, u"display_name"_s, u"email"_s, u"login"_s, u"state"_s, u"connection"_s },
        listsOfUser(directory, found->row));
}

/// Policies that name a group, as the proxy knows it.
Result<QJsonArray> policiesOf(Store& store, const DirectoryView& view, const Found& group)
{
    const auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    const access::ExportedGroups groups(view, {});
    const QString id = groups.naming(group.directory->connectionId)(
        group.directory->snapshot->group(group.row).id);
    QJsonArray out;
    for (const auto& policy : access::policiesNaming(*policies, { id })) {
        out.append(QJsonObject { { u"id"_s, policy.id }, { u"name"_s, policy.name } });
    }
    return out;
}

CommandResult showGroup(Session& session, const Arguments& arguments)
{
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    const auto found = findGroup(**view, arguments, arguments.at(0));
    if (!found) {
        return found.error();
    }
    const auto& directory = *found->directory;
    auto policies = policiesOf(**session.store(), **view, *found);
    if (!policies) {
        return policies.error();
    }
    auto lists = listsOfGroup(directory, found->row, arguments.has(u"direct"_s));
    lists.push_back({ u"policies"_s, u"Policies"_s, *std::move(policies) });
    return showObject(session, groupObject(directory, found->row),
        { u"id"_s, u"name"_s, u"email"_s, u"kind"_s, u"connection"_s }, lists);
}

CommandResult explain(Session& session, const Arguments& arguments)
{
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    const auto group = findGroup(**view, arguments, arguments.at(1));
    if (!group) {
        return group.error();
    }
    const auto user = findUser(**view, arguments, arguments.at(0));
    if (!user) {
        return user.error();
    }
    const auto& directory = *group->directory;
    const bool same = user->directory == group->directory;
    const auto paths = same ? directory.closure->witnessPaths(user->row, group->row)
                            : std::vector<WitnessPath> {};
    QJsonArray all;
    for (const auto& path : paths) {
        QJsonArray steps { user->directory->snapshot->user(user->row).displayName };
        for (const Row row : path) {
            steps.append(directory.snapshot->group(row).name);
        }
        all.append(steps);
    }
    const bool member = !paths.empty();
    if (session.out().isJson()) {
        session.out().document({ { u"member"_s, member }, { u"paths"_s, all } });
        return ExitCode::Done;
    }
    if (!member) {
        const bool suspended
            = user->directory->snapshot->userState(user->row) == UserState::Suspended;
        session.out().text(suspended
                ? u"%1 is suspended and therefore in no group."_s.arg(arguments.at(0))
                : u"%1 is not a member of %2."_s.arg(arguments.at(0), arguments.at(1)));
    }
    for (const auto& path : all) {
        QStringList names;
        for (const auto& step : path.toArray()) {
            names.append(step.toString());
        }
        session.out().text(names.join(u" -> "_s));
    }
    return ExitCode::Done;
}

CommandResult setProtected(Session& session, const Arguments& arguments, bool isProtected)
{
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    const auto found = findUser(**view, arguments, arguments.at(0));
    if (!found) {
        return found.error();
    }
    const auto store = session.store();
    const auto done = (*store)->directory().setProtected(found->directory->connectionId,
        found->directory->snapshot->userId(found->row), isProtected, currentActor(**store));
    return done ? CommandResult(ExitCode::Done) : CommandResult(done.error());
}

QList<QCommandLineOption> listOptions()
{
    return { QCommandLineOption(
                 u"search"_s, u"Only where a field contains this text."_s, u"TEXT"_s),
        QCommandLineOption(u"connection"_s, u"Of this connection only."_s, u"NAME"_s),
        QCommandLineOption(u"limit"_s, u"At most that many (default 1000)."_s, u"N"_s),
        QCommandLineOption(u"removed"_s,
            u"Those that a sync removed and that come back when the provider lists them again."_s),
        QCommandLineOption(u"brief"_s, u"With --json: without groups or members."_s) };
}
} // namespace

std::vector<Command> directoryCommands()
{
    const QCommandLineOption connection(u"connection"_s, u"Of this connection only."_s, u"NAME"_s);
    const auto one = [&](const QString& noun, const QString& verb, const QString& summary,
                         auto run) {
        return Command { .noun = noun,
            .verb = verb,
            .arguments = noun.toUpper(),
            .summary = summary,
            .example = noun + u' ' + verb + (noun == u"user" ? u" john"_s : u" Engineering"_s),
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = { connection },
            .run = run };
    };
    std::vector<Command> commands {
        { .noun = u"user"_s,
            .verb = u"list"_s,
            .summary = u"List people."_s,
            .example = u"user list --search ann"_s,
            .options = listOptions(),
            .run = listUsers },
        one(u"user"_s, u"show"_s, u"Show a person with direct and effective groups."_s, showUser),
        one(u"user"_s, u"protect"_s,
            u"Name an administrator whom no sync may remove as the last one."_s,
            [](Session& session, const Arguments& arguments) {
                return setProtected(session, arguments, true);
            }),
        one(u"user"_s, u"unprotect"_s, u"Take that protection away."_s,
            [](Session& session, const Arguments& arguments) {
                return setProtected(session, arguments, false);
            }),
        { .noun = u"group"_s,
            .verb = u"list"_s,
            .summary = u"List groups and org units."_s,
            .example = u"group list --search eng"_s,
            .options = listOptions(),
            .run = listGroups },
        one(u"group"_s, u"show"_s,
            u"Show a group with direct and effective members and the policies that use it."_s,
            showGroup),
        { .noun = u"why"_s,
            .arguments = u"USER GROUP"_s,
            .summary = u"Show every shortest path that makes a person a member of a group."_s,
            .example = u"why john Everyone"_s,
            .minimumArguments = 2,
            .maximumArguments = 2,
            .options = { connection },
            .run = explain },
    };
    commands[5].options.append(
        QCommandLineOption(u"direct"_s, u"Leave out the effective members."_s));
    return commands;
}

} // namespace portreeve::ctl
