// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/settings.h"
#include "core/store/storeworker.h"

#include <QObject>

#include <map>
#include <set>

namespace portreeve {

/// The application settings as last read, and the door to change them. Reads and writes happen on
/// the store's thread.
class SettingsWatch final : public QObject
{
    Q_OBJECT

public:
    explicit SettingsWatch(StoreWorker& store, QObject* parent = nullptr);

    void load(); ///< answers by loaded() or failed()

    QString text(Setting setting) const; ///< the default until loaded

    bool flag(Setting setting) const { return text(setting) == u"true"; }

    /// In force at once; taken back with failed() when it cannot be stored.
    void set(Setting setting, const QString& value);

signals:
    void loaded();
    void changed(portreeve::Setting setting);
    void failed(const portreeve::Error& error);

private:
    StoreWorker& m_store;
    std::map<Setting, QString> m_values;
    std::set<Setting> m_setSince; // the values were last asked for
};

} // namespace portreeve
