// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/configservice/desiredconfig.h"

#include "core/access/groupreferences.h"
#include "core/access/routerules.h"
#include "core/policy/writer.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::configservice {

namespace {

const QString kBlockName = u"Portreeve: blocked people"_s;

QString idFor(const QUuid& space, const QString& object)
{
    return QUuid::createUuidV5(space, object).toString(QUuid::WithoutBraces);
}

bool admitsWithoutSession(const policy::OperatorList& list)
{
    if (policy::isAlwaysTrue(list)) {
        return true;
    }
    const auto open = [](const policy::Criterion& criterion) {
        return criterion.name == u"accept" || policy::holdsWithoutSession(criterion);
    };
    const auto& criteria = list.criteria;
    switch (list.op) {
    case policy::Operator::And:
        return !criteria.empty() && std::all_of(criteria.begin(), criteria.end(), open);
    case policy::Operator::Or:
        return std::any_of(criteria.begin(), criteria.end(), open);
    case policy::Operator::Not:
    case policy::Operator::Nor:
        return false; // a negated question about identity leads to the sign-in
    }
    return false;
}

class Collection
{
public:
    Collection(const ExportSource& source, const Ownership& ownership)
        : m_source(source)
        , m_ownership(ownership)
        , m_liveGroups(source.groups.liveIds())
    {
    }

    DesiredConfig run(const std::vector<QString>& blocked)
    {
        auto routesOnly = m_source;
        routesOnly.target.configFile = false;
        m_out.fileRoutes = std::exchange(routesOnly.baseRoutes, {});
        auto prepared = prepareExport(routesOnly);
        m_out.refusals = std::move(prepared.refusals);
        for (const auto& stored : m_source.policies) {
            addPolicy(stored);
        }
        for (const auto& route : m_source.routes) {
            m_out.withheld.insert(m_ownership.routeId(route.id));
        }
        for (const auto& exported : prepared.routes) {
            addRoute(exported, !blocked.empty());
        }
        if (!blocked.empty()) {
            addBlock(blocked);
        }
        return std::move(m_out);
    }

private:
    void refuse(const StoredPolicy& stored, const Message& reason, const Message& fix)
    {
        m_out.withheld.insert(m_ownership.policyId(stored.id));
        const bool isSaid = std::any_of(m_out.refusals.begin(), m_out.refusals.end(),
            [&stored](const ExportRefusal& refusal) { return refusal.policyName == stored.name; });
        if (!isSaid) {
            m_out.refusals.push_back({ .policyName = stored.name, .reason = reason, .fix = fix });
        }
    }

    void addPolicy(const StoredPolicy& stored)
    {
        const auto parsed = policy::parsePolicy(stored.text.toUtf8());
        if (!parsed.policy) {
            const auto& first = parsed.diagnostics.front();
            refuse(stored, first.what, first.fix);
            return;
        }
        auto target = m_source.target;
        target.configFile = false;
        const auto problems = exportProblems(*parsed.policy, target);
        if (!problems.empty()) {
            refuse(stored, problems.front().what, problems.front().fix);
            return;
        }
        // before the first sync no group can be told missing
        const auto text = policy::writePolicy(m_source.groups.isKnown()
                ? access::withNegationGuard(*parsed.policy, m_liveGroups)
                : *parsed.policy);
        if (!text) {
            refuse(stored, text.error().what, text.error().remedy);
            return;
        }
        m_out.policies.push_back({ .id = m_ownership.policyId(stored.id),
            .originatorId = m_ownership.originatorId,
            .namespaceId = m_ownership.namespaceId,
            .name = stored.name,
            .description = stored.description,
            .sourcePpl = QString::fromUtf8(*text),
            .explanation = stored.explanation,
            .remediation = stored.remediation });
    }

    void addRoute(const ExportedRoute& exported, bool isBlocking)
    {
        const auto& route = exported.route;
        RouteEntity entity { .id = m_ownership.routeId(route.id),
            .originatorId = m_ownership.originatorId,
            .namespaceId = m_ownership.namespaceId,
            .name = route.name,
            .from = route.from,
            .to = route.to,
            .prefix = route.prefix,
            .path = route.path,
            .regex = route.regex,
            .passIdentityHeaders = route.passIdentityHeaders,
            .showErrorDetails = route.showErrorDetails };
        for (const auto* stored : access::policiesOf(route, m_source.policies)) {
            entity.policyIds.push_back(m_ownership.policyId(stored->id));
        }
        if (isBlocking && !isPublic({ exported.rules })) {
            entity.policyIds.push_back(m_ownership.blockPolicyId());
        }
        m_out.withheld.remove(entity.id);
        m_out.routes.push_back(std::move(entity));
    }

    void addBlock(const std::vector<QString>& blocked)
    {
        auto entity = blockPolicy(m_ownership, blocked);
        if (entity) {
            m_out.policies.push_back(std::move(*entity));
            return;
        }
        m_out.withheld.insert(m_ownership.blockPolicyId());
        m_out.refusals.push_back({ .policyName = kBlockName,
            .reason = entity.error().what,
            .fix = entity.error().remedy });
    }

    const ExportSource& m_source;
    const Ownership& m_ownership;
    QSet<QString> m_liveGroups;
    DesiredConfig m_out;
};

} // namespace

QString Ownership::policyId(const QString& storedId) const
{
    return idFor(idSpace, u"policy/"_s + storedId);
}

QString Ownership::routeId(const QString& storedId) const
{
    return idFor(idSpace, u"route/"_s + storedId);
}

QString Ownership::blockPolicyId() const
{
    return idFor(idSpace, u"block"_s);
}

DesiredConfig desiredConfig(
    const ExportSource& source, const Ownership& ownership, const std::vector<QString>& blocked)
{
    return Collection(source, ownership).run(blocked);
}

Result<PolicyEntity> blockPolicy(const Ownership& ownership, const std::vector<QString>& userIds)
{
    policy::OperatorList anyOf { .op = policy::Operator::Or };
    auto ids = userIds;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const auto& id : ids) {
        anyOf.criteria.push_back({ .name = u"user"_s, .data = policy::Value(id) });
    }
    const policy::Policy deny { .rules
        = { { .action = policy::Action::Deny, .lists = { std::move(anyOf) } } } };
    const auto text = policy::writePolicy(deny);
    if (!text) {
        return text.error();
    }
    return PolicyEntity { .id = ownership.blockPolicyId(),
        .originatorId = ownership.originatorId,
        .namespaceId = ownership.namespaceId,
        .name = kBlockName,
        .description = u"Kept out at once, until the block is lifted in Portreeve"_s,
        .sourcePpl = QString::fromUtf8(*text) };
}

bool isPublic(const std::vector<policy::Policy>& policies)
{
    return std::any_of(policies.begin(), policies.end(), [](const policy::Policy& policy) {
        return std::any_of(policy.rules.begin(), policy.rules.end(), [](const policy::Rule& rule) {
            return rule.action == policy::Action::Allow
                && std::any_of(rule.lists.begin(), rule.lists.end(), admitsWithoutSession);
        });
    });
}

} // namespace portreeve::configservice
