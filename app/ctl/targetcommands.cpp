// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/forminput.h"
#include "app/ctl/json.h"
#include "app/ctl/targetjson.h"
#include "app/ctl/targetsupport.h"
#include "core/proxy/capabilities.h"
#include "core/proxy/console/consoletoken.h"
#include "core/proxy/sharedsecret.h"

#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
FormOwner formOf(const ProxyTarget& target)
{
    return { .id = target.id,
        .name = target.name,
        .label = u"A target"_s,
        .help = u"target fields"_s,
        .fields = targetFields() };
}

/// Secrets a target cannot do without, and those that only make it more useful.
QStringList wantedSecrets(const ProxyTarget& target)
{
    const auto options = readTargetOptions(target);
    QStringList wanted;
    if (options && options->usesSecret()) {
        wanted.append(kSharedSecretField.toString());
    }
    if (options && options->usesConsole()) {
        wanted.append(kConsoleTokenField.toString());
    }
    if (options && options->directoryChannel == DirectoryChannel::BundleEndpoint) {
        wanted.append(kBundleTokenField.toString());
    }
    return wanted;
}

Result<void> checkSecrets(const QHash<QString, QString>& secrets)
{
    const auto shared = secrets.constFind(kSharedSecretField.toString());
    if (shared != secrets.cend()) {
        if (const auto decoded = SharedSecret::fromBase64(*shared); !decoded) {
            return decoded.error();
        }
    }
    const auto token = secrets.constFind(kConsoleTokenField.toString());
    if (token == secrets.cend() || token->isEmpty()) {
        return {};
    }
    const auto read = readConsoleToken(*token);
    return read ? Result<void>() : read.error();
}

/// Options as given, checked as a whole. @return the secrets to store
Result<QHash<QString, QString>> readForm(
    Session& session, const Arguments& arguments, ProxyTarget& target)
{
    if (const auto read = readOptionValues(arguments, target.options); !read) {
        return read.error();
    }
    const FormOwner form = formOf(target);
    if (const auto known = checkKnownOptions(form, target.options); !known) {
        return known.error();
    }
    const auto options = readTargetOptions(target);
    if (!options) {
        return options.error();
    }
    if (const auto able = checkChannels(*options); !able) {
        return able.error();
    }
    auto secrets = readSecrets(arguments, form);
    if (!secrets) {
        return secrets;
    }
    QStringList wanted = wantedSecrets(target);
    const QStringList present
        = QStringList(target.storedSecrets.begin(), target.storedSecrets.end())
        + secretsInEnvironment(session, form);
    const QString shared = kSharedSecretField.toString();
    const bool hasShared = present.contains(shared) || secrets->contains(shared);
    wanted.removeIf([&](const QString& key) {
        // the console also knows the bootstrap account
        return present.contains(key) || (key == kConsoleTokenField && hasShared);
    });
    if (const auto asked = askForMissing(form, target.options, wanted, *secrets); !asked) {
        return asked.error();
    }
    if (const auto right = checkSecrets(*secrets); !right) {
        return right.error();
    }
    target.storedSecrets.assign(present.begin(), present.end());
    std::ranges::sort(target.storedSecrets);
    const auto doubled = std::ranges::unique(target.storedSecrets);
    target.storedSecrets.erase(doubled.begin(), doubled.end());
    return secrets;
}

CommandResult addTarget(Session& session, const Arguments& arguments)
{
    ProxyTarget target { .id = QUuid::createUuid().toString(QUuid::WithoutBraces),
        .name = arguments.at(0) };
    const auto secrets = readForm(session, arguments, target);
    if (!secrets) {
        return secrets.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    // The row first: a secret without a target could never be found again.
    auto added = (*store)->targets().add(target);
    if (!added) {
        return added.error();
    }
    const auto updated = saveWithSecrets(session, formOf(*added), *secrets, added->storedSecrets,
        [&] { return (*store)->targets().updateSettings(*added); });
    if (!updated) {
        const auto undone = (*store)->targets().remove(added->id);
        return undone ? updated.error() : undone.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*added));
    } else {
        session.out().text(u"Added %1. Next: portreevectl target test %1"_s.arg(added->name));
    }
    return ExitCode::Done;
}

