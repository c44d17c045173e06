// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

#include <QString>

#include <optional>

namespace portreeve::policy {

/// The typed value of an unquoted YAML scalar as the proxy's YAML reader sees it (policy.md 1.2).
/// @return nothing for infinities and not-a-number, which have no JSON form
std::optional<Value> resolvePlainScalar(const QString& text);

/// The value of a scalar with a tag or quotes. @p tag is the resolved tag or empty.
/// @return nothing when the tag does not allow the text
std::optional<Value> resolveScalar(const QString& text, bool plain, const QString& tag);

} // namespace portreeve::policy
