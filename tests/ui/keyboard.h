// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/patience.h"

#include <QApplication>
#include <QDebug>
#include <QWidget>

namespace portreeve::test {

/// Presses Tab until @p wanted has the focus, as a person without a mouse would.
/// @return false when Tab never gets there
inline bool tabTo(QWidget& window, const QWidget* wanted)
{
    constexpr int mostPresses = 300;
    window.activateWindow();
    // To Qt a dialog counts as active already when the window it is for is.
    const bool isActive = QTest::qWaitFor(
        [&window] { return QApplication::activeWindow() == window.window(); }, kPatienceMs);
    if (wanted == nullptr || !isActive) {
        return false;
    }
    for (int press = 0; press < mostPresses; ++press) {
        QWidget* at = QApplication::focusWidget();
        if (at == wanted) {
            return true;
        }
        const bool isInside = at != nullptr && at->window() == window.window();
        QTest::keyClick(isInside ? at : &window, Qt::Key_Tab);
    }
    const QWidget* at = QApplication::focusWidget();
    qWarning() << "Tab never reached" << wanted << "the focus is at" << at << "in"
               << (at != nullptr ? at->window() : nullptr);
    return false;
}

inline bool tabTo(QWidget& window, const QString& objectName)
{
    return tabTo(window, window.findChild<QWidget*>(objectName));
}

/// Tabs to a button or box and presses Space, once it may be pressed.
inline bool pressByKeyboard(QWidget& window, QWidget* button)
{
    const bool isReady = button != nullptr
        && QTest::qWaitFor(
            [button] { return button->isVisible() && button->isEnabled(); }, kPatienceMs);
    if (!isReady || !tabTo(window, button)) {
        return false;
    }
    QTest::keyClick(button, Qt::Key_Space);
    return true;
}

inline bool pressByKeyboard(QWidget& window, const QString& objectName)
{
    return pressByKeyboard(window, window.findChild<QWidget*>(objectName));
}

/// Tabs to the line called @p objectName and types @p text in place of what is there.
inline bool typeByKeyboard(QWidget& window, const QString& objectName, const QString& text)
{
    if (!tabTo(window, objectName)) {
        return false;
    }
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), text);
    return true;
}

} // namespace portreeve::test
