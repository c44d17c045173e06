// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QStringList>

#include <vector>

class QMainWindow;
class QWidget;

namespace portreeve::test {

/// Widgets a person can put the focus on; the inner parts of boxes belong to the box.
std::vector<QWidget*> inputsOf(const QWidget& root);

/// "MainWindow(mainWindow) ... QPushButton(apply) "
QString describeWidget(const QWidget& widget);

/// Inputs of @p root that a screen reader has no name for.
QStringList namelessInputs(const QWidget& root);

/// Letters that Alt with them would not know what to do with: menus, buttons, labels and tabs of
/// @p window that are on the screen now, each with whoever has it.
QStringList sharedLetters(const QMainWindow& window);

/// Goes once around @p window by Tab: which inputs of @p root it never reaches, and where it goes
/// against the reading order (up, or left on the same line).
QStringList tabProblems(QWidget& window, const QWidget& root);

} // namespace portreeve::test
