// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"

#include <QByteArrayView>
#include <QStringView>

#include <optional>

namespace portreeve::ldap {

/// @p value as it may stand in a filter: * ( ) \ and NUL as \2a \28 \29 \5c \00 (RFC 4515).
QByteArray escapeFilterValue(QByteArrayView value);

struct FilterFault
{
    qsizetype position = 0; ///< from 0, in characters
    Message what {};
};

/// The first place at which @p filter is no filter of RFC 4515, or nothing.
std::optional<FilterFault> findFilterFault(QStringView filter);

/// (&(a)(b)); just @p a when @p b is empty.
QByteArray bothFilters(const QByteArray& a, const QByteArray& b);

} // namespace portreeve::ldap
