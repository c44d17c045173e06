// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/files.h"
#include "app/ctl/json.h"
#include "app/ctl/policyinput.h"
#include "core/access/exportedids.h"
#include "core/policy/regowriter.h"
#include "core/policy/targetlint.h"
#include "core/policy/writer.h"
#include "core/settings/datadirectory.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
QString describe(const policy::Diagnostic& diagnostic, const QString& file)
{
    QString text = u"%1:%2:%3: %4: %5"_s.arg(file)
                       .arg(diagnostic.at.line)
                       .arg(diagnostic.at.column)
                       .arg(severityName(diagnostic.severity), diagnostic.what.english());
    if (!diagnostic.fix.isEmpty()) {
        text += u' ' + diagnostic.fix.english();
    }
    return text + u" ["_s + diagnostic.code + u']';
}

Result<policy::Entry> entryOf(const Arguments& arguments)
{
    const QString name = arguments.value(u"entry"_s, u"reader"_s);
    if (name == u"reader") {
        return policy::Entry::Reader;
    }
    if (name == u"json") {
        return policy::Entry::Json;
    }
    if (name == u"config") {
        return policy::Entry::ConfigFile;
    }
    return usageError(message(QT_TRANSLATE_NOOP("Message", "--entry cannot be “%1”."), name),
        message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), u"reader, json, config"_s));
}

/// What the lint may know of the synced groups; nothing where there is no directory yet. Looks
/// only: checking a text makes no data file.
Result<std::optional<policy::DirectoryFacts>> directoryFacts(Session& session)
{
    if (!QFile::exists(databasePath(session.options().dataDirectory))) {
        return std::optional<policy::DirectoryFacts>();
    }
    const auto store = session.store();
    const auto view
        = store ? (*store)->directory().loadView() : Result<DirectoryViewPtr>(store.error());
    if (!view) {
        return view.error();
    }
    const access::ExportedGroups groups(**view, {});
    return groups.isKnown() ? std::optional(groups.facts()) : std::nullopt;
}

CommandResult checkPolicyFile(Session& session, const Arguments& arguments)
{
    const auto entry = entryOf(arguments);
    if (!entry) {
        return entry.error();
    }
    const auto bytes = readInput(arguments.at(0));
    if (!bytes) {
        return bytes.error();
    }
    const auto facts = directoryFacts(session);
    if (!facts) {
        return facts.error();
    }
    const policy::Target target { .configFile = *entry == policy::Entry::ConfigFile };
    const auto checked = policy::checkText(
        *bytes, { .target = target, .directory = *facts ? &**facts : nullptr }, *entry);
    const bool valid = checked.policy.has_value() && !checked.hasErrors();
    QJsonArray diagnostics;
    for (const auto& diagnostic : checked.diagnostics) {
        diagnostics.append(toJson(diagnostic));
        if (!session.out().isJson()) {
            session.out().text(describe(diagnostic, arguments.at(0)));
        }
    }
    if (session.out().isJson()) {
        session.out().document({ { u"valid"_s, valid }, { u"diagnostics"_s, diagnostics } });
    } else if (valid) {
        session.out().text(arguments.at(0) + u": valid"_s);
    }
    return valid ? ExitCode::Done : ExitCode::Usage;
}

CommandResult formatPolicy(Session& session, const Arguments& arguments)
{
    const auto entry = entryOf(arguments);
    if (!entry) {
        return entry.error();
    }
    const QString to = arguments.value(u"to"_s, u"yaml"_s);
    if (to != u"yaml" && to != u"json" && to != u"rego") {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "--to cannot be “%1”."), to),
            message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), u"yaml, json, rego"_s));
    }
    const auto read = readPolicy(arguments.at(0), *entry);
    if (!read) {
        return read.error();
    }
    const auto text = to == u"rego"
        ? policy::writeRego(*read)
        : policy::writePolicy(*read, to == u"json" ? policy::Format::Json : policy::Format::Yaml);
    if (!text) {
        return text.error();
    }
    session.out().raw(*text);
    return ExitCode::Done;
}

