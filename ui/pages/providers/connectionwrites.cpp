// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionwrites.h"

#include "core/settings/secretchanges.h"
#include "core/store/storedsettings.h"
#include "ui/models/appcontext.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Result<Connection> storeBlocking(StoreWorker& store, SecretStore& secrets, ConnectionEdit edit)
{
    const bool isNew = edit.connection.id.isEmpty();
    if (isNew) {
        auto added = store
                         .run([connection = edit.connection](
                                  Store& open) { return open.connections().add(connection); })
                         .result();
        if (!added) {
            return added;
        }
        edit.connection = std::move(*added);
    }
    const Connection& connection = edit.connection;
    // What goes wrong is told of the connection as it is still called.
    const auto stored
        = store.run([id = connection.id](Store& open) { return open.connections().byId(id); })
              .result();
    SecretChanges changes(secrets, connection.id, stored ? stored->name : connection.name);
    const SecretsEdit secretEdit { .typed = edit.typedSecrets, .removed = edit.removedSecrets };
    auto done = changes.make(secretEdit);
    if (done) {
        edit.connection.storedSecrets = secretsAfter(connection.storedSecrets, secretEdit);
        const auto replaced = isNew ? std::vector<QString>() : fieldsOf(edit.typedSecrets);
        done = store
                   .run([connection, replaced](Store& open) {
                       return open.connections().updateSettings(connection, replaced);
                   })
                   .result();
    }
    if (done) {
        return edit.connection;
    }
    Error refused = changes.takeBack(done.error());
    if (isNew) {
        const auto removed
            = store.run([id = connection.id](Store& open) { return open.connections().remove(id); })
                  .result();
        Q_UNUSED(removed) // the first error is the one to tell
    }
    return refused;
}

Result<void> removeBlocking(StoreWorker& store, SecretStore& secrets, const Connection& connection,
    const std::vector<QString>& protectedUsers)
{
    const SecretOwner owner {
        .id = connection.id, .name = connection.name, .stored = connection.storedSecrets
    };
    return removeWithSecrets(secrets, owner, [&store, &id = connection.id, &protectedUsers] {
        return store
            .run([id, protectedUsers](Store& open) {
                return open.connections().remove(
                    id, { .protectedUsers = protectedUsers, .actor = currentActor(open) });
            })
            .result();
    });
}

} // namespace

QFuture<Result<Connection>> storeConnection(const AppContext& context, ConnectionEdit edit)
{
    return runTask(context.workers,
        [&store = context.store, &secrets = context.secrets, edit = std::move(edit)]() {
            return storeBlocking(store, secrets, edit);
        });
}

QFuture<Result<void>> removeConnection(const AppContext& context, const Connection& connection,
    const std::vector<QString>& protectedUsers)
{
    return runTask(context.workers,
        [&store = context.store, &secrets = context.secrets, connection, protectedUsers] {
            return removeBlocking(store, secrets, connection, protectedUsers);
        });
}

QFuture<Result<void>> disableConnection(const AppContext& context, const QString& connectionId)
{
    return context.store.run(
        [connectionId](Store& store) { return store.connections().disable(connectionId); });
}

QFuture<Result<access::ConnectionRemoval>> connectionRemoval(
    const AppContext& context, const Connection& connection)
{
    return context.store.run(
        [connection](Store& store) { return access::connectionRemoval(store, connection); });
}

} // namespace portreeve
