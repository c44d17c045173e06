// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QStringList>

#include <vector>

class QWidget;

namespace portreeve::test {

/// Widgets a person can put the focus on; the inner parts of boxes belong to the box.
std::vector<QWidget*> inputsOf(const QWidget& root);

/// "MainWindow(mainWindow) ... QPushButton(apply) "
QString describeWidget(const QWidget& widget);

/// Inputs of @p root that a screen reader has no name for.
QStringList namelessInputs(const QWidget& root);

/// Goes once around @p window by Tab: which inputs of @p root it never reaches, and where it goes
/// against the reading order (up, or left on the same line).
QStringList tabProblems(QWidget& window, const QWidget& root);

} // namespace portreeve::test
