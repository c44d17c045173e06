// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QIcon>
#include <QListWidget>

#include <vector>

namespace portreeve {

/// A short list of things that have a state: its mark, the name, and a dimmer second line.
class StateList final : public QListWidget
{
    Q_OBJECT

public:
    struct Entry
    {
        QString id {};
        QString name {};
        QString state {}; ///< in a word or two
        QString note {}; ///< behind the state
        QIcon icon {};
    };

    explicit StateList(QWidget* parent = nullptr);

    /// Keeps the current entry; tells of another one by currentRowChanged().
    void setEntries(const std::vector<Entry>& entries);

    QString currentId() const;
    void setCurrentId(const QString& id);
};

} // namespace portreeve
