// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/settingswatch.h"

#include "core/store/storedsettings.h"

namespace portreeve {

SettingsWatch::SettingsWatch(StoreWorker& store, QObject* parent)
    : QObject(parent)
    , m_store(store)
{
}

void SettingsWatch::load()
{
    using Values = std::map<Setting, QString>;
    m_setSince.clear();
    m_store
        .run([](Store& store) -> Result<Values> {
            const Settings settings = storedSettings(store);
            Values values;
            for (const auto& row : settingTable()) {
                const auto value = settings.text(row.setting);
                if (!value) {
                    return value.error();
                }
                values[row.setting] = *value;
            }
            return values;
        })
        .then(this, [this](const Result<Values>& values) {
            if (!values) {
                emit failed(values.error());
                return;
            }
            for (const auto& [setting, value] : *values) {
                // What was set while they were read is newer.
                if (!m_setSince.contains(setting)) {
                    m_values[setting] = value;
                }
            }
            emit loaded();
        });
}

QString SettingsWatch::text(Setting setting) const
{
    const auto found = m_values.find(setting);
    return found == m_values.end() ? describe(setting).defaultValue : found->second;
}

void SettingsWatch::set(Setting setting, const QString& value)
{
    const QString before = text(setting);
    if (value == before) {
        return;
    }
    m_values[setting] = value;
    m_setSince.insert(setting);
    emit changed(setting);
    m_store
        .run([setting, value](
                 Store& store) { return storedSettings(store).setText(setting, value); })
        .then(this, [this, setting, before](const Result<void>& stored) {
            if (!stored) {
                m_values[setting] = before;
                emit changed(setting);
                emit failed(stored.error());
            }
        });
}

} // namespace portreeve