CommandResult listPolicies(Session& session, const Arguments&)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto policies = (*store)->policies().policies();
    if (!policies) {
        return policies.error();
    }
    std::vector<QStringList> rows;
    QJsonArray all;
    for (const auto& stored : *policies) {
        all.append(toJson(stored));
        rows.push_back({ stored.name, stored.enforced ? u"yes"_s : u"no"_s,
            toRfc3339(stored.updatedAt), stored.description });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"policies"_s, all } });
    } else {
        session.out().table({ u"NAME"_s, u"ENFORCED"_s, u"CHANGED"_s, u"DESCRIPTION"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult savePolicy(Session& session, const Arguments& arguments, StoredPolicy stored)
{
    if (arguments.has(u"file"_s)) {
        const auto read = readPolicy(arguments.value(u"file"_s), policy::Entry::Reader);
        const auto text = read ? policy::writePolicy(*read) : Result<QByteArray>(read.error());
        if (!text) {
            return text.error();
        }
        stored.text = QString::fromUtf8(*text);
    }
    if (arguments.has(u"description"_s)) {
        stored.description = arguments.value(u"description"_s);
    }
    if (arguments.has(u"explanation"_s)) {
        stored.explanation = arguments.value(u"explanation"_s);
    }
    if (arguments.has(u"remediation"_s)) {
        stored.remediation = arguments.value(u"remediation"_s);
    }
    const auto enforced = arguments.flag(u"enforced"_s, stored.enforced);
    if (!enforced) {
        return enforced.error();
    }
    stored.enforced = *enforced;
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto saved = (*store)->policies().save(stored);
    if (!saved) {
        return saved.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*saved));
    } else {
        session.out().text(u"Saved policy %1."_s.arg(saved->name));
    }
    return ExitCode::Done;
}

CommandResult addPolicy(Session& session, const Arguments& arguments)
{
    if (!arguments.has(u"file"_s)) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "policy add needs --file.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give the policy's YAML or JSON; - reads standard input.")));
    }
    return savePolicy(session, arguments, { .name = arguments.at(0) });
}

Result<StoredPolicy> stored(Session& session, const QString& name)
{
    const auto store = session.store();
    return store ? (*store)->policies().policy(name) : store.error();
}

CommandResult editPolicy(Session& session, const Arguments& arguments)
{
    auto found = stored(session, arguments.at(0));
    if (!found) {
        return found.error();
    }
    if (arguments.has(u"name"_s)) {
        found->name = arguments.value(u"name"_s);
    }
    return savePolicy(session, arguments, *found);
}

CommandResult removePolicy(Session& session, const Arguments& arguments)
{
    const auto found = stored(session, arguments.at(0));
    if (!found) {
        return found.error();
    }
    const auto removed = (*session.store())->policies().removePolicy(found->id);
    return removed ? CommandResult(ExitCode::Done) : CommandResult(removed.error());
}

CommandResult showPolicy(Session& session, const Arguments& arguments)
{
    const auto found = stored(session, arguments.at(0));
    if (!found) {
        return found.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*found));
    } else {
        session.out().raw(found->text.toUtf8());
    }
    return ExitCode::Done;
}
} // namespace

std::vector<Command> policyCommands()
{
    const QString noun = u"policy"_s;
    const QCommandLineOption entry(u"entry"_s,
        u"How the text reaches the proxy: reader, json or config (default: reader)."_s, u"ENTRY"_s);
    const QList<QCommandLineOption> edits {
        QCommandLineOption(
            u"file"_s, u"The policy's text, YAML or JSON; - is standard input."_s, u"FILE"_s),
        QCommandLineOption(u"description"_s, u"What it is for."_s, u"TEXT"_s),
        QCommandLineOption(u"explanation"_s, u"Shown to people who are refused."_s, u"TEXT"_s),
        QCommandLineOption(u"remediation"_s, u"What they can do."_s, u"TEXT"_s),
        QCommandLineOption(u"enforced"_s, u"true attaches it to every route."_s, u"true|false"_s),
    };
    const auto one
        = [&](const QString& verb, const QString& what, const QString& summary,
              const QString& example, const QList<QCommandLineOption>& options, auto run) {
              return Command { .noun = noun,
                  .verb = verb,
                  .arguments = what,
                  .summary = summary,
                  .example = example,
                  .minimumArguments = 1,
                  .maximumArguments = 1,
                  .options = options,
                  .run = run };
          };
    return {
        one(u"check"_s, u"FILE"_s,
            u"Check a policy and lint it; line and column of each finding. Exit 4: not valid."_s,
            u"policy check engineering.yaml"_s, { entry }, checkPolicyFile),
        one(u"format"_s, u"FILE [--to yaml|json|rego]"_s,
            u"Print the canonical text, or the rules of the proxy's engine that it compiles to."_s,
            u"policy format engineering.yaml --to json"_s,
            { entry,
                QCommandLineOption(
                    u"to"_s, u"yaml, json or rego (default: yaml)."_s, u"FORMAT"_s) },
            formatPolicy),
        { .noun = noun,
            .verb = u"list"_s,
            .summary = u"List the stored policies."_s,
            .example = u"policy list"_s,
            .run = listPolicies },
        one(u"add"_s, u"NAME --file FILE"_s, u"Store a policy."_s,
            u"policy add Engineering --file engineering.yaml"_s, edits, addPolicy),
        one(u"edit"_s, u"NAME"_s, u"Change a stored policy."_s,
            u"policy edit Engineering --file engineering.yaml"_s,
            edits + QList { QCommandLineOption(u"name"_s, u"A new name."_s, u"NAME"_s) },
            editPolicy),
        one(u"remove"_s, u"NAME"_s, u"Remove a policy no route uses."_s,
            u"policy remove Engineering"_s, {}, removePolicy),
        one(u"show"_s, u"NAME"_s, u"Print a stored policy."_s, u"policy show Engineering"_s, {},
            showPolicy),
    };
}

} // namespace portreeve::ctl
