// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/snapshot.h"

namespace portreeve::bench {

/// Bytes any way of flattening must at least read and write: direct rows and their offsets in, all
/// pairs and their offsets out.
inline std::uint64_t flattenedTraffic(const Snapshot& snapshot, std::uint64_t pairs)
{
    const std::uint64_t users = snapshot.userCount();
    return (snapshot.userMembershipCount() + users + pairs) * sizeof(Row)
        + users * sizeof(std::uint64_t);
}

} // namespace portreeve::bench
