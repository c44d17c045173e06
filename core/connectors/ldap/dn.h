// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>

#include <optional>

namespace portreeve::ldap {

/// One spelling for every way to write a DN: attribute types by their short lower-case names,
/// values case-folded with single blanks, escapes in one form, the parts of a multi-valued RDN in
/// order. For comparison only. Nothing when @p dn is no DN of RFC 4514.
std::optional<QByteArray> normalizedDn(const QByteArray& dn);

/// @p dn without its first part; empty at the top.
QByteArray parentDn(const QByteArray& dn);

/// The value of the first part as it is written: "North" of "OU=North,DC=example,DC=org".
QByteArray leafName(const QByteArray& dn);

/// A value of uniqueMember without its optional unique id ("...#'0101'B").
QByteArray withoutUniqueId(const QByteArray& value);

} // namespace portreeve::ldap
