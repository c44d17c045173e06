// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/focusreturn.h"

#include <QEvent>

namespace portreeve {

FocusReturn::FocusReturn(const std::vector<QWidget*>& buttons, QObject* parent)
    : QObject(parent)
{
    for (auto* button : buttons) {
        button->installEventFilter(this);
    }
}

bool FocusReturn::eventFilter(QObject* watched, QEvent* event)
{
    auto* button = static_cast<QWidget*>(watched);
    // The focus has moved on before either event is sent.
    QWidget* const now = button->window()->focusWidget();
    if (event->type() == QEvent::FocusOut && !button->isEnabled()) {
        if (m_from == nullptr || m_movedTo != button) {
            m_from = button;
        }
        m_movedTo = now;
    } else if (event->type() == QEvent::EnabledChange && button->isEnabled() && m_from == button) {
        if (m_movedTo != nullptr && m_movedTo == now && button->isVisible()) {
            button->setFocus(Qt::OtherFocusReason);
        }
        m_from = nullptr;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace portreeve
