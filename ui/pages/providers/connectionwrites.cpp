// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionwrites.h"

#include "core/settings/secretchanges.h"
#include "ui/shell/appcontext.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

SecretName nameOf(const Connection& connection, const QString& field)
{
    return { .connectionId = connection.id, .connectionName = connection.name, .field = field };
}

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
    SecretChanges changes(secrets, connection.id, connection.name);
    const SecretsEdit secretEdit { .typed = edit.typedSecrets, .removed = edit.removedSecrets };
    auto done = changes.make(secretEdit);
    if (done) {
        edit.connection.storedSecrets = secretsAfter(connection.storedSecrets, secretEdit);
        done = store
                   .run([connection](
                            Store& open) { return open.connections().updateSettings(connection); })
                   .result();
    }
    if (done) {
        return edit.connection;
    }
    changes.takeBack();
    if (isNew) {
        const auto removed
            = store.run([id = connection.id](Store& open) { return open.connections().remove(id); })
                  .result();
        Q_UNUSED(removed) // the first error is the one to tell
    }
    return done.error();
}

Result<void> removeBlocking(StoreWorker& store, SecretStore& secrets, const Connection& connection)
{
    const auto removed
        = store.run([id = connection.id](Store& open) { return open.connections().remove(id); })
              .result();
    if (!removed) {
        return removed;
    }
    for (const QString& field : connection.storedSecrets) {
        if (const auto gone = secrets.remove(nameOf(connection, field)); !gone) {
            return gone.error().wrappedIn(
                message(QT_TRANSLATE_NOOP("Message",
                            "“%1” is removed, but its secret “%2” is still in the secret store."),
                    connection.name, field));
        }
    }
    return {};
}

} // namespace

QFuture<Result<Connection>> storeConnection(const AppContext& context, ConnectionEdit edit)
{
    return runTask(context.workers,
        [&store = context.store, &secrets = context.secrets, edit = std::move(edit)]() {
            return storeBlocking(store, secrets, edit);
        });
}

QFuture<Result<void>> removeConnection(const AppContext& context, const Connection& connection)
{
    return runTask(
        context.workers, [&store = context.store, &secrets = context.secrets, connection] {
            return removeBlocking(store, secrets, connection);
        });
}

QFuture<Result<void>> disableConnection(const AppContext& context, const QString& connectionId)
{
    return context.store.run([connectionId](Store& store) -> Result<void> {
        auto connection = store.connections().byId(connectionId);
        if (!connection) {
            return connection.error();
        }
        connection->state = ConnectionState::Disabled;
        connection->stateReason
            = message(QT_TRANSLATE_NOOP("Message", "Disabled by an administrator."));
        connection->nextAttemptAt.reset();
        return store.connections().updateState(*connection);
    });
}

QFuture<Result<access::ConnectionRemoval>> connectionRemoval(
    const AppContext& context, const Connection& connection)
{
    return context.store.run(
        [connection](Store& store) { return access::connectionRemoval(store, connection); });
}

} // namespace portreeve
