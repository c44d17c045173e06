// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <optional>

namespace portreeve::policy {

/// The first code point of @p text that the proxy cannot compile inside a rule (policy.md 7.9): it
/// prints Go escapes, of which its rule compiler refuses \x.., \a, \v and \U........
std::optional<char32_t> firstUnprintable(QStringView text);

} // namespace portreeve::policy
