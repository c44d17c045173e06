// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/runtask.h"
#include "core/settings/connection.h"

namespace portreeve {

struct AppContext;

/// What a form changed about a connection; one without an id is new.
struct ConnectionEdit
{
    Connection connection {};
    QHash<QString, QString> typedSecrets {}; ///< by field
    std::vector<QString> removedSecrets {};
};

/// What would go with a connection.
struct RemovalImpact
{
    std::int64_t users = 0;
    std::int64_t groups = 0;
    std::vector<QString> policies {}; ///< names of policies that name one of its groups
    std::vector<QString> protectedUsers {}; ///< ids of those no sync may remove (G7)
};

/// All of these work on a worker thread and answer there; take the answer with then(context, ...).
/// When a secret cannot be stored, nothing is changed, or the error names what could not be put
/// back.
QFuture<Result<Connection>> storeConnection(const AppContext& context, ConnectionEdit edit);

/// @param protectedUsers  shown to the administrator before; Held when there are others
QFuture<Result<void>> removeConnection(const AppContext& context, const Connection& connection,
    const std::vector<QString>& protectedUsers = {});
QFuture<Result<void>> disableConnection(const AppContext& context, const QString& connectionId);
QFuture<Result<RemovalImpact>> removalImpact(
    const AppContext& context, const QString& connectionId);

} // namespace portreeve
