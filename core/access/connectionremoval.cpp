// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/connectionremoval.h"

#include "core/access/groupreferences.h"
#include "core/access/storedaccess.h"
#include "core/store/store.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::access {

Result<ConnectionRemoval> connectionRemoval(Store& store, const Connection& connection)
{
    const auto before = storedMoment(store);
    const auto connections = store.connections().list();
    auto kept = store.directory().protectedUsers(connection.id);
    if (!before || !connections || !kept) {
        return !before ? before.error() : !connections ? connections.error() : kept.error();
    }
    AccessMoment after = *before;
    ConnectionRemoval out { .protectedUsers = *std::move(kept) };
    for (const auto& directory : before->view.connections) {
        if (directory.connectionId != connection.id) {
            continue;
        }
        out.users = directory.snapshot->userCount();
        out.groups = directory.snapshot->groupCount();
        const ExportedGroups groups(before->view, {});
        const auto ids = groupIds(*directory.snapshot, groups.naming(connection.id));
        for (const auto& policy : policiesNaming(before->rules.policies, ids)) {
            out.policies.push_back(policy.name);
        }
    }
    std::erase_if(after.view.connections, [&](const ConnectionDirectory& directory) {
        return directory.connectionId == connection.id;
    });
    out.access = compareAccess(*before, after, *connections);
    return out;
}

} // namespace portreeve::access
