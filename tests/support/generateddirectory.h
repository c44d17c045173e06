// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshotbuilder.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace portreeve::test {

/// A large directory as positions in lists, in the order a provider would send it.
struct GeneratedDirectory
{
    using Positions = std::vector<std::uint32_t>;

    std::vector<UserRecord> users {};
    std::vector<GroupRecord> groups {};
    std::vector<Positions> members {}; ///< users by group
    std::vector<Positions> parents {}; ///< groups by group

    void fill(SnapshotBuilder& builder) const; ///< everything proved complete
    SnapshotPtr snapshot() const;
};

/// users.jsonl, groups.jsonl and edges.jsonl as the generator of directories writes them. Everybody
/// is active, as in its published counts. Nothing when a file is missing or laid out otherwise.
std::optional<GeneratedDirectory> readGenerated(const QString& folder);

} // namespace portreeve::test
