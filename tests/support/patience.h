// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QTest>

namespace portreeve::test {

/// How long a test waits for what must come. A busy machine is slow, not wrong.
inline constexpr int kPatienceMs = 20'000;

} // namespace portreeve::test

#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(expr) QTRY_VERIFY_WITH_TIMEOUT(expr, portreeve::test::kPatienceMs)
#define QTRY_COMPARE(expr, expected)                                                               \
    QTRY_COMPARE_WITH_TIMEOUT(expr, expected, portreeve::test::kPatienceMs)
