// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshot.h"

namespace portreeve::test {

/// The only group of that name, or kNoRow.
inline Row groupNamed(const Snapshot& snapshot, const QString& name)
{
    Row found = kNoRow;
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        if (snapshot.group(group).name == name) {
            if (found != kNoRow) {
                return kNoRow;
            }
            found = group;
        }
    }
    return found;
}

/// The first user of that login, or kNoRow.
inline Row userNamed(const Snapshot& snapshot, const QString& login)
{
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        if (snapshot.user(user).login == login) {
            return user;
        }
    }
    return kNoRow;
}

} // namespace portreeve::test
