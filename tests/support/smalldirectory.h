// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/directorystore.h"

#include <utility>
#include <vector>

namespace portreeve::test {

/// A directory of a few lines, for tests that need names rather than numbers.
struct SmallDirectory
{
    std::vector<UserRecord> users {};
    std::vector<GroupRecord> groups {};
    std::vector<std::pair<QString, QString>> members {}; ///< group id, member id

    SnapshotPtr snapshot() const;
    ClosurePtr closure() const;

    /// As one connection of a view, committed once.
    ConnectionDirectory connection(const QString& id) const;
};

UserRecord person(const QString& id, const QString& email = {});
GroupRecord group(const QString& id, const QString& name);

/// Ann in engineering (part of staff), Bob in staff, Cid suspended in engineering, Dee in nothing
/// and without an address.
SmallDirectory staffDirectory();

} // namespace portreeve::test
