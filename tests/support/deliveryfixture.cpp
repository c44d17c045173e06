// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/deliveryfixture.h"

#include "core/proxy/databroker/directorycodec.h"
#include "core/proxy/targetoptions.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

DeliveryFixture::DeliveryFixture()
{
    // The databroker checks tokens by the system's clock.
    sync.clock.setWallClock(SystemClock().nowUtc());
}

QString DeliveryFixture::secretText()
{
    return QString::fromLatin1(DatabrokerDouble::secret().toBase64());
}

void DeliveryFixture::commit(const Listing& listing)
{
    sync.update([](Connection& connection) {
        connection.limits = { .userPercent = 0,
            .userCount = 0,
            .groupPercent = 0,
            .groupCount = 0,
            .membershipPercent = 0,
            .singleGroupPercent = 0,
            .suspensionPercent = 0,
            .suspensionCount = 0,
            .accessPercent = 0,
            .churnPercent = 0 };
    });
    sync.directory.answer(listing);
    const auto outcome = sync.sync();
    if (!outcome) {
        qFatal("%s", qPrintable(outcome.error().toText()));
    }
}

Listing DeliveryFixture::staff()
{
    Listing listing;
    listing.user(u"alice"_s).user(u"bob"_s).user(u"john"_s);
    listing.group(u"devops"_s).group(u"engineering"_s);
    listing.members(u"devops"_s, { u"john"_s });
    listing.members(u"engineering"_s, { u"devops"_s, u"alice"_s });
    return listing;
}

void DeliveryFixture::addRoute(const QString& name, const QString& group)
{
    addRouteWith(name, u"groups:\n          has: \"%1\""_s.arg(group));
}

void DeliveryFixture::addSignedInRoute(const QString& name)
{
    addRouteWith(name, u"authenticated_user: true"_s);
}

void DeliveryFixture::addRouteWith(const QString& name, const QString& criterion)
{
    auto& policies = sync.store->policies();
    const auto policy = policies.save(StoredPolicy {
        .name = name + u" policy"_s, .text = u"- allow:\n    or:\n      - %1\n"_s.arg(criterion) });
    const auto route = policies.save(StoredRoute { .name = name,
        .from = u"https://%1.example.com"_s.arg(name),
        .to = { u"http://127.0.0.1:8080"_s },
        .policyIds = { policy.value().id } });
    if (!route) {
        qFatal("%s", qPrintable(route.error().toText()));
    }
}

void DeliveryFixture::refusePolicy(const QString& name)
{
    auto& policies = sync.store->policies();
    auto policy = policies.policy(name).value();
    policy.text = u"- allow:\n    or:\n      - record:\n          type: x\n"_s;
    const auto saved = policies.save(policy);
    if (!saved) {
        qFatal("%s", qPrintable(saved.error().toText()));
    }
}

ProxyTarget DeliveryFixture::addTarget(const QHash<QString, QString>& options, const QString& name)
{
    ProxyTarget target { .name = name, .options = options };
    target.options.insert(u"address"_s, broker.endpoint().address());
    target.storedSecrets = { kSharedSecretField.toString() };
    const auto added = sync.store->targets().add(target);
    if (!added) {
        qFatal("%s", qPrintable(added.error().toText()));
    }
    setSecret(added->id, secretText());
    return *added;
}

ProxyTarget DeliveryFixture::addRecordsTarget()
{
    return addTarget({ { u"policy_channel"_s, u"none"_s } });
}

ProxyTarget DeliveryFixture::addFullTarget()
{
    return addTarget({});
}

ProxyTarget DeliveryFixture::addConsoleTarget(
    const ConsoleDouble& console, const QHash<QString, QString>& options)
{
    ProxyTarget target { .name = u"Office"_s,
        .options = { { u"kind"_s, u"enterprise"_s }, { u"policy_channel"_s, u"console_api"_s },
            { u"directory_channel"_s, u"none"_s },
            { u"address"_s, console.endpoint().address() } } };
    target.options.insert(options);
    target.storedSecrets = { kConsoleTokenField.toString() };
    const auto added = sync.store->targets().add(target);
    if (!added) {
        qFatal("%s", qPrintable(added.error().toText()));
    }
    const auto written
        = sync.secrets.write({ .connectionId = added->id, .field = kConsoleTokenField.toString() },
            QString::fromLatin1(ConsoleDouble::token()));
    Q_ASSERT(written.hasValue());
    return *added;
}

ProxyTarget DeliveryFixture::target(const QString& id)
{
    return sync.store->targets().byId(id).value();
}

void DeliveryFixture::setOption(const QString& id, const QString& key, const QString& value)
{
    ProxyTarget changed = target(id);
    changed.options.insert(key, value);
    const auto updated = sync.store->targets().updateSettings(changed);
    if (!updated) {
        qFatal("%s", qPrintable(updated.error().toText()));
    }
}

void DeliveryFixture::setSecret(const QString& id, const QString& value)
{
    const auto written
        = sync.secrets.write({ .connectionId = id, .field = kSharedSecretField.toString() }, value);
    Q_ASSERT(written.hasValue());
}

HttpClientFactory DeliveryFixture::http()
{
    return [this](const HttpSettings&) -> std::unique_ptr<HttpClient> {
        auto client = std::make_unique<FakeHttpClient>(sync.clock);
        client->setServer([this](const HttpRequest& request) {
            const bool isListener = listener && request.url.toString().startsWith(kListener);
            return std::optional(isListener ? listener(request) : proxy.answer(request));
        });
        return client;
    };
}

Delivery DeliveryFixture::delivery()
{
    return Delivery(
        { .store = *sync.store, .secrets = sync.secrets, .clock = sync.clock, .makeHttp = http() });
}

DeliveryControl DeliveryFixture::control()
{
    return { .stop = stop.get_token(),
        .progress = [this](const DeliveryProgress& step) { progress.push_back(step); } };
}

Result<DeliveryPlan> DeliveryFixture::plan(const QString& id, const DeliveryChoices& choices)
{
    return delivery().plan(id, choices, control());
}

Result<DeliveryOutcome> DeliveryFixture::push(const QString& id, const PushRequest& request)
{
    PushRequest named = request;
    named.targetId = id;
    return delivery().push(named, control());
}

std::vector<PushRecord> DeliveryFixture::pushes(const QString& id)
{
    constexpr int all = 1'000;
    return sync.store->pushes().list(id, all).value();
}

std::optional<QStringList> DeliveryFixture::groupsAt(const QString& userId)
{
    for (const auto& record : broker.records(recordtype::kDirectoryUser)) {
        if (record.id == userId) {
            const auto user = decodeDirectoryUser(record.typeUrl, record.data);
            return user ? QStringList(user->groupIds.begin(), user->groupIds.end()) : QStringList();
        }
    }
    return std::nullopt;
}

} // namespace portreeve::test
