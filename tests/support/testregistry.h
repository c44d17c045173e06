// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace portreeve::test {

using TestFactory = std::function<std::unique_ptr<QObject>()>;

/// Names a test class for the program's command line: `portreeve_tests_core <class> [Qt Test
/// options]`.
bool registerTest(const char* name, TestFactory factory);

/// Runs the class named by argv[1]; without a name runs all. @return Qt Test's exit code
int runTests(int argc, char** argv);

/// Put one at the end of each test file: `static const bool kRegistered =
/// registerTestClass<TstDuration>("duration");`
template <typename Class> bool registerTestClass(const char* name)
{
    return registerTest(name, [] { return std::make_unique<Class>(); });
}

} // namespace portreeve::test
