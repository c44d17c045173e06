// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/entry.h"
#include "core/connectors/ldap/settings.h"
#include "core/directory/records.h"

#include <optional>

namespace portreeve::ldap {

/// Attributes a search for users has to ask for.
std::vector<QByteArray> userAttributes(const Settings& settings);
std::vector<QByteArray> groupAttributes(const Settings& settings);

/// Its id is empty when the entry has no usable value in the id attribute.
UserRecord userFrom(const Entry& entry, const Settings& settings, bool disabled);
GroupRecord groupFrom(const Entry& entry, const Settings& settings);

/// Whether servers give the attribute to every entry by themselves, so that a missing value means
/// that the account may not read it.
bool isServerGiven(const QByteArray& idAttribute);

/// Member values of one attribute of a group, and where they go on when the server sent only a
/// part of them (range retrieval, win32-docs "Searching Using Range Retrieval").
struct MemberValues
{
    const std::vector<QByteArray>* values = nullptr;
    std::optional<int> next {}; ///< index of the first value that is still missing
};

/// The values of @p attribute, also when they come as "member;range=0-1499".
MemberValues memberValues(const Entry& entry, const QByteArray& attribute);

/// "member;range=1500-*", or up to 1500 + @p step - 1 when a step is given.
QByteArray rangeAttribute(const QByteArray& attribute, int first, int step = 0);

} // namespace portreeve::ldap
