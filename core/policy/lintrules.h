// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/lint.h"

namespace portreeve::policy {

/// Collects findings; shared by the parts of the lint.
class Findings
{
public:
    void add(Severity severity, QStringView section, Position at, Message what, Message fix);

    std::vector<Diagnostic> take(); ///< by position

private:
    std::vector<Diagnostic> m_all;
};

/// Values that can never match, and values that mean something else than they seem (7.3, 7.5).
void lintValues(const Criterion& criterion, const LintContext& context, Findings& out);

/// Availability on the target, and what does not work as it reads there (7.6, 7.8, 7.10).
void lintTarget(
    const Criterion& criterion, Action action, const LintContext& context, Findings& out);

/// "groups", "claim/dept"
QString criterionKey(const Criterion& criterion);

} // namespace portreeve::policy
