// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/configdelivery.h"

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/delivery/adoptioncheck.h"
#include "core/proxy/delivery/configfindings.h"

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace configservice;

namespace {

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
        for (const auto& change : m_plan.changes) {
            draft.add(deliveryChange(change), contentOf(change.entity));
        }
        m_after = afterChanges(*state, m_plan);
        addConfigFindings(m_job, m_plan, *state, draft);
        draft.setRoutes(routeRules(*state, m_ownership), routeRules(m_after, m_ownership));
        return {};
    }

    Result<void> apply(bool, AppliedDelivery& done) override
    {
        if (m_plan.isEmpty()) {
            return nothingWithheld(m_plan);
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
        const auto confirmed = confirmAdoption(
            m_job, sentRoutes(m_plan, m_after, m_ownership.originatorId), true, done);
        return confirmed ? nothingWithheld(m_plan) : confirmed;
    }

private:
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
