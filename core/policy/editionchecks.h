// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/parser.h"

namespace portreeve::policy {

/// Appends what is wrong with the data of "date", "day_of_week", "time_of_day" or "record". Their
/// compilers are not public: what policy.md 4.6 does not name is refused rather than guessed at.
void checkEditionCriterion(const Criterion& criterion, std::vector<Diagnostic>& out);

} // namespace portreeve::policy
