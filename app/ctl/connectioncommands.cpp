// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/accesslines.h"
#include "app/ctl/command.h"
#include "app/ctl/connectionsettings.h"
#include "app/ctl/forminput.h"
#include "app/ctl/json.h"
#include "app/ctl/teststeps.h"
#include "core/access/connectionremoval.h"
#include "core/connectors/registry.h"
#include "core/sync/scheduler.h"

#include <QUuid>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
const ConnectorDescriptor* providerOf(const Connection& connection)
{
    return findConnector(connection.provider);
}

Error noProvider(const QString& id)
{
    QStringList ids;
    for (const auto& known : connectorRegistry()) {
        ids.append(known.id);
    }
    return usageError(message(QT_TRANSLATE_NOOP("Message", "There is no provider “%1”."), id),
        message(QT_TRANSLATE_NOOP("Message", "Give --provider one of: %1."), ids.join(u", "_s)));
}

FormOwner formOf(const Connection& connection, const ConnectorDescriptor& connector)
{
    return { .id = connection.id,
        .name = connection.name,
        .label = u"Provider "_s + connector.id,
        .help = u"provider show "_s + connector.id,
        .fields = connector.fields };
}

Result<void> checkOptions(
    const ConnectorDescriptor& connector, const Connection& connection, const QStringList& secrets)
{
    std::vector<QString> present = connection.storedSecrets;
    present.insert(present.end(), secrets.begin(), secrets.end());
    auto known = checkKnownOptions(formOf(connection, connector), connection.options);
    if (!known) {
        return known;
    }
    auto problems = validateOptions(connector, connection.options, present);
    if (problems.empty()) {
        problems = checkDelays(connection.schedule, connector.capabilities);
    }
    if (auto problem = firstProblem(problems)) {
        return *problem;
    }
    return {};
}

CommandResult addConnection(Session& session, const Arguments& arguments)
{
    auto started = arguments.has(u"from"_s) ? readConnectionFile(arguments.value(u"from"_s))
                                            : Result<Connection>(Connection());
    if (!started) {
        return started.error();
    }
    Connection connection = *std::move(started);
    const QString provider = arguments.value(u"provider"_s, connection.provider);
    const auto* connector = findConnector(provider);
    if (connector == nullptr) {
        return noProvider(provider);
    }
    connection.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    connection.name = arguments.at(0);
    connection.provider = connector->id;
    const auto read = readSettings(arguments, connection);
    if (!read) {
        return read.error();
    }
    const FormOwner form = formOf(connection, *connector);
    auto secrets = readSecrets(arguments, form);
    if (!secrets) {
        return secrets.error();
    }
    if (const auto asked = askForMissing(form, connection.options, {}, *secrets); !asked) {
        return asked.error();
    }
    const QStringList present = secrets->keys() + secretsInEnvironment(session, form);
    if (const auto checked = checkOptions(*connector, connection, present); !checked) {
        return checked.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    for (const auto& key : present) {
        connection.storedSecrets.push_back(key);
    }
    std::ranges::sort(connection.storedSecrets);
    // The row first: a secret without a connection could never be found again.
    auto added = (*store)->connections().add(connection);
    if (!added) {
        return added.error();
    }
    if (const auto stored = saveWithSecrets(session, formOf(*added, *connector), *secrets,
            added->storedSecrets, [] { return Result<void>(); });
        !stored) {
        const auto undone = (*store)->connections().remove(added->id);
        return undone ? stored.error() : undone.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*added));
    } else {
        session.out().text(u"Added %1 (%2). Next: portreevectl connection test %1"_s.arg(
            added->name, added->provider));
    }
    return ExitCode::Done;
}

CommandResult editConnection(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    auto connection = (*store)->connections().byName(arguments.at(0));
    if (!connection) {
        return connection.error();
    }
    const auto* connector = providerOf(*connection);
    if (connector == nullptr) {
        return noProvider(connection->provider);
    }
    const auto read = readSettings(arguments, *connection);
    if (!read) {
        return read.error();
    }
    if (arguments.has(u"name"_s)) {
        connection->name = arguments.value(u"name"_s);
    }
    const auto secrets = readSecrets(arguments, formOf(*connection, *connector));
    if (!secrets) {
        return secrets.error();
    }
    if (const auto checked = checkOptions(*connector, *connection, secrets->keys()); !checked) {
        return checked.error();
    }
    const auto saved = saveWithSecrets(session, formOf(*connection, *connector), *secrets,
        connection->storedSecrets,
        [&] { return (*store)->connections().updateSettings(*connection, fieldsOf(*secrets)); });
    if (!saved) {
        return saved.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*connection));
    } else {
        session.out().text(u"Changed %1."_s.arg(connection->name));
    }
    return ExitCode::Done;
}

