// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace portreeve {

/// Settings of the application as a whole; those of one connection lie in Connection.
enum class Setting {
    ColorScheme,
    SyncInBackground,
    KeepInTray, ///< closing the window leaves the program running
    NotifyAboutHolds,
    NotifyAboutFailures, ///< and recoveries
    AdministratorName, ///< of who works here; empty: the login name
};

enum class SettingKind { Text, Flag, Choice };

struct SettingDescriptor
{
    Setting setting = Setting::ColorScheme;
    QString name {}; ///< as stored; never renamed
    SettingKind kind = SettingKind::Text;
    QString defaultValue {};
    std::vector<QString> choices {};
};

const std::vector<SettingDescriptor>& settingTable();
const SettingDescriptor& describe(Setting setting);

/// Where the values lie: two calls on strings, in the program those of Store.
struct SettingAccess
{
    std::function<Result<std::optional<QString>>(const QString& name)> read;
    std::function<Result<void>(const QString& name, const QString& value)> write;
};

/// Typed door to the settings. A stored value that no longer fits its description (a newer version
/// wrote it) counts as not stored, so the default is in force.
class Settings
{
public:
    explicit Settings(SettingAccess access);

    Result<QString> text(Setting setting) const;
    Result<bool> flag(Setting setting) const;

    /// @return InvalidInput naming the setting when the value does not fit; nothing is stored then
    Result<void> setText(Setting setting, const QString& value);
    Result<void> setFlag(Setting setting, bool value);

private:
    SettingAccess m_access;
};

} // namespace portreeve
