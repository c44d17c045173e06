// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/configdelivery.h"

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/delivery/adoptioncheck.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;

namespace {

DeliveredKind kindOf(EntityKind kind)
{
    return kind == EntityKind::Policy ? DeliveredKind::Policy : DeliveredKind::Route;
}

ChangeAction actionOf(ConfigStep step)
{
    switch (step) {
    case ConfigStep::Create:
        return ChangeAction::Add;
    case ConfigStep::Update:
    case ConfigStep::Attach:
    case ConfigStep::Detach:
        return ChangeAction::Update;
    case ConfigStep::Delete:
        return ChangeAction::Remove;
    }
    return ChangeAction::Update;
}

QByteArray contentOf(const Entity& entity)
{
    const auto object = std::visit([](const auto& value) { return toJson(value); }, entity);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

DeliveryChange changeOf(const ConfigChange& change)
{
    DeliveryChange out { .kind = kindOf(configservice::kindOf(change.entity)),
        .action = actionOf(change.step),
        .id = idOf(change.entity),
        .name = nameOf(change.entity),
        .isForeign = change.step == ConfigStep::Attach };
    for (const auto& field : change.fields) {
        out.fields.push_back({ .name = field.field, .before = field.before, .after = field.after });
    }
    return out;
}

DeliveryRow rowOf(const ConfigIssue& issue)
{
    return { .kind = kindOf(issue.entity),
        .id = issue.id,
        .name = issue.name,
        .what = issue.what,
        .remedy = issue.remedy };
}

template <typename Value>
std::int64_t countOurs(const std::vector<Value>& entities, const QString& originator)
{
    return std::count_if(entities.begin(), entities.end(),
        [&](const Value& entity) { return entity.originatorId == originator; });
}

/// What was left as it is although it shall be otherwise: the target is not in step then, however
/// well all the rest went.
Result<void> nothingWithheld(const ConfigPlan& plan)
{
    const PreparedExport refused { .refusals = plan.refusals };
    if (const auto outcome = refused.outcome(); !outcome) {
        return outcome;
    }
    if (plan.conflicts.empty()) {
        return {};
    }
    const auto& conflict = plan.conflicts.front();
    return Error { .code = ErrorCode::InvalidInput,
        .what = conflict.what,
        .remedy = conflict.remedy,
        .field = conflict.entity == EntityKind::Policy ? u"policies"_s : u"routes"_s };
}

class ConfigDelivery final : public ChannelDelivery
{
public:
    explicit ConfigDelivery(const DeliveryJob& job)
        : m_job(job)
        , m_ownership(configOwnership(job.link.target(), job.link.options()))
    {
    }

    Result<void> plan(PlanDraft& draft) override
    {
        const auto client = m_job.link.configService();
        if (!client) {
            return client.error();
        }
        const auto state = readConfig(**client, m_job.control.stop);
        if (!state) {
            return state.error().code == ErrorCode::NotFound
                ? noConfigService(m_job.link.target().name)
                : state.error();
        }
        const auto blocked = blockedIds(m_job.store, m_job.link.target().id);
        if (!blocked) {
            return blocked.error();
        }
        const auto desired = desiredConfig(m_job.source.exports, m_ownership, *blocked);
        m_plan = planConfig(
            desired, *state, m_ownership, PlanChoices { .adopt = m_job.choices.adopt });
        describe(*state, draft);
        m_after = afterChanges(*state, m_plan);
        draft.setRoutes(routeRules(*state, m_ownership), routeRules(m_after, m_ownership));
        return {};
    }

    Result<void> apply(bool, AppliedDelivery& done) override
    {
        if (m_plan.isEmpty()) {
            return tellWithheld(done);
        }
        const auto client = m_job.link.configService();
        if (!client) {
            return client.error();
        }
        ConfigServiceEditor editor(**client);
        const auto report = applyConfig(editor, m_plan,
            { .progress =
                    [this](std::size_t sent, std::size_t total) {
                        m_job.control.progress({ .phase = DeliveryProgress::Phase::Writing,
                            .kind = DeliveredKind::Route,
                            .done = static_cast<std::int64_t>(sent),
                            .total = static_cast<std::int64_t>(total) });
                    } },
            m_job.control.stop);
        if (!report) {
            return report.error();
        }
        count(*report, done);
        if (const auto outcome = report->outcome(); !outcome) {
            return outcome;
        }
        const auto confirmed = confirmAdoption(m_job, sentRoutes(), true, done);
        return confirmed ? tellWithheld(done) : confirmed;
    }

private:
    Result<void> tellWithheld(AppliedDelivery& done) const
    {
        auto nothing = nothingWithheld(m_plan);
        done.withheld = !nothing;
        return nothing;
    }

    /// Our routes as the proxy has them now, those just written first.
    std::vector<StoredRoute> sentRoutes() const
    {
        std::vector<StoredRoute> out;
        for (const auto& route : m_after.routes) {
            if (route.originatorId == m_ownership.originatorId) {
                out.push_back({ .id = route.id,
                    .from = route.from,
                    .prefix = route.prefix,
                    .path = route.path,
                    .regex = route.regex });
            }
        }
        std::stable_partition(out.begin(), out.end(), [this](const StoredRoute& route) {
            return std::any_of(m_plan.changes.begin(), m_plan.changes.end(),
                [&route](const ConfigChange& change) { return idOf(change.entity) == route.id; });
        });
        return out;
    }

    void describe(const ConfigState& state, PlanDraft& draft)
    {
        for (const auto& change : m_plan.changes) {
            draft.add(changeOf(change), contentOf(change.entity));
        }
        draft.addRefusals(m_plan.refusals);
        auto& plan = draft.plan();
        for (const auto& issue : m_plan.conflicts) {
            plan.conflicts.push_back(rowOf(issue));
        }
        for (const auto& issue : m_plan.warnings) {
            plan.warnings.push_back(rowOf(issue));
            if (issue.needsPerson) {
                draft.hold(issue.what);
            }
        }
        const auto policies = countOurs(state.policies, m_ownership.originatorId);
        const auto routes = countOurs(state.routes, m_ownership.originatorId);
        plan.counts.policies.unchanged = policies - touched(EntityKind::Policy);
        plan.counts.routes.unchanged = routes - touched(EntityKind::Route);
        draft.guardPolicies(policies + routes, m_job.link.options().limits,
            m_job.source.exports.routes.empty() && m_job.source.exports.policies.empty());
    }

    /// Changes of what is ours there already.
    std::int64_t touched(EntityKind kind) const
    {
        return std::count_if(
            m_plan.changes.begin(), m_plan.changes.end(), [&](const ConfigChange& change) {
                return configservice::kindOf(change.entity) == kind
                    && (change.step == ConfigStep::Delete
                        || (change.step == ConfigStep::Update && wasOurs(change)));
            });
    }

    bool wasOurs(const ConfigChange& change) const
    {
        return change.before
            && std::visit([](const auto& value) { return value.originatorId; }, *change.before)
            == m_ownership.originatorId;
    }

    void count(const ConfigReport& report, AppliedDelivery& done) const
    {
        for (std::size_t i = 0; i < m_plan.changes.size(); ++i) {
            if (report.results[i].outcome != ChangeOutcome::Done) {
                continue;
            }
            const auto& change = m_plan.changes[i];
            auto& counts = configservice::kindOf(change.entity) == EntityKind::Policy
                ? done.counts.policies
                : done.counts.routes;
            ++(change.step == ConfigStep::Delete ? counts.deleted : counts.put);
            done.wrote = true;
        }
    }

    const DeliveryJob& m_job;
    Ownership m_ownership;
    ConfigPlan m_plan;
    ConfigState m_after; // once the plan is carried out
};

} // namespace

std::unique_ptr<ChannelDelivery> configDelivery(const DeliveryJob& job)
{
    return std::make_unique<ConfigDelivery>(job);
}

Ownership configOwnership(const ProxyTarget& target, const TargetOptions& options)
{
    return { .originatorId = options.originator, .idSpace = QUuid(target.id) };
}

Error noConfigService(const QString& targetName)
{
    return { .code = ErrorCode::NotFound,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "“%1” has no configuration service."), targetName),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Pomerium Core has one since 0.33. Deliver policies by configuration file, or upgrade "
            "the proxy.")),
        .field = u"policy_channel"_s };
}

} // namespace portreeve
