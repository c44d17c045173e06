// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"

#include <QString>
#include <QTest>

#include <map>
#include <string>

namespace portreeve::test {

namespace {
std::map<std::string, TestFactory>& registry()
{
    static std::map<std::string, TestFactory> tests;
    return tests;
}
} // namespace

bool registerTest(const char* name, TestFactory factory)
{
    return registry().emplace(name, std::move(factory)).second;
}

int runTests(int argc, char** argv)
{
    const std::string wanted = argc > 1 ? argv[1] : "";
    int failures = 0;
    bool found = false;
    for (const auto& [name, factory] : registry()) {
        if (!wanted.empty() && wanted.front() != '-' && name != wanted) {
            continue;
        }
        found = true;
        const bool named = !wanted.empty() && wanted.front() != '-';
        QStringList arguments { QString::fromLocal8Bit(argv[0]) };
        for (int i = named ? 2 : 1; i < argc; ++i) {
            arguments.append(QString::fromLocal8Bit(argv[i]));
        }
        failures += QTest::qExec(factory().get(), arguments);
    }
    if (!found) {
        qCritical("no test class of that name");
        return 1;
    }
    return failures;
}

} // namespace portreeve::test
