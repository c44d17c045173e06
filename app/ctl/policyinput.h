// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/policy/parser.h"

#include <QString>

namespace portreeve::ctl {

/// The policy in a file, or on standard input for "-".
/// @return InvalidInput naming file, line and column of the first error
Result<policy::Policy> readPolicy(const QString& file, policy::Entry entry);

} // namespace portreeve::ctl
