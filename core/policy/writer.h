// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/policy/model.h"

#include <QByteArray>

namespace portreeve::policy {

enum class Format { Yaml, Json };

/// Canonical text of the policy's normal form (policy.md 3).
/// @return InvalidInput for what no proxy may be given: semantic or type errors, keys over 1,024
/// characters
Result<QByteArray> writePolicy(const Policy& policy, Format format = Format::Yaml);

} // namespace portreeve::policy
