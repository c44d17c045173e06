// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

namespace portreeve::policy {

/// What a device's `approved` counts as: false, 0, "" and null are false, all else is true.
bool isTruthy(const Value& value);

/// Data with its shorthand written out and keys in the order the writer uses.
Value expandedData(const Criterion& criterion);

} // namespace portreeve::policy
