// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/writer.h"

namespace portreeve::policy {

/// A list or mapping in the canonical style of policies (policy.md 3): block style, every text in
/// double quotes and on one line, keys in the order of the value.
/// @return InvalidInput for keys over 1,024 characters and for numbers no proxy reads back exactly
Result<QByteArray> printValue(const Value& value, Format format);

/// The policy as the plain value that is printed.
Value policyValue(const Policy& policy);

} // namespace portreeve::policy
