// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/targetwrites.h"

#include "ui/models/appcontext.h"

namespace portreeve {

namespace {

Result<ProxyTarget> storeBlocking(StoreWorker& store, SecretStore& secrets, TargetEdit edit)
{
    const bool isNew = edit.target.id.isEmpty();
    if (isNew) {
        auto added
            = store.run([target = edit.target](Store& open) { return open.targets().add(target); })
                  .result();
        if (!added) {
            return added;
        }
        edit.target = std::move(*added);
    }
    const QString id = edit.target.id;
    SecretChanges changes(secrets, id, edit.target.name);
    auto done = changes.make(edit.secrets);
    if (done) {
        edit.target.storedSecrets = secretsAfter(edit.target.storedSecrets, edit.secrets);
        const auto replaced = isNew ? std::vector<QString>() : fieldsOf(edit.secrets.typed);
        done = store
                   .run([target = edit.target, replaced](Store& open) {
                       return open.targets().updateSettings(target, replaced);
                   })
                   .result();
    }
    if (done) {
        return edit.target;
    }
    Error refused = changes.takeBack(done.error());
    if (isNew) {
        const auto removed
            = store.run([id](Store& open) { return open.targets().remove(id); }).result();
        Q_UNUSED(removed) // the first error is the one to tell
    }
    return refused;
}

Result<void> removeBlocking(StoreWorker& store, SecretStore& secrets, const ProxyTarget& target)
{
    const SecretOwner owner {
        .id = target.id, .name = target.name, .stored = target.storedSecrets
    };
    return removeWithSecrets(secrets, owner, [&store, &id = target.id] {
        return store.run([id](Store& open) { return open.targets().remove(id); }).result();
    });
}

} // namespace

QFuture<Result<ProxyTarget>> storeTarget(const AppContext& context, const TargetEdit& edit)
{
    return runTask(context.workers, [&store = context.store, &secrets = context.secrets, edit] {
        return storeBlocking(store, secrets, edit);
    });
}

QFuture<Result<void>> removeTarget(const AppContext& context, const ProxyTarget& target)
{
    return runTask(context.workers, [&store = context.store, &secrets = context.secrets, target] {
        return removeBlocking(store, secrets, target);
    });
}

QFuture<Result<void>> setTargetEnabled(
    const AppContext& context, const QString& targetId, bool isEnabled)
{
    return context.store.run([targetId, isEnabled](Store& store) {
        return store.targets().setEnabled(targetId, isEnabled);
    });
}

} // namespace portreeve