CommandResult editTarget(Session& session, const Arguments& arguments)
{
    auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    if (arguments.has(u"name"_s)) {
        target->name = arguments.value(u"name"_s);
    }
    const auto secrets = readForm(session, arguments, *target);
    if (!secrets) {
        return secrets.error();
    }
    auto& targets = (*session.store())->targets();
    const auto saved = saveWithSecrets(session, formOf(*target), *secrets, target->storedSecrets,
        [&] { return targets.updateSettings(*target, fieldsOf(*secrets)); });
    if (!saved) {
        return saved.error();
    }
    // What waited for a person is worth another try now.
    if (target->state == TargetState::NeedsAttention) {
        target->state = TargetState::Behind;
        target->stateReason = {};
        if (const auto updated = targets.updateState(*target); !updated) {
            return updated.error();
        }
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*target));
    } else {
        session.out().text(u"Changed %1."_s.arg(target->name));
    }
    return ExitCode::Done;
}

CommandResult removeTarget(Session& session, const Arguments& arguments)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    if (!arguments.has(u"yes"_s)) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message",
                        "Removing “%1” forgets what was delivered to it; the proxy keeps it all."),
                target->name),
            message(QT_TRANSLATE_NOOP("Message", "Add --yes to do it.")));
    }
    const SecretOwner owner {
        .id = target->id, .name = target->name, .stored = target->storedSecrets
    };
    const auto removed = removeWithSecrets(
        session, owner, [&] { return (*session.store())->targets().remove(target->id); });
    if (!removed) {
        return removed.error();
    }
    session.out().message(u"Removed %1."_s.arg(target->name));
    return ExitCode::Done;
}

CommandResult setEnabled(Session& session, const Arguments& arguments, bool isEnabled)
{
    const auto named = targetNamed(session, arguments.at(0));
    if (!named) {
        return named.error();
    }
    auto& targets = (*session.store())->targets();
    const auto changed = targets.setEnabled(named->id, isEnabled);
    const auto target = changed ? targets.byId(named->id) : changed.error();
    if (!target) {
        return target.error();
    }
    if (session.out().isJson()) {
        session.out().document(toJson(*target));
    }
    return ExitCode::Done;
}

CommandResult enableTarget(Session& session, const Arguments& arguments)
{
    return setEnabled(session, arguments, true);
}

CommandResult disableTarget(Session& session, const Arguments& arguments)
{
    return setEnabled(session, arguments, false);
}

CommandResult listTargets(Session& session, const Arguments&)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto targets = (*store)->targets().list();
    if (!targets) {
        return targets.error();
    }
    QJsonArray all;
    std::vector<QStringList> rows;
    for (const auto& target : *targets) {
        all.append(toJson(target));
        rows.push_back({ target.name, targetStateName(target.state),
            target.lastSuccessAt ? toRfc3339(*target.lastSuccessAt) : u"never"_s,
            target.stateReason.english() });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"targets"_s, all } });
    } else {
        session.out().table({ u"NAME"_s, u"STATE"_s, u"LAST SUCCESS"_s, u"REASON"_s }, rows);
    }
    return ExitCode::Done;
}

template <typename Items> QJsonArray arrayOf(const Items& items)
{
    QJsonArray array;
    for (const auto& item : items) {
        array.append(toJson(item));
    }
    return array;
}

