// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/actionregistry.h"

#include "ui/theme/theme.h"

#include <QWidget>

#include <algorithm>

namespace portreeve {

ActionRegistry::ActionRegistry(QWidget* owner)
    : QObject(owner)
    , m_owner(owner)
{
}

QAction* ActionRegistry::add(const Spec& spec, std::function<void()> triggered)
{
    Q_ASSERT(find(spec.name) == nullptr);
    Q_ASSERT(spec.shortcut.isEmpty()
        || std::none_of(m_actions.begin(), m_actions.end(),
            [&spec](const QAction* other) { return other->shortcut() == spec.shortcut; }));
    auto* action = new QAction(spec.text, m_owner);
    action->setObjectName(spec.name);
    action->setShortcut(spec.shortcut);
    action->setCheckable(spec.checkable);
    if (!spec.icon.isEmpty()) {
        action->setIcon(theme::icon(spec.icon));
    }
    connect(action, &QAction::triggered, this, [triggered = std::move(triggered)] { triggered(); });
    m_owner->addAction(action);
    m_actions.push_back(action);
    return action;
}

QAction* ActionRegistry::find(const QString& name) const
{
    const auto found = std::find_if(m_actions.begin(), m_actions.end(),
        [&name](const QAction* action) { return action->objectName() == name; });
    return found == m_actions.end() ? nullptr : *found;
}

} // namespace portreeve
