// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/theme/outlinedstyle.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>

int main(int argc, char** argv)
{
    QStandardPaths::setTestModeEnabled(true); // column widths and the like stay out of the way
    QApplication application(argc, argv);
    QApplication::setStyle(new portreeve::theme::OutlinedStyle);
    QApplication::setOrganizationName(QStringLiteral("portreeve-tests"));
    QSettings().clear(); // of an earlier run
    return portreeve::test::runTests(argc, argv);
}
