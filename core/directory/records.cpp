// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/records.h"

using namespace Qt::StringLiterals;

namespace portreeve {

QString objectKindName(ObjectKind kind)
{
    switch (kind) {
    case ObjectKind::User:
        return u"user"_s;
    case ObjectKind::Group:
        return u"group"_s;
    case ObjectKind::Membership:
        return u"membership"_s;
    }
    return {};
}

QString userStateName(UserState state)
{
    switch (state) {
    case UserState::Active:
        return u"active"_s;
    case UserState::Suspended:
        return u"suspended"_s;
    }
    return {};
}

QString groupKindName(GroupKind kind)
{
    switch (kind) {
    case GroupKind::Group:
        return u"group"_s;
    case GroupKind::OrgUnit:
        return u"org_unit"_s;
    }
    return {};
}

} // namespace portreeve
