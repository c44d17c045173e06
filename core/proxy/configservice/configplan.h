// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/routerules.h"
#include "core/proxy/configservice/configclient.h"
#include "core/proxy/configservice/desiredconfig.h"

#include <optional>
#include <variant>

namespace portreeve::configservice {

/// Everything a proxy holds, ours and other people's.
struct ConfigState
{
    std::vector<PolicyEntity> policies {};
    std::vector<RouteEntity> routes {};
};

Result<ConfigState> readConfig(ConfigClient& client, const std::stop_token& stop);

using Entity = std::variant<PolicyEntity, RouteEntity>;

EntityKind kindOf(const Entity& entity);
const QString& idOf(const Entity& entity);
const QString& nameOf(const Entity& entity);
std::vector<FieldDifference> differences(const Entity& before, const Entity& after);

enum class ConfigStep {
    Create,
    Update,
    Attach, ///< our policy to a route of somebody else
    Detach,
    Delete,
};

QString configStepName(ConfigStep step); ///< "create"

struct ConfigChange
{
    ConfigStep step = ConfigStep::Create;
    Entity entity {}; ///< as it shall be; as it is, for Delete
    std::optional<Entity> before {}; ///< as it was read; nothing for Create
    std::vector<FieldDifference> fields {}; ///< from nothing for Create; none for Delete
    std::vector<std::size_t> needs {}; ///< places of changes without which this must not be sent
};

enum class IssueKind {
    ForeignId, ///< our id belongs to somebody else
    FileRoute, ///< the proxy's own file has a route for that address, and wins
    ForeignRoute, ///< somebody else has a route for the same requests
    RouteGone, ///< the route we should attach to
    NotEvaluated, ///< text written into a route itself
    LostDeny, ///< a route names a policy that is not there, or soon will not be
    KeptPolicy, ///< not deleted, since a route that was refused here still names it
};

struct ConfigIssue
{
    IssueKind kind = IssueKind::ForeignId;
    EntityKind entity = EntityKind::Policy;
    QString id {};
    QString name {};
    Message what {};
    Message remedy {};
    bool needsPerson = false; ///< the plan itself brings it about: not to be sent by itself
};

/// Attaching a policy of ours to a route of somebody else: only where a person said so.
struct PolicyAttachment
{
    QString routeId {}; ///< of the proxy
    QString policyId {}; ///< of our store

    friend bool operator==(const PolicyAttachment&, const PolicyAttachment&) = default;
};

struct PlanChoices
{
    QSet<QString> adopt {}; ///< ids of entities that may become ours
    std::vector<PolicyAttachment> attach {};
    std::vector<PolicyAttachment> detach {}; ///< attached earlier, not wanted any more
};

/// What a push would do, to be looked at first; the same value is then sent.
struct ConfigPlan
{
    /// In the order of sending: policies made and changed, routes made and changed, detached,
    /// routes deleted, policies deleted.
    std::vector<ConfigChange> changes {};
    std::vector<ConfigIssue> conflicts {}; ///< what is left out, and why
    std::vector<ConfigIssue> warnings {};
    std::vector<ExportRefusal> refusals {};

    bool isEmpty() const { return changes.empty(); }

    bool needsPerson() const;

    /// For the command line; the texts of policies are in it, no secret is.
    QJsonObject toJson() const;
};

/// Compares what shall be with what is. Never touches what is not ours.
ConfigPlan planConfig(const DesiredConfig& desired, const ConfigState& current,
    const Ownership& ownership, const PlanChoices& choices = {});

/// What the proxy holds once all changes of a plan are made.
ConfigState afterChanges(ConfigState state, const ConfigPlan& plan);

/// Routes with the policies they name, on both sides of a plan.
struct ComparedRoutes
{
    std::vector<access::RouteRules> before {};
    std::vector<access::RouteRules> after {};
};

/// Ours, and those of others that the plan changes, for an access comparison. A route has one name
/// on both sides, its new one, and no two share a name. Policies that are missing or cannot be read
/// let nobody in.
/// @param after  afterChanges() of @p before
ComparedRoutes comparedRoutes(const ConfigState& before, const ConfigState& after,
    const ConfigPlan& plan, const Ownership& ownership);

} // namespace portreeve::configservice