Message namingEach(const std::vector<QString>& protectedUsers)
{
    QStringList options;
    for (const QString& user : protectedUsers) {
        options.append(u"--protected "_s + user);
    }
    return message(
        QT_TRANSLATE_NOOP("Message",
            "Take their protection away with user unprotect, or add to --yes each by its id: %1"),
        options.join(u' '));
}

/// Who loses what, and which policies lose their groups.
void printRemoval(Output& out, const Connection& connection,
    const access::ConnectionRemoval& removal, bool isDone)
{
    if (out.isJson()) {
        out.document({ { u"connection"_s, connection.name }, { u"removed"_s, isDone },
            { u"users"_s, qint64 { removal.users } }, { u"groups"_s, qint64 { removal.groups } },
            { u"policies"_s, toArray(removal.policies) },
            { u"protected_users"_s, toArray(removal.protectedUsers) },
            { u"people_losing_all_access"_s, qint64 { removal.access.losingAll } },
            { u"access"_s, accessToJson(removal.access.changes) } });
        return;
    }
    printAccess(out, removal.access.changes);
    for (const auto& name : removal.policies) {
        out.text(u"policy %1 names its groups"_s.arg(name));
    }
}

/// What would go with the connection, as the answer to a removal without --yes.
Error askForRemoval(const Connection& connection, const access::ConnectionRemoval& removal)
{
    const QString users = QString::number(removal.users);
    const QString groups = QString::number(removal.groups);
    const QString losing = QString::number(removal.access.losingAll);
    const auto& kept = removal.protectedUsers;
    if (kept.empty()) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message",
                        "Removing “%1” takes out of the directory users: %2, groups: %3. People "
                        "who lose all access: %4."),
                connection.name, users, groups, losing),
            message(QT_TRANSLATE_NOOP("Message", "Add --yes to do it.")));
    }
    return usageError(
        message(QT_TRANSLATE_NOOP("Message",
                    "Removing “%1” takes out of the directory users: %2, groups: %3, and among "
                    "them users protected from removal: %4. People who lose all access: %5."),
            connection.name, users, groups, QStringList(kept.begin(), kept.end()).join(u", "_s),
            losing),
        namingEach(kept));
}

CommandResult removeConnection(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connection = (*store)->connections().byName(arguments.at(0));
    if (!connection) {
        return connection.error();
    }
    const auto removal = access::connectionRemoval(**store, *connection);
    if (!removal) {
        return removal.error();
    }
    if (!arguments.has(u"yes"_s)) {
        printRemoval(session.out(), *connection, *removal, false);
        return askForRemoval(*connection, *removal);
    }
    const SecretOwner owner {
        .id = connection->id, .name = connection->name, .stored = connection->storedSecrets
    };
    const QStringList named = arguments.values(u"protected"_s);
    const RemovalConsent consent { .protectedUsers = { named.begin(), named.end() },
        .actor = session.actor() };
    const auto removed = removeWithSecrets(
        session, owner, [&] { return (*store)->connections().remove(connection->id, consent); });
    if (!removed && removed.error().code == ErrorCode::Held) {
        Error held = removed.error();
        held.remedy = namingEach(removal->protectedUsers);
        return held;
    }
    if (!removed) {
        return removed.error();
    }
    printRemoval(session.out(), *connection, *removal, true);
    session.out().message(u"Removed %1."_s.arg(connection->name));
    return ExitCode::Done;
}

CommandResult disableConnection(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    auto& connections = (*store)->connections();
    const auto named = connections.byName(arguments.at(0));
    const auto disabled = named ? connections.disable(named->id) : named.error();
    const auto connection = disabled ? connections.byId(named->id) : disabled.error();
    if (!connection) {
        return connection.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*connection));
    }
    return ExitCode::Done;
}

