// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/json.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/datadirectory.h"

#include <QFileInfo>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
CommandResult addSample(Session& session, const Arguments& arguments)
{
    const auto users = arguments.integer(u"users"_s, 5000, 1, 1'000'000);
    const auto groups = arguments.integer(u"groups"_s, 0, 0, 100'000);
    const auto seed = arguments.integer(u"seed"_s, 1, 0, 1'000'000'000);
    for (const auto* read : { &users, &groups, &seed }) {
        if (!*read) {
            return read->error();
        }
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    Connection connection { .name = arguments.value(u"name"_s, u"Sample"_s),
        .provider = u"sample"_s };
    connection.options.insert(u"users"_s, QString::number(*users));
    if (*groups > 0) {
        connection.options.insert(u"groups"_s, QString::number(*groups));
    }
    connection.options.insert(u"seed"_s, QString::number(*seed));
    const auto existing = (*store)->connections().byName(connection.name);
    if (existing && existing->provider == connection.provider) {
        session.out().message(u"“%1” is there already."_s.arg(connection.name));
        if (session.out().isJson()) {
            session.out().document(toJson(*existing));
        }
        return ExitCode::Done;
    }
    const auto added = (*store)->connections().add(connection);
    if (!added) {
        return added.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*added));
    } else {
        session.out().text(
            u"Added the made-up directory “%1”. Next: portreevectl sync \"%1\""_s.arg(added->name));
    }
    return ExitCode::Done;
}

CommandResult backUp(Session& session, const Arguments& arguments)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto done = (*store)->backupTo(arguments.at(0));
    return done ? CommandResult(ExitCode::Done) : CommandResult(done.error());
}

CommandResult restoreBackup(Session& session, const Arguments& arguments)
{
    const auto done = Store::restore(
        arguments.at(0), databasePath(session.options().dataDirectory), session.clock());
    return done ? CommandResult(ExitCode::Done) : CommandResult(done.error());
}

struct Check
{
    QString name {};
    bool ok = false;
    QString what {};
};

void checkStore(Session& session, std::vector<Check>& checks)
{
    const auto store = session.store();
    if (!store) {
        checks.push_back({ .name = u"database"_s, .what = store.error().toText() });
        return;
    }
    checks.push_back({ .name = u"database"_s, .ok = true, .what = (*store)->path() });
    const auto faults = (*store)->check();
    const bool sound = faults && faults->empty();
    const QString what = !faults ? faults.error().toText()
        : sound                  ? u"sound"_s
                                 : QStringList(faults->begin(), faults->end()).join(u"; "_s);
    checks.push_back({ .name = u"integrity"_s, .ok = sound, .what = what });
    const auto broken = (*store)->audit().firstBroken();
    const bool whole = broken && !broken->has_value();
    checks.push_back({ .name = u"audit_log"_s,
        .ok = whole,
        .what = !broken ? broken.error().toText()
            : whole     ? u"unbroken"_s
                        : u"entry %1 does not fit the one before it"_s.arg(**broken) });
}

void checkPermissions(Session& session, std::vector<Check>& checks)
{
    const QFileInfo file(databasePath(session.options().dataDirectory));
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther
        | QFileDevice::WriteOther;
    const bool mine = !file.exists() || (file.permissions() & others) == QFileDevice::Permissions();
    checks.push_back({ .name = u"permissions"_s,
        .ok = mine,
        .what = mine ? u"only the owner can read the database"_s
                     : u"others can read %1; run chmod 600 on it"_s.arg(file.filePath()) });
}

