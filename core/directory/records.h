// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <cstdint>

namespace portreeve {

/// Row number inside one snapshot, dense from 0.
using Row = std::uint32_t;

inline constexpr Row kNoRow = 0xFFFFFFFFU;

enum class ObjectKind : std::uint8_t { User, Group, Membership };

enum class UserState : std::uint8_t { Active, Suspended };

enum class GroupKind : std::uint8_t { Group, OrgUnit };

/// A person as the provider describes them. Text is trimmed and NFC-normalised by the builder.
struct UserRecord
{
    QString id {}; ///< the provider's immutable id; key within the connection
    QString displayName {};
    QString email {}; ///< empty when the provider does not vouch for it (connectors.md 1.1)
    QString login {}; ///< user name, login or UPN; shown and searched, never a key
    UserState state = UserState::Active;

    friend bool operator==(const UserRecord&, const UserRecord&) = default;
};

struct GroupRecord
{
    QString id {};
    QString name {};
    QString email {};
    GroupKind kind = GroupKind::Group;

    friend bool operator==(const GroupRecord&, const GroupRecord&) = default;
};

enum class MemberKind : std::uint8_t {
    User,
    Group,
    Unknown
}; ///< Unknown: the provider does not say

/// snake_case names as stored, exported and printed in JSON: "user", "suspended", "org_unit".
QString objectKindName(ObjectKind kind);
QString userStateName(UserState state);
QString groupKindName(GroupKind kind);

} // namespace portreeve
