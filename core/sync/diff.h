// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/directory/changeset.h"

namespace portreeve {

/// What turns @p before into @p after. Pure. Matches by provider id, never by name or email.
/// Nothing is removed that @p after does not prove absent: objects need their complete collection,
/// an edge needs its group's complete member list and a member that was read (or a complete
/// collection it is missing from); quarantined records keep their stored copy. With an object all
/// its edges go.
ChangeSet diffSnapshots(SnapshotPtr before, SnapshotPtr after);

} // namespace portreeve
