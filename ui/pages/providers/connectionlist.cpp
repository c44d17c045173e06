// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionlist.h"

#include "ui/models/appcontext.h"
#include "ui/models/connectionwatch.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/timetext.h"

namespace portreeve {

std::vector<StateList::Entry> connectionEntries(const AppContext& context)
{
    std::vector<StateList::Entry> entries;
    const auto now = context.clock.nowUtc();
    for (const Connection& connection : context.connections.connections()) {
        const ConnectionState state = context.connections.shownState(connection);
        entries.push_back({ .id = connection.id,
            .name = connection.name,
            .state = connectionStateText(state),
            .note = scheduleText(connection, now, context.sync.isPaused()),
            .icon = connectionStateIcon(state) });
    }
    return entries;
}

} // namespace portreeve
