// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/delivery.h"
#include "tests/support/configservicedouble.h"
#include "tests/support/consoledouble.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/syncfixture.h"

namespace portreeve::test {

/// A synced directory, stored policies and routes, and a proxy in this process to deliver them to:
/// its databroker over gRPC on 127.0.0.1, its configuration service behind a fake HTTP client.
class DeliveryFixture
{
public:
    DeliveryFixture();

    SyncFixture sync {};
    DatabrokerDouble broker {};
    ConfigServiceDouble proxy { DatabrokerDouble::secret(), sync.clock };
    std::stop_source stop {};
    std::vector<DeliveryProgress> progress {};

    /// Answers what is asked of the proxy itself, at kListener.
    std::function<FakeReply(const HttpRequest&)> listener {};
    static constexpr QStringView kListener = u"http://127.0.0.1:8000";

    static QString secretText(); ///< the right shared secret as a person types it

    /// What the provider holds from now on, synced and committed.
    void commit(const Listing& listing);

    /// alice, bob and john; john is in DevOps, which is in Engineering; alice in Engineering.
    static Listing staff();

    /// A stored policy that lets one group in, on a route of that name.
    void addRoute(const QString& name, const QString& group);

    /// Open to everybody who is signed in: no records of people are needed.
    void addSignedInRoute(const QString& name);

    /// @param criterion  of its policy, in YAML
    void addRouteWith(const QString& name, const QString& criterion);

    /// Gives a stored policy a criterion that no target of ours takes.
    void refusePolicy(const QString& name);

    /// A target of this proxy.
    ProxyTarget addTarget(
        const QHash<QString, QString>& options, const QString& name = QStringLiteral("Office"));
    ProxyTarget addRecordsTarget(); ///< databroker only
    ProxyTarget addFullTarget(); ///< both

    /// An Enterprise whose own console takes the policies; people and groups do not travel.
    ProxyTarget addConsoleTarget(
        const ConsoleDouble& console, const QHash<QString, QString>& options = {});

    ProxyTarget target(const QString& id);
    void setOption(const QString& id, const QString& key, const QString& value);
    void setSecret(const QString& id, const QString& value);

    HttpClientFactory http(); ///< to the configuration service
    Delivery delivery();
    DeliveryControl control();
    Result<DeliveryPlan> plan(const QString& id, const DeliveryChoices& choices = {});
    Result<DeliveryOutcome> push(const QString& id, const PushRequest& request = {});
    std::vector<PushRecord> pushes(const QString& id); ///< newest first

    /// Group ids of a user's record at the databroker; nothing without a record.
    std::optional<QStringList> groupsAt(const QString& userId);

    int putCount() const { return broker.count(QStringLiteral("Put")); }
};

} // namespace portreeve::test
