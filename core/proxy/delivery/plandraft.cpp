// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/plandraft.h"

#include "core/access/accessimpact.h"
#include "core/directory/snapshotbuilder.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kPercent = 100;

DeliveryCounts& countsOf(PushCounts& counts, DeliveredKind kind)
{
    switch (kind) {
    case DeliveredKind::User:
        return counts.users;
    case DeliveredKind::Group:
        return counts.groups;
    case DeliveredKind::Policy:
        return counts.policies;
    case DeliveredKind::Route:
        return counts.routes;
    }
    return counts.users;
}

void addPart(QCryptographicHash& hash, QByteArrayView part)
{
    hash.addData(QByteArray(QByteArray::number(part.size()) + ':'));
    hash.addData(part);
}

Result<ClosurePtr> closureOf(const DirectoryRecords& records)
{
    SnapshotBuilder builder;
    for (const auto& group : records.groups) {
        builder.addGroup({ .id = group.id, .name = group.name, .email = group.email });
    }
    for (const auto& user : records.users) {
        builder.addUser({ .id = user.id, .displayName = user.displayName, .email = user.email });
        for (const auto& group : user.groupIds) {
            builder.addMember(group, user.id, MemberKind::User);
        }
    }
    const auto snapshot = builder.build();
    if (!snapshot) {
        return snapshot.error();
    }
    return ClosurePtr(std::make_shared<const GroupClosure>(*snapshot));
}

access::AccessState stateOf(
    const GroupClosure& closure, const std::vector<access::RouteRules>& routes)
{
    return { .closure = &closure, .routes = routes, .naming = [](const QString& id) {
                return id;
            } };
}

} // namespace

void PlanDraft::add(DeliveryChange change, QByteArrayView content)
{
    addPart(m_written, deliveredKindName(change.kind).toUtf8());
    addPart(m_written, changeActionName(change.action).toUtf8());
    addPart(m_written, change.id.toUtf8());
    addPart(m_written, content);
    auto& counts = countsOf(m_plan.counts, change.kind);
    ++(change.action == ChangeAction::Remove ? counts.deleted : counts.put);
    m_plan.changes.push_back(std::move(change));
}

void PlanDraft::addFile(DeliveryFile file, QByteArrayView content)
{
    if (file.differs) {
        addPart(m_written, file.path.toUtf8());
        addPart(m_written, content);
    }
    m_plan.files.push_back(std::move(file));
}

void PlanDraft::addRefusals(const std::vector<ExportRefusal>& refusals)
{
    for (const auto& refusal : refusals) {
        const bool isRoute = !refusal.routeName.isEmpty();
        m_plan.refusals.push_back({ .kind = isRoute ? DeliveredKind::Route : DeliveredKind::Policy,
            .id = refusal.policyName,
            .name = isRoute ? refusal.routeName : refusal.policyName,
            .what = refusal.reason,
            .remedy = refusal.fix });
    }
}

void PlanDraft::hold(const Message& reason)
{
    m_plan.heldReasons.push_back(reason);
}

void PlanDraft::guardPolicies(std::int64_t ours, const PushLimits& limits, bool isStoreEmpty)
{
    const auto deletions = m_plan.counts.policies.deleted + m_plan.counts.routes.deleted;
    const bool tooMany
        = deletions > limits.deleteCount && deletions * kPercent > ours * limits.deletePercent;
    if (deletions > 0 && (tooMany || isStoreEmpty)) {
        hold(
            message(QT_TRANSLATE_NOOP("Message",
                        "The delivery would delete %1 of our %2 policies and routes at the proxy."),
                QString::number(deletions), QString::number(ours)));
    }
}

void PlanDraft::setRoutes(
    std::vector<access::RouteRules> before, std::vector<access::RouteRules> after)
{
    m_routesBefore = std::move(before);
    m_routesAfter = std::move(after);
}

void PlanDraft::setRecords(std::shared_ptr<const DirectoryRecords> before)
{
    m_recordsBefore = std::move(before);
}

DeliveryPlan PlanDraft::seal(const std::shared_ptr<const DirectoryRecords>& records)
{
    if (m_routesBefore && !m_plan.isEmpty()) {
        const auto& before = m_recordsBefore ? *m_recordsBefore : *records;
        auto impact = recordsImpact(before, *m_routesBefore, *records, m_routesAfter);
        m_plan.accessKnown = impact.hasValue();
        if (impact) {
            m_plan.access = std::move(impact->changes);
        }
    } else {
        m_plan.accessKnown = m_plan.isEmpty();
    }
    const bool held = !m_plan.heldReasons.empty();
    m_plan.verdict = held ? Verdict::Held : m_plan.isEmpty() ? Verdict::Nothing : Verdict::Go;
    for (const auto& reason : m_plan.heldReasons) {
        addPart(m_written, reason.english().toUtf8());
    }
    addPart(m_written, m_plan.targetId.toUtf8());
    m_plan.planHash = QString::fromLatin1(m_written.result().toHex());
    return std::move(m_plan);
}

Result<AccessImpact> recordsImpact(const DirectoryRecords& before,
    const std::vector<access::RouteRules>& routesBefore, const DirectoryRecords& after,
    const std::vector<access::RouteRules>& routesAfter)
{
    const auto closureBefore = closureOf(before);
    if (!closureBefore) {
        return closureBefore.error();
    }
    const auto closureAfter = &before == &after ? closureBefore : closureOf(after);
    if (!closureAfter) {
        return closureAfter.error();
    }
    return access::compareAccess(
        stateOf(**closureBefore, routesBefore), stateOf(**closureAfter, routesAfter));
}

} // namespace portreeve
