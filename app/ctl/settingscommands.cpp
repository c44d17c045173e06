// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/commandline.h"
#include "app/ctl/json.h"
#include "core/store/storedsettings.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Result<SettingDescriptor> settingNamed(const QString& name)
{
    QStringList names;
    for (const auto& descriptor : settingTable()) {
        if (descriptor.name == name) {
            return descriptor;
        }
        names.append(descriptor.name);
    }
    const QString near = nearest(name, names);
    return usageError(message(QT_TRANSLATE_NOOP("Message", "There is no setting “%1”."), name),
        near.isEmpty()
            ? message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), names.join(u", "_s))
            : message(QT_TRANSLATE_NOOP("Message", "Did you mean %1?"), near));
}

QString kindName(SettingKind kind)
{
    switch (kind) {
    case SettingKind::Text:
        return u"text"_s;
    case SettingKind::Flag:
        return u"flag"_s;
    case SettingKind::Choice:
        return u"choice"_s;
    }
    return {};
}

QJsonObject settingObject(const SettingDescriptor& descriptor, const QString& value)
{
    return {
        { u"name"_s, descriptor.name },
        { u"value"_s, value },
        { u"kind"_s, kindName(descriptor.kind) },
        { u"default"_s, descriptor.defaultValue },
        { u"choices"_s, toArray(descriptor.choices) },
    };
}

CommandResult listSettings(Session& session, const Arguments&)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const Settings settings = storedSettings(**store);
    QJsonArray all;
    std::vector<QStringList> rows;
    for (const auto& descriptor : settingTable()) {
        const auto value = settings.text(descriptor.setting);
        if (!value) {
            return value.error();
        }
        all.append(settingObject(descriptor, *value));
        rows.push_back({ descriptor.name, *value, descriptor.defaultValue });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"settings"_s, all } });
    } else {
        session.out().table({ u"SETTING"_s, u"VALUE"_s, u"DEFAULT"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult showSetting(Session& session, const SettingDescriptor& descriptor)
{
    const auto store = session.store();
    const auto value = store ? storedSettings(**store).text(descriptor.setting) : store.error();
    if (!value) {
        return value.error();
    }
    if (session.out().isJson()) {
        session.out().document(settingObject(descriptor, *value));
    } else {
        session.out().text(*value);
    }
    return ExitCode::Done;
}

CommandResult getSetting(Session& session, const Arguments& arguments)
{
    const auto descriptor = settingNamed(arguments.at(0));
    return descriptor ? showSetting(session, *descriptor) : descriptor.error();
}

CommandResult writeSetting(
    Session& session, const SettingDescriptor& descriptor, const QString& value)
{
    const auto store = session.store();
    const auto written = store
        ? storedSettings(**store).setText(descriptor.setting, value.trimmed())
        : Result<void>(store.error());
    return written ? showSetting(session, descriptor) : CommandResult(written.error());
}

CommandResult setSetting(Session& session, const Arguments& arguments)
{
    const auto descriptor = settingNamed(arguments.at(0));
    return descriptor ? writeSetting(session, *descriptor, arguments.at(1))
                      : CommandResult(descriptor.error());
}

CommandResult resetSetting(Session& session, const Arguments& arguments)
{
    const auto descriptor = settingNamed(arguments.at(0));
    return descriptor ? writeSetting(session, *descriptor, descriptor->defaultValue)
                      : CommandResult(descriptor.error());
}
} // namespace

std::vector<Command> settingsCommands()
{
    const auto one = [](const QString& verb, const QString& arguments, const QString& summary,
                         const QString& example, qsizetype count, auto run) {
        return Command { .noun = u"settings"_s,
            .verb = verb,
            .arguments = arguments,
            .summary = summary,
            .example = u"settings "_s + verb + example,
            .minimumArguments = count,
            .maximumArguments = count,
            .run = run };
    };
    return {
        one(u"list"_s, {}, u"List the settings of the program."_s, {}, 0, listSettings),
        one(u"get"_s, u"SETTING"_s, u"Print the value of a setting."_s, u" administrator_name"_s, 1,
            getSetting),
        one(u"set"_s, u"SETTING VALUE"_s, u"Change a setting, as the window's page does."_s,
            u" administrator_name Grace"_s, 2, setSetting),
        one(u"reset"_s, u"SETTING"_s, u"Take a setting back to its default."_s, u" color_scheme"_s,
            1, resetSetting),
    };
}

} // namespace portreeve::ctl
