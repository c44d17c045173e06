// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/theme/outlinedstyle.h"

#include <QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("portreeve"));
    QApplication::setStyle(new portreeve::theme::OutlinedStyle);
    return portreeve::test::runTests(argc, argv);
}
