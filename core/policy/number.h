// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <optional>

namespace portreeve::policy {

/// Whether two decimal number texts have exactly the same value, whatever their spelling or size.
bool sameNumber(QStringView a, QStringView b);

/// The shortest text that reads back to the same double, spelled as the proxy's JSON encoder does:
/// plain between 1e-6 and 1e21, else with an exponent.
QString numberText(double value);

/// Nearest double of a decimal text without sign of plus; nothing beyond the range of double.
std::optional<double> toDouble(QStringView text);

} // namespace portreeve::policy
