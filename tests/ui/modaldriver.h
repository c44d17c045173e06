// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/patience.h"

#include <QDialog>

#include <functional>

namespace portreeve::test {

/// Waits for the dialog called @p objectName over @p window and answers it. Production code carries
/// no hooks for this: dialogs are opened, never run in a loop.
/// @return false when no such dialog came
inline bool answerDialog(
    QWidget& window, const QString& objectName, const std::function<void(QDialog& dialog)>& answer)
{
    QDialog* dialog = nullptr;
    const bool came = QTest::qWaitFor(
        [&] {
            const auto all = window.findChildren<QDialog*>(objectName);
            for (auto* candidate : all) {
                if (candidate->isVisible()) {
                    dialog = candidate;
                }
            }
            return dialog != nullptr;
        },
        kPatienceMs);
    if (came) {
        answer(*dialog);
    }
    return came;
}

/// Clicks the button called @p name.
inline bool clickButton(QWidget& parent, const QString& name)
{
    auto* button = parent.findChild<QWidget*>(name);
    if (button == nullptr || !button->isVisible() || !button->isEnabled()) {
        return false;
    }
    QTest::mouseClick(button, Qt::LeftButton);
    return true;
}

} // namespace portreeve::test
