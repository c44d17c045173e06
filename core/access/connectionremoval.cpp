// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/connectionremoval.h"

#include "core/access/groupreferences.h"
#include "core/access/storedaccess.h"
#include "core/policy/parser.h"
#include "core/store/store.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::access {

namespace {

std::vector<QString> activeAdministrators(const ConnectionDirectory& directory)
{
    std::vector<QString> names;
    const Snapshot& snapshot = *directory.snapshot;
    for (const QString& id : directory.protectedUsers) {
        const Row row = snapshot.findUser(id);
        if (row != kNoRow && snapshot.userState(row) == UserState::Active) {
            const QString name = snapshot.userNames().text(row);
            names.push_back(name.isEmpty() ? id : name);
        }
    }
    return names;
}

bool namesAny(const StoredPolicy& stored, const QSet<QString>& groups)
{
    const auto parsed = policy::parsePolicy(stored.text.toUtf8());
    const auto ids = parsed.policy ? referencedGroupIds(*parsed.policy) : std::vector<QString>();
    return std::ranges::any_of(ids, [&](const QString& id) { return groups.contains(id); });
}

} // namespace

Result<ConnectionRemoval> connectionRemoval(Store& store, const Connection& connection)
{
    const auto before = storedMoment(store);
    const auto connections = store.connections().list();
    if (!before || !connections) {
        return before ? connections.error() : before.error();
    }
    AccessMoment after = *before;
    ConnectionRemoval out;
    bool othersHaveAdministrators = false;
    for (const auto& directory : before->view.connections) {
        auto administrators = activeAdministrators(directory);
        if (directory.connectionId != connection.id) {
            othersHaveAdministrators = othersHaveAdministrators || !administrators.empty();
            continue;
        }
        out.users = directory.snapshot->userCount();
        out.groups = directory.snapshot->groupCount();
        out.lastAdministrators = std::move(administrators);
        const ExportedGroups groups(before->view, {});
        const auto ids = groupIds(*directory.snapshot, groups.naming(connection.id));
        for (const auto& policy : before->rules.policies) {
            if (namesAny(policy, ids)) {
                out.policies.push_back(policy.name);
            }
        }
    }
    if (othersHaveAdministrators) {
        out.lastAdministrators.clear();
    }
    std::erase_if(after.view.connections, [&](const ConnectionDirectory& directory) {
        return directory.connectionId == connection.id;
    });
    out.access = compareAccess(*before, after, *connections);
    return out;
}

Result<void> mayRemove(const ConnectionRemoval& removal, const Connection& connection)
{
    if (removal.lastAdministrators.empty()) {
        return {};
    }
    const QStringList names(removal.lastAdministrators.begin(), removal.lastAdministrators.end());
    return Error { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "“%1” cannot be removed: the last administrators who must stay would "
                            "go with it: %2."),
            connection.name, names.join(u", "_s)),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Protect an administrator of another connection, or take the protection of these "
            "away.")) };
}

} // namespace portreeve::access
