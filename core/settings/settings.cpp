// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/settings.h"

#include <QStringList>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
bool fits(const SettingDescriptor& descriptor, const QString& value)
{
    switch (descriptor.kind) {
    case SettingKind::Text:
        return true;
    case SettingKind::Flag:
        return value == u"true" || value == u"false";
    case SettingKind::Choice:
        return std::find(descriptor.choices.begin(), descriptor.choices.end(), value)
            != descriptor.choices.end();
    }
    return false;
}

Message acceptedForms(const SettingDescriptor& descriptor)
{
    switch (descriptor.kind) {
    case SettingKind::Text:
        return {};
    case SettingKind::Flag:
        return message(QT_TRANSLATE_NOOP("Message", "Enter true or false."));
    case SettingKind::Choice:
        return message(QT_TRANSLATE_NOOP("Message", "Use one of these: %1."),
            QStringList(descriptor.choices.begin(), descriptor.choices.end()).join(u", "_s));
    }
    return {};
}
} // namespace

const std::vector<SettingDescriptor>& settingTable()
{
    static const std::vector<SettingDescriptor> table {
        { .setting = Setting::ColorScheme,
            .name = u"color_scheme"_s,
            .kind = SettingKind::Choice,
            .defaultValue = u"desktop"_s,
            .choices = { u"desktop"_s, u"light"_s, u"dark"_s } },
        { .setting = Setting::SyncInBackground,
            .name = u"sync_in_background"_s,
            .kind = SettingKind::Flag,
            .defaultValue = u"true"_s },
        { .setting = Setting::KeepInTray,
            .name = u"keep_in_tray"_s,
            .kind = SettingKind::Flag,
            .defaultValue = u"false"_s },
        { .setting = Setting::NotifyAboutHolds,
            .name = u"notify_about_holds"_s,
            .kind = SettingKind::Flag,
            .defaultValue = u"true"_s },
        { .setting = Setting::NotifyAboutFailures,
            .name = u"notify_about_failures"_s,
            .kind = SettingKind::Flag,
            .defaultValue = u"true"_s },
        { .setting = Setting::AdministratorName, .name = u"administrator_name"_s },
    };
    return table;
}

const SettingDescriptor& describe(Setting setting)
{
    const auto& table = settingTable();
    const auto it = std::find_if(
        table.begin(), table.end(), [&](const auto& entry) { return entry.setting == setting; });
    Q_ASSERT(it != table.end());
    return *it;
}

Settings::Settings(SettingAccess access)
    : m_access(std::move(access))
{
}

Result<QString> Settings::text(Setting setting) const
{
    const auto& descriptor = describe(setting);
    const auto stored = m_access.read(descriptor.name);
    if (!stored) {
        return stored.error();
    }
    return *stored && fits(descriptor, **stored) ? **stored : descriptor.defaultValue;
}

Result<bool> Settings::flag(Setting setting) const
{
    Q_ASSERT(describe(setting).kind == SettingKind::Flag);
    const auto value = text(setting);
    if (!value) {
        return value.error();
    }
    return *value == u"true";
}

Result<void> Settings::setText(Setting setting, const QString& value)
{
    const auto& descriptor = describe(setting);
    if (!fits(descriptor, value)) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "The setting %1 cannot be %2."),
                descriptor.name, value),
            .remedy = acceptedForms(descriptor),
            .field = descriptor.name };
    }
    return m_access.write(descriptor.name, value);
}

Result<void> Settings::setFlag(Setting setting, bool value)
{
    return setText(setting, value ? u"true"_s : u"false"_s);
}

} // namespace portreeve
