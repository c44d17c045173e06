// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/deliverysource.h"

#include "core/proxy/delivery/blocklift.h"
#include "core/proxy/delivery/policyfiledelivery.h"
#include "core/proxy/exportsource.h"
#include "core/proxy/managedfile.h"

#include <QCryptographicHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Texts with their lengths, so that no two lists hash alike.
class Fingerprint
{
public:
    void add(const QString& text)
    {
        const QByteArray bytes = text.toUtf8();
        m_hash.addData(QByteArray(QByteArray::number(bytes.size()) + ':'));
        m_hash.addData(bytes);
    }

    void add(std::int64_t number) { add(QString::number(number)); }

    void add(UtcTime time) { add(static_cast<std::int64_t>(time.time_since_epoch().count())); }

    QByteArray result() const { return m_hash.result(); }

private:
    QCryptographicHash m_hash { QCryptographicHash::Sha256 };
};

void addOptions(Fingerprint& print, const ProxyTarget& target)
{
    QStringList keys = target.options.keys();
    keys.sort();
    for (const auto& key : keys) {
        print.add(key);
        print.add(target.options.value(key));
    }
    for (const auto& key : target.storedSecrets) {
        print.add(key);
    }
}

/// Of the proxy's own file, which it matches before what is delivered beside it.
Result<std::vector<StoredRoute>> routesBeside(const TargetOptions& options)
{
    if (!options.joinsOwnFile()) {
        return std::vector<StoredRoute> {};
    }
    const auto file = operatorFile(options);
    return file ? fileRoutes(*file) : file.error();
}

} // namespace

Result<DeliverySource> loadDeliverySource(
    Store& store, const ProxyTarget& target, const TargetOptions& options)
{
    const auto generation = store.directory().generation();
    auto exports = loadExportSource(store);
    if (!exports) {
        return exports.error();
    }
    auto view = store.directory().loadView();
    if (!generation || !view) {
        return !generation ? generation.error() : view.error();
    }
    auto users = store.targets().ownership(target.id, DeliveredKind::User);
    auto groups = store.targets().ownership(target.id, DeliveredKind::Group);
    if (!users || !groups) {
        return users ? groups.error() : users.error();
    }
    exports->target = policyTarget(options);
    exports->everyPolicy = options.policyChannel != PolicyChannel::ConfigFile;
    std::optional<Error> fileError;
    if (auto beside = routesBeside(options)) {
        exports->baseRoutes = *std::move(beside);
    } else {
        fileError = beside.error();
    }
    return DeliverySource { .exports = *std::move(exports),
        .fileError = std::move(fileError),
        .records = std::make_shared<const DirectoryRecords>(directoryRecords(**view)),
        .view = *std::move(view),
        .generation = *generation,
        .users = *std::move(users),
        .groups = *std::move(groups) };
}

Result<QByteArray> deliveryFingerprint(Store& store, const ProxyTarget& target, UtcTime now)
{
    const auto generation = store.directory().generation();
    const auto connections = store.connections().list();
    const auto policies = store.policies().policies();
    const auto routes = store.policies().routes();
    const auto blocked = store.targets().blockedUsers(target.id);
    const auto attached = store.attachments().list(target.id);
    if (!attached) {
        return attached.error();
    }
    if (!generation || !connections) {
        return generation ? connections.error() : generation.error();
    }
    if (!policies || !routes || !blocked) {
        return !policies ? policies.error() : !routes ? routes.error() : blocked.error();
    }
    Fingerprint print;
    addOptions(print, target);
    print.add(*generation);
    for (const auto& connection : *connections) {
        print.add(connection.id);
        print.add(connection.generation);
        print.add(std::int64_t { connection.rules.exportSuspended });
        print.add(std::int64_t { connection.rules.directOnly });
        print.add(recordIdSourceName(connection.rules.recordId));
    }
    for (const auto& policy : *policies) {
        print.add(policy.id);
        print.add(policy.updatedAt);
    }
    for (const auto& route : *routes) {
        print.add(route.id);
        print.add(route.updatedAt);
    }
    for (const auto& user : *blocked) {
        const auto at = liftsAt(user);
        print.add(user.userId);
        print.add(std::int64_t { at && *at <= now });
    }
    for (const auto& attachment : *attached) {
        print.add(attachment.routeId);
        print.add(attachment.policyId);
        print.add(std::int64_t { attachment.wanted });
    }
    return print.result();
}

Result<std::vector<QString>> blockedIds(Store& store, const QString& targetId)
{
    const auto blocked = store.targets().blockedUsers(targetId);
    if (!blocked) {
        return blocked.error();
    }
    std::vector<QString> ids;
    std::transform(blocked->begin(), blocked->end(), std::back_inserter(ids),
        [](const BlockedUser& user) { return user.userId; });
    return ids;
}

} // namespace portreeve