CommandResult showTarget(Session& session, const Arguments& arguments)
{
    const auto target = targetNamed(session, arguments.at(0));
    if (!target) {
        return target.error();
    }
    const auto blocked = (*session.store())->targets().blockedUsers(target->id);
    if (!blocked) {
        return blocked.error();
    }
    const auto attached = (*session.store())->attachments().list(target->id);
    if (!attached) {
        return attached.error();
    }
    const auto options = readTargetOptions(*target);
    const auto capabilities = options ? targetCapabilities(*options) : std::vector<CapabilityRow>();
    QJsonObject object = toJson(*target);
    object.insert(u"secrets"_s, secretStates(targetFields(), target->storedSecrets));
    QJsonArray names;
    for (const auto& user : *blocked) {
        names.append(user.userId);
    }
    object.insert(u"blocked_users"_s, names);
    if (session.out().isJson()) {
        object.insert(u"blocks"_s, arrayOf(*blocked));
        object.insert(u"attachments"_s, arrayOf(*attached));
        object.insert(u"capabilities"_s, arrayOf(capabilities));
        session.out().document(object);
        return ExitCode::Done;
    }
    std::vector<QStringList> rows;
    for (auto entry = object.constBegin(); entry != object.constEnd(); ++entry) {
        if (entry->isObject()) {
            const auto inner = entry->toObject();
            for (auto value = inner.constBegin(); value != inner.constEnd(); ++value) {
                rows.push_back({ entry.key() + u'.' + value.key(), value->toVariant().toString() });
            }
        } else if (entry->isArray()) {
            rows.push_back({ entry.key(), entry->toVariant().toStringList().join(u", "_s) });
        } else if (!entry->isNull()) {
            rows.push_back({ entry.key(), entry->toVariant().toString() });
        }
    }
    for (const auto& attachment : *attached) {
        rows.push_back({ u"attachments"_s,
            attachment.policyName + u" on "_s + attachment.routeName
                + (attachment.wanted ? u""_s : u" (leaves with the next push)"_s) });
    }
    for (const auto& capability : capabilities) {
        rows.push_back({ u"can."_s + targetFeatureName(capability.feature),
            capability.allowed ? u"yes"_s : u"no: "_s + capability.reason.english() });
    }
    session.out().table({ u"FIELD"_s, u"VALUE"_s }, rows);
    return ExitCode::Done;
}

CommandResult showFields(Session& session, const Arguments&)
{
    QJsonArray all;
    std::vector<QStringList> rows;
    for (const auto& field : targetFields()) {
        all.append(toJson(field));
        rows.push_back({ field.key, field.defaultValue, QString::fromUtf8(field.help) });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"fields"_s, all } });
    } else {
        session.out().table({ u"KEY"_s, u"DEFAULT"_s, u"MEANING"_s }, rows);
    }
    return ExitCode::Done;
}

Command oneTarget(const QString& verb, const QString& summary,
    const std::function<CommandResult(Session&, const Arguments&)>& run)
{
    return { .noun = u"target"_s,
        .verb = verb,
        .arguments = u"NAME"_s,
        .summary = summary,
        .example = u"target "_s + verb + u" Office"_s,
        .minimumArguments = 1,
        .maximumArguments = 1,
        .run = run };
}
} // namespace

std::vector<Command> targetCommands()
{
    Command add = oneTarget(u"add"_s, u"Add a proxy to deliver to."_s, addTarget);
    add.arguments = u"NAME [--set K=V ...] [--secret FIELD=SOURCE ...]"_s;
    add.example
        = u"target add Office --set address=127.0.0.1:5443 --secret shared_secret=@secret"_s;
    add.options = formOptions();
    Command edit = oneTarget(u"edit"_s,
        u"Change a target; an empty value takes an option back to its default."_s, editTarget);
    edit.arguments = add.arguments;
    edit.example = u"target edit Office --set automatic=false"_s;
    edit.options
        = formOptions() + QList { QCommandLineOption(u"name"_s, u"A new name."_s, u"NAME"_s) };
    Command remove = oneTarget(u"remove"_s,
        u"Forget a target and its secrets; the proxy keeps what it has."_s, removeTarget);
    remove.options = { QCommandLineOption(u"yes"_s, u"Do it without asking."_s) };
    return { add, edit, remove,
        oneTarget(u"enable"_s, u"Let a target be delivered to again."_s, enableTarget),
        oneTarget(
            u"disable"_s, u"Stop delivering to a target; it keeps what it has."_s, disableTarget),
        { .noun = u"target"_s,
            .verb = u"list"_s,
            .summary = u"List targets and their state."_s,
            .example = u"target list"_s,
            .run = listTargets },
        oneTarget(u"show"_s, u"Show one target; secrets only as stored or missing."_s, showTarget),
        { .noun = u"target"_s,
            .verb = u"fields"_s,
            .summary = u"What --set and --secret of a target take."_s,
            .example = u"target fields --json"_s,
            .run = showFields } };
}

} // namespace portreeve::ctl
