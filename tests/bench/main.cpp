// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/bench.h"

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    return portreeve::bench::run(application);
}
