// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/connectionremoval.h"
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

/// All of these work on a worker thread and answer there; take the answer with then(context, ...).
/// When a secret cannot be stored, nothing is changed, or the error names what could not be put
/// back.
QFuture<Result<Connection>> storeConnection(const AppContext& context, ConnectionEdit edit);

/// @param protectedUsers  shown to the administrator before; Held when there are others
QFuture<Result<void>> removeConnection(const AppContext& context, const Connection& connection,
    const std::vector<QString>& protectedUsers = {});
QFuture<Result<void>> disableConnection(const AppContext& context, const QString& connectionId);
QFuture<Result<access::ConnectionRemoval>> connectionRemoval(
    const AppContext& context, const Connection& connection);

} // namespace portreeve