CommandResult listConnections(Session& session, const Arguments&)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connections = (*store)->connections().list();
    if (!connections) {
        return connections.error();
    }
    QJsonArray all;
    std::vector<QStringList> rows;
    for (const auto& connection : *connections) {
        all.append(toJson(connection));
        rows.push_back(
            { connection.name, connection.provider, connectionStateName(shownState(connection)),
                connection.lastSuccessAt ? toRfc3339(*connection.lastSuccessAt) : u"never"_s,
                connection.nextAttemptAt ? toRfc3339(*connection.nextAttemptAt) : u"-"_s });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"connections"_s, all } });
    } else {
        session.out().table(
            { u"NAME"_s, u"PROVIDER"_s, u"STATE"_s, u"LAST SUCCESS"_s, u"NEXT"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult showConnection(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connection = (*store)->connections().byName(arguments.at(0));
    if (!connection) {
        return connection.error();
    }
    QJsonObject object = toJson(*connection);
    const auto* connector = providerOf(*connection);
    object.insert(u"secrets"_s,
        secretStates(connector != nullptr ? connector->fields : std::vector<FieldDescriptor>(),
            connection->storedSecrets));
    if (session.out().isJson()) {
        session.out().document(object);
        return ExitCode::Done;
    }
    std::vector<QStringList> rows;
    for (auto entry = object.constBegin(); entry != object.constEnd(); ++entry) {
        if (!entry->isObject() && !entry->isNull()) {
            rows.push_back({ entry.key(), entry->toVariant().toString() });
        }
    }
    for (const auto* part : { "options", "secrets" }) {
        const auto inner = object.value(QLatin1StringView(part)).toObject();
        for (auto entry = inner.constBegin(); entry != inner.constEnd(); ++entry) {
            rows.push_back({ QLatin1StringView(part) + u'.' + entry.key(), entry->toString() });
        }
    }
    session.out().table({ u"FIELD"_s, u"VALUE"_s }, rows);
    if (connection->lastError) {
        session.out().text(u"\nLast error: "_s + connection->lastError->toText());
    }
    return ExitCode::Done;
}

CommandResult showTest(Session& session, const Result<TestReport>& tested)
{
    session.out().endProgress();
    if (!tested) {
        return tested.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*tested));
    } else {
        printSteps(session.out(), tested->steps);
        for (const auto& user : tested->sampleUsers) {
            session.out().text(
                u"      sample: %1  %2  %3"_s.arg(user.id, user.displayName, user.email));
        }
    }
    return tested->failure ? CommandResult(*tested->failure) : CommandResult(ExitCode::Done);
}

CommandResult testStored(Session& session, const Arguments& arguments, bool enables)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connection = (*store)->connections().byName(arguments.at(0));
    if (!connection) {
        return connection.error();
    }
    auto runner = session.runner();
    return runner
        ? showTest(session,
              runner->test({ .connection = *connection, .enables = enables }, session.control()))
        : runner.error();
}

CommandResult testConnection(Session& session, const Arguments& arguments)
{
    return testStored(session, arguments, false);
}

// Enabling always proves the credentials again (sync-lifecycle.md T5).
CommandResult enableConnection(Session& session, const Arguments& arguments)
{
    return testStored(session, arguments, true);
}
} // namespace

std::vector<Command> connectionCommands()
{
    const QString noun = u"connection"_s;
    const auto one = [&](const QString& verb, const QString& summary, auto run) {
        return Command { .noun = noun,
            .verb = verb,
            .arguments = u"NAME"_s,
            .summary = summary,
            .example = u"connection "_s + verb + u" Staff"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .run = run };
    };
    std::vector<Command> commands {
        { .noun = noun,
            .verb = u"add"_s,
            .arguments
            = u"NAME --provider ID|--from FILE [--set K=V ...] [--secret FIELD=SOURCE ...]"_s,
            .summary = u"Add a connection to an identity provider."_s,
            .example
            = u"connection add Staff --provider ldap --set urls=ldaps://ldap.example.org --secret bind_password=@pw"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = connectionOptions()
                + QList { QCommandLineOption(
                              u"provider"_s, u"Which provider; see provider list."_s, u"ID"_s),
                    QCommandLineOption(u"from"_s,
                        u"Provider, options, limits, rules and delays from what --json "
                        "connection show printed; secrets are never in it."_s,
                        u"FILE"_s) },
            .run = addConnection },
        { .noun = noun,
            .verb = u"edit"_s,
            .arguments = u"NAME [--set K=V ...] [--secret FIELD=SOURCE ...]"_s,
            .summary
            = u"Change a connection; an empty value takes an option back to its default."_s,
            .example = u"connection edit Staff --min-delay 30m"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = connectionOptions()
                + QList { QCommandLineOption(u"name"_s, u"A new name."_s, u"NAME"_s) },
            .run = editConnection },
        one(u"remove"_s, u"Remove a connection with its people, groups and secrets."_s,
            removeConnection),
        one(u"enable"_s, u"Test a connection and let it be polled again."_s, enableConnection),
        one(u"disable"_s, u"Stop polling a connection; its data stays."_s, disableConnection),
        { .noun = noun,
            .verb = u"list"_s,
            .summary = u"List connections and their state."_s,
            .example = u"connection list"_s,
            .run = listConnections },
        one(u"show"_s, u"Show one connection; secrets only as stored or missing."_s,
            showConnection),
        one(u"test"_s, u"Reach, sign in, permissions and sample users, step by step."_s,
            testConnection),
    };
    commands[2].options = { QCommandLineOption(u"yes"_s, u"Do it without asking."_s),
        QCommandLineOption(
            u"protected"_s, u"A protected user who may go with it; repeat for each."_s, u"ID"_s) };
    return commands;
}

} // namespace portreeve::ctl