/// One line a target: which of its secrets the store holds, never what they are.
void checkTargets(Session& session, std::vector<Check>& checks)
{
    const auto store = session.store();
    const auto secrets = session.secrets();
    const auto targets
        = store ? (*store)->targets().list() : Result<std::vector<ProxyTarget>>(store.error());
    if (!targets || !secrets) {
        return; // said already
    }
    for (const ProxyTarget& target : *targets) {
        const auto options = readTargetOptions(target);
        bool ok = options.hasValue();
        bool canSignIn = false; // at the console, for which either secret does
        QStringList states;
        for (const auto& field : targetFields()) {
            if (field.kind != FieldKind::Secret
                || !isVisible(field, targetFields(), target.options)) {
                continue;
            }
            const auto value = (*secrets)->read(
                { .connectionId = target.id, .connectionName = target.name, .field = field.key });
            const bool isThere = value && value->has_value();
            const bool isNeeded
                = field.key == kSharedSecretField && options && options->usesSecret();
            ok = ok && (isThere || !isNeeded);
            canSignIn = canSignIn
                || (isThere
                    && (field.key == kSharedSecretField || field.key == kConsoleTokenField));
            states.append(field.key + (isThere ? u" stored"_s : u" missing"_s));
        }
        ok = ok && (canSignIn || !options->usesConsole());
        checks.push_back({ .name = u"target"_s,
            .ok = ok,
            .what = target.name + u": "_s
                + (options ? states.join(u", "_s) : options.error().toText()) });
    }
}

CommandResult selfCheck(Session& session, const Arguments&)
{
    std::vector<Check> checks;
    checkStore(session, checks);
    checkPermissions(session, checks);
    const auto secrets = session.secrets();
    const auto probe = secrets ? (*secrets)->probe() : Result<void>(secrets.error());
    checks.push_back({ .name = u"secret_store"_s,
        .ok = probe.hasValue(),
        .what = probe ? (*secrets)->displayName() : probe.error().toText() });
    checkTargets(session, checks);
    checks.push_back({ .name = u"versions"_s,
        .ok = true,
        .what = u"portreeve " PORTREEVE_VERSION ", Qt %1, %2"_s.arg(
            QString::fromLatin1(qVersion()), QSysInfo::prettyProductName()) });
    QJsonArray all;
    std::vector<QStringList> rows;
    bool sound = true;
    for (const auto& check : checks) {
        all.append(QJsonObject {
            { u"name"_s, check.name }, { u"ok"_s, check.ok }, { u"what"_s, check.what } });
        rows.push_back({ check.ok ? u"ok"_s : u"FAIL"_s, check.name, check.what });
        sound = sound && check.ok;
    }
    if (session.out().isJson()) {
        session.out().document({ { u"checks"_s, all } });
    } else {
        session.out().table({ u" "_s, u"CHECK"_s, u"FOUND"_s }, rows);
    }
    return sound ? ExitCode::Done : ExitCode::Failed;
}
} // namespace

std::vector<Command> maintenanceCommands()
{
    return {
        { .noun = u"sample"_s,
            .summary = u"Add a made-up directory as a connection, offline."_s,
            .example = u"sample --users 5000"_s,
            .options
            = { QCommandLineOption(u"users"_s, u"How many people (default 5000)."_s, u"N"_s),
                QCommandLineOption(
                    u"groups"_s, u"How many groups (default: fits the people)."_s, u"N"_s),
                QCommandLineOption(
                    u"seed"_s, u"Another seed makes another directory (default 1)."_s, u"S"_s),
                QCommandLineOption(
                    u"name"_s, u"Name of the connection (default Sample)."_s, u"NAME"_s) },
            .run = addSample },
        { .noun = u"backup"_s,
            .arguments = u"FILE"_s,
            .summary = u"Copy the whole database, without secrets, into a new file."_s,
            .example = u"backup portreeve-backup.sqlite"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .run = backUp },
        { .noun = u"restore"_s,
            .arguments = u"FILE"_s,
            .summary = u"Put a backup in the database's place; the old one stays beside it."_s,
            .example = u"restore portreeve-backup.sqlite"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .run = restoreBackup },
        { .noun = u"selfcheck"_s,
            .summary
            = u"Check database, secret store, targets' secrets, permissions and versions."_s,
            .example = u"selfcheck"_s,
            .run = selfCheck },
    };
}

} // namespace portreeve::ctl
