// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/focusreturn.h"

#include <QEvent>

namespace portreeve {

FocusReturn::FocusReturn(QWidget* button)
    : QObject(button)
    , m_button(button)
{
    button->installEventFilter(this);
}

bool FocusReturn::eventFilter(QObject* watched, QEvent* event)
{
    // The focus has moved on before either event is sent.
    QWidget* const now = m_button->window()->focusWidget();
    if (event->type() == QEvent::FocusOut && !m_button->isEnabled()) {
        m_movedTo = now;
    } else if (event->type() == QEvent::EnabledChange && m_button->isEnabled()) {
        if (m_movedTo != nullptr && m_movedTo == now && m_button->isVisible()) {
            m_button->setFocus(Qt::OtherFocusReason);
        }
        m_movedTo = nullptr;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace portreeve
