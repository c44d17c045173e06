// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/configservice/entities.h"
#include "core/proxy/databroker/databrokerclient.h"

#include <functional>
#include <memory>
#include <optional>

namespace portreeve::test {

class ConsoleDeviceStore;

/// What goes wrong at a console.
struct ConsoleFaults
{
    QString unauthenticated {}; ///< refuses every call in these words
    QString forbiddenWrites {}; ///< refuses every Set, Create, Approve and Delete in these words
    bool isUnimplemented = false; ///< another gRPC service at this address
    std::chrono::milliseconds delay { 0 }; ///< before each answer
    bool losesAnswerOfNextSet = false; ///< it is carried out, the call breaks off
    int missingOfLists = 0; ///< objects that every list leaves out, though it counts them
    std::size_t maxMessageBytes = 4'194'304;
    std::function<void()> beforeSet {}; ///< another writer; runs before each Set is carried out
    bool hidesLinkEnd = false; ///< links of enrollments say nothing of their end
    bool keepsDevices = false; ///< says that it deleted them, and lists them still
    bool keepsEnrollments = false; ///< of a deleted credential
    QString enrollsInstead {}; ///< id of another person, for whom links are made
    int failsAfterEnrollments = -1; ///< so many are made, then UNAVAILABLE
};

/// A policy or a route as it is kept, by what the tests look at.
struct ConsoleObject
{
    QString id {};
    QString name {};
    QString originator {};
    QString namespaceId {};
    QString ppl {}; ///< of a policy
    QString from {}; ///< of a route
    QStringList to {};
    QStringList policyIds {};
    QString description {}; ///< of a policy
    QByteArray unknown {}; ///< fields that Portreeve does not know, as bytes
};

/// Enterprise's own console in this process, over gRPC on 127.0.0.1, as its public protos describe
/// it (proxy.md 9): Set replaces whole objects, an id that is sent must exist, policy text is kept
/// as JSON in a spelling of its own, computed fields are added to each answer, and what is a map
/// there comes in another order each time. Threads of its own; any thread may call.
class ConsoleDouble
{
public:
    using Kind = configservice::EntityKind;

    static inline const QString kGlobal = QStringLiteral("9d8dbd2c-8cce-4e66-9c1f-c490b4a07243");

    ConsoleDouble();
    ~ConsoleDouble();
    ConsoleDouble(const ConsoleDouble&) = delete;
    ConsoleDouble& operator=(const ConsoleDouble&) = delete;

    DatabrokerEndpoint endpoint() const;

    /// Of the service account it knows. The bootstrap account of the databroker double's secret is
    /// let in as well once it is allowed.
    static QByteArray token();
    void allowBootstrap(bool allowed);

    void setFaults(ConsoleFaults faults);
    void addNamespace(const QString& id, const QString& name);
    void hideNamespaces(); ///< as for an account without any role
    void enforce(const QString& policyId); ///< on every route, as a namespace does

    /// As somebody else, past tokens and faults. @return the id
    QString put(Kind kind, const ConsoleObject& object);
    void remove(Kind kind, const QString& id);

    /// Enrollments and devices; of everybody and unguarded.
    ConsoleDeviceStore& devices();

    std::vector<ConsoleObject> objects(Kind kind) const; ///< by name
    std::optional<ConsoleObject> named(Kind kind, const QString& name) const;

    QStringList calls() const; ///< "SetPolicy"
    QStringList writes() const; ///< without List and Get
    void forgetCalls();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace portreeve::test
