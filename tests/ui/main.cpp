// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"

#include <QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("portreeve"));
    QApplication::setStyle(QStringLiteral("Fusion"));
    return portreeve::test::runTests(argc, argv);
}
