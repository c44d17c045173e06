// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/connectionwrites.h"

#include "core/access/groupreferences.h"
#include "core/policy/parser.h"
#include "ui/shell/appcontext.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

SecretName nameOf(const Connection& connection, const QString& field)
{
    return { .connectionId = connection.id, .connectionName = connection.name, .field = field };
}

/// Writes the secrets of one edit and can put back what was there before.
class SecretChanges
{
public:
    SecretChanges(SecretStore& secrets, const Connection& connection)
        : m_secrets(secrets)
        , m_connection(connection)
    {
    }

    Result<void> make(const ConnectionEdit& edit)
    {
        for (auto typed = edit.typedSecrets.begin(); typed != edit.typedSecrets.end(); ++typed) {
            if (const auto done = change(typed.key(), typed.value()); !done) {
                return done;
            }
        }
        for (const QString& field : edit.removedSecrets) {
            if (const auto done = change(field, std::nullopt); !done) {
                return done;
            }
        }
        return {};
    }

    /// Best effort: the store that refused a write may refuse this one too.
    void takeBack()
    {
        for (const auto& [field, before] : m_before) {
            const auto restored = put(field, before);
            Q_UNUSED(restored)
        }
    }

private:
    Result<void> change(const QString& field, const std::optional<QString>& value)
    {
        const auto before = m_secrets.read(nameOf(m_connection, field));
        if (!before) {
            return before.error();
        }
        m_before.emplace_back(field, *before);
        return put(field, value);
    }

    Result<void> put(const QString& field, const std::optional<QString>& value)
    {
        const SecretName name = nameOf(m_connection, field);
        return value ? m_secrets.write(name, *value) : m_secrets.remove(name);
    }

    SecretStore& m_secrets;
    const Connection& m_connection;
    std::vector<std::pair<QString, std::optional<QString>>> m_before;
};

std::vector<QString> secretsAfter(const ConnectionEdit& edit)
{
    std::vector<QString> fields = edit.connection.storedSecrets;
    const auto typed = edit.typedSecrets.keys();
    fields.insert(fields.end(), typed.begin(), typed.end());
    std::sort(fields.begin(), fields.end());
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    std::erase_if(fields, [&edit](const QString& field) {
        return std::find(edit.removedSecrets.begin(), edit.removedSecrets.end(), field)
            != edit.removedSecrets.end();
    });
    return fields;
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
    SecretChanges changes(secrets, connection);
    auto done = changes.make(edit);
    if (done) {
        edit.connection.storedSecrets = secretsAfter(edit);
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

/// @param connectionId  stands before the provider's id where several connections export
bool namesGroup(const StoredPolicy& stored, const QString& connectionId, const Snapshot& snapshot)
{
    const auto parsed = policy::parsePolicy(stored.text.toUtf8());
    const auto ids
        = parsed.policy ? access::referencedGroupIds(*parsed.policy) : std::vector<QString>();
    const QString prefix = connectionId + u':';
    return std::any_of(ids.begin(), ids.end(), [&](const QString& id) {
        const auto own
            = id.startsWith(prefix) ? QStringView(id).sliced(prefix.size()) : QStringView(id);
        return snapshot.findGroup(own) != kNoRow;
    });
}

Result<RemovalImpact> impactOf(Store& store, const QString& connectionId)
{
    const auto directory = store.directory().load(connectionId);
    if (!directory) {
        return directory.error();
    }
    const auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    RemovalImpact impact { .users = directory->snapshot->userCount(),
        .groups = directory->snapshot->groupCount() };
    for (const auto& policy : *policies) {
        if (namesGroup(policy, connectionId, *directory->snapshot)) {
            impact.policies.push_back(policy.name);
        }
    }
    return impact;
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

QFuture<Result<RemovalImpact>> removalImpact(const AppContext& context, const QString& connectionId)
{
    return context.store.run(
        [connectionId](Store& store) { return impactOf(store, connectionId); });
}

} // namespace portreeve
