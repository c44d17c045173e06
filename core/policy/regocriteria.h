// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/policy/model.h"

#include <QStringList>

#include <cstdint>
#include <vector>

namespace portreeve::policy {

/// Named parts of a Rego module that criteria share; each is written once, in this order.
enum class RegoPart : std::uint8_t {
    OneOf,
    Session,
    UserId,
    User,
    DirectoryUser,
    Email,
    Domain,
    Claims,
    Device,
    Certificate,
};

/// What a rule yields when all its conditions hold: "[true, {"user-ok"}, {}]".
struct RegoOutcome
{
    QString value {};
    QStringList conditions {}; ///< none: always
};

/// One criterion: its outcomes in the order they are tried. The last one always applies.
struct RegoCriterion
{
    std::vector<RegoOutcome> outcomes {};
    std::vector<RegoPart> parts {}; ///< that the conditions name, without what those need
};

/// @param criterion  in normal form and free of errors (checkPolicy)
/// @return InvalidInput for values that cannot be written exactly
Result<RegoCriterion> regoCriterion(const Criterion& criterion);

/// Text of a part, and what it needs itself.
QString regoPart(RegoPart part);
std::vector<RegoPart> partsBehind(RegoPart part);

} // namespace portreeve::policy
