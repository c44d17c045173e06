// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"
#include "core/proxy/databroker/databrokerrecord.h"
#include "core/proxy/delivery/deliveryplan.h"
#include "core/proxy/delivery/targettest.h"
#include "core/settings/secretstore.h"
#include "core/store/store.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace portreeve {

struct BundleFile;
class DatabrokerClient;
class TargetLink;
struct JoinReport;

struct DeliveryProgress
{
    enum class Phase { Reading, Planning, Writing, Verifying, Waiting };
    Phase phase = Phase::Reading;
    DeliveredKind kind = DeliveredKind::User; ///< what is being written
    std::int64_t done = 0;
    std::int64_t total = -1; ///< -1: unknown
    std::chrono::milliseconds wait { 0 }; ///< Waiting: until the next try
};

/// What a watcher needs to know about a push, also about one that failed.
struct PushEnd
{
    std::int64_t pushId = 0;
    /// Where the databroker's history stands after what was written. Whoever watches from an
    /// earlier place takes our own records for somebody else's.
    RecordPositions positions {};
    /// It failed by content alone that the target cannot be given; all else is there. Only other
    /// content helps, not another try.
    bool isWithheld = false;
};

struct DeliveryControl
{
    std::stop_token stop {};
    std::function<void(const DeliveryProgress&)> progress = [](const DeliveryProgress&) { };
    std::function<void(const PushEnd&)> ended = [](const PushEnd&) { };
    PushTrigger trigger = PushTrigger::Manual;
    QString actor = QStringLiteral("admin");
    std::optional<Message>
        cause {}; ///< why it is made, for its record; empty = the trigger says it
    int attempts = 3; ///< of a call that fails for a while; 1 = no retry
};

struct PushRequest
{
    QString targetId {};
    QString planHash {}; ///< deliver exactly this plan, else Stale; empty = whatever is to be done
    QString allowHeld {}; ///< hash of a held plan that a person lets through
    DeliveryChoices choices {};
};

struct DeliveryOutcome
{
    DeliveryPlan plan {};
    std::optional<PushRecord> push {}; ///< nothing when there was nothing to do
    bool confirmed = false; ///< the target was seen to hold or to obey what was written
    std::vector<Message> notes {};
};

struct BlockRequest
{
    QString targetId {};
    QString userId {}; ///< as the proxy knows them
    bool blocked = true; ///< false lets them in again
};

struct BlockReport
{
    enum class State {
        Done, ///< the proxy was seen to refuse whom it let in before, or the block is lifted
        NotConfirmed, ///< written; nothing proves that it works
        StillLetIn, ///< written, without effect
    };
    State state = State::NotConfirmed;
    std::vector<QString> routes {}; ///< names of those that carry the block
    std::vector<QString> publicRoutes {}; ///< left out: open to everybody
    QString probedRoute {};
    std::optional<Error> error {}; ///< why it is not Done
    bool isUnknown = false; ///< nobody was delivered to the target under that id
};

QString blockReportStateName(BlockReport::State state); ///< "done"

/// A route at a target that somebody else keeps.
struct ForeignRoute
{
    QString id {};
    QString name {};
    QString address {}; ///< with its path
    QString keeper {}; ///< originator id; empty = nobody said
    int policies = 0; ///< how many it names
};

struct AttachRequest
{
    QString targetId {};
    QString routeId {}; ///< as the proxy knows it
    QString policy {}; ///< id or name of one of ours
    bool attached = true; ///< false takes it off again
};

/// Hands the bundle of a target to the listener that serves it.
using BundlePublisher = std::function<void(const QString& targetId, const BundleFile& bundle)>;

/// Delivers routes, policies, people and groups to targets. Blocking, on the calling thread; used
/// by the command line directly and by DeliveryService on threads of its own. One delivery per
/// target at a time over all processes: LimitExceeded while another one is going on.
class Delivery
{
public:
    struct Services
    {
        Store& store;
        SecretStore& secrets;
        Clock& clock;
        HttpClientFactory makeHttp;
        BundlePublisher publishBundle {}; ///< empty = this process serves no bundles
    };

    explicit Delivery(Services services);

    /// Marks deliveries of dead processes as interrupted. @return how many
    Result<int> recover();

    /// Ticked steps in the order of proxy.md 1.1. Writes nothing anywhere.
    Result<TargetReport> test(const TargetDraft& draft, const DeliveryControl& control);

    /// Reads the target and compares. Writes nothing anywhere.
    Result<DeliveryPlan> plan(
        const QString& targetId, const DeliveryChoices& choices, const DeliveryControl& control);

    /// Plans anew, then delivers. A held plan is an outcome with its verdict; so is a target that
    /// is read only and differs. A failure is recorded in history and state; what the target holds
    /// stays, and the next delivery mends what was left half done.
    /// @return Stale when the plan is another one by now
    Result<DeliveryOutcome> push(const PushRequest& request, const DeliveryControl& control);

    /// "Block now" and its undo (proxy.md 5.5).
    /// @return InvalidInput for a target whose policies do not travel by the configuration service
    Result<BlockReport> setBlocked(const BlockRequest& request, const DeliveryControl& control);

    /// Routes of others, to which policies of ours can be attached (proxy.md 6.3).
    /// @return InvalidInput as setBlocked()
    Result<std::vector<ForeignRoute>> routesOfOthers(
        const QString& targetId, const DeliveryControl& control);

    /// Remembers it for the next delivery; only looks at the proxy now.
    /// @return NotFound for a route that is not there, InvalidInput for one of ours
    Result<AttachedPolicy> setAttached(
        const AttachRequest& request, const DeliveryControl& control);

    /// Whether the people who sign in are those of the directory (proxy.md 5.2).
    /// @return InvalidInput for a target without databroker records
    Result<JoinReport> checkJoin(const QString& targetId, const DeliveryControl& control);

    /// Another client of the target's databroker, to watch it with.
    /// @return Auth without a secret; nothing where records do not travel that way
    Result<std::unique_ptr<DatabrokerClient>> openDatabroker(const QString& targetId);

private:
    Result<std::unique_ptr<TargetLink>> link(const QString& targetId) const;

    Services m_services;
};

} // namespace portreeve
