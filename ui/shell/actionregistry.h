// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>

#include <functional>
#include <vector>

namespace portreeve {

/// Every action of the window, registered once by object name: menus, the command palette and the
/// list of shortcuts are made from here.
class ActionRegistry final : public QObject
{
    Q_OBJECT

public:
    struct Spec
    {
        QString name {}; ///< object name, stable: "syncAll"
        QString text {}; ///< with a mnemonic, as in the menu
        QString icon {};
        QKeySequence shortcut {};
        bool checkable = false;
    };

    explicit ActionRegistry(QWidget* owner);

    /// The action is added to the owner, so its shortcut works in the whole window. Names and
    /// shortcuts must be new.
    QAction* add(const Spec& spec, std::function<void()> triggered);

    QAction* find(const QString& name) const; ///< null when there is none

    const std::vector<QAction*>& actions() const { return m_actions; } ///< in order of registration

private:
    QWidget* m_owner;
    std::vector<QAction*> m_actions;
};

} // namespace portreeve
