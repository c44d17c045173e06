// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/configdelivery.h"

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/delivery/adoptioncheck.h"
#include "core/proxy/delivery/blocklift.h"
#include "core/proxy/delivery/configfindings.h"

#include <algorithm>

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
        if (m_job.source.fileError) {
            return *m_job.source.fileError;
        }
        const auto client = m_job.link.config();
        if (!client) {
            return client.error();
        }
        const auto state = readConfig(**client, m_job.control.stop);
        if (!state) {
            return state.error();
        }
        // Not before reading the proxy: "Block now" waits for no delivery that is going on, and a
        // block put there meanwhile would look like one that nobody wants.
        const auto blocked = m_job.store.targets().blockedUsers(m_job.link.target().id);
        if (!blocked) {
            return blocked.error();
        }
        auto blocks = splitBlocks(*blocked, deliveredRecords(), m_job.clock.nowUtc());
        m_lifted = std::move(blocks.lifted);
        const auto desired = desiredConfig(m_job.source.exports, m_ownership, blocks.kept);
        auto attached = m_job.store.attachments().list(m_job.link.target().id);
        if (!attached) {
            return attached.error();
        }
        m_attached = *std::move(attached);
        m_plan = planConfig(desired, *state, m_ownership, planChoices());
        for (const auto& change : m_plan.changes) {
            draft.add(deliveryChange(change), contentOf(change.entity));
        }
        std::transform(
            m_lifted.begin(), m_lifted.end(), std::back_inserter(draft.plan().notes), liftNote);
        m_after = afterChanges(*state, m_plan);
        addConfigFindings(m_job, m_plan, *state, draft);
        auto routes = comparedRoutes(*state, m_after, m_plan, m_ownership);
        draft.setRoutes(std::move(routes.before), std::move(routes.after));
        return {};
    }

    Result<void> apply(bool, AppliedDelivery& done) override
    {
        auto applied = write(done);
        done.positions = m_job.link.configPositions(); // behind whatever was written
        return applied;
    }

private:
    Result<void> write(AppliedDelivery& done)
    {
        if (m_plan.isEmpty()) {
            const auto settled = settle(done);
            return settled ? nothingWithheld(m_plan, done) : settled;
        }
        const auto editor = m_job.link.configEditor();
        if (!editor) {
            return editor.error();
        }
        const auto report = applyConfig(**editor, m_plan,
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
        if (const auto settled = settle(done); !settled) {
            return settled;
        }
        const auto confirmed = confirmAdoption(
            m_job, sentRoutes(m_plan, m_after, m_ownership.originatorId), true, done);
        return confirmed ? nothingWithheld(m_plan, done) : confirmed;
    }

    PlanChoices planChoices() const
    {
        PlanChoices out { .adopt = m_job.choices.adopt };
        for (const auto& attachment : m_attached) {
            (attachment.wanted ? out.attach : out.detach)
                .push_back({ .routeId = attachment.routeId, .policyId = attachment.policyId });
        }
        return out;
    }

    /// Null where the target gets none of us, so that nobody can be told gone from them.
    const DirectoryRecords* deliveredRecords() const
    {
        return m_job.link.options().directoryChannel == DirectoryChannel::Databroker
            ? m_job.source.records.get()
            : nullptr;
    }

    /// What was remembered until the proxy has it.
    Result<void> settle(AppliedDelivery& done)
    {
        const auto lifted = liftBlocks(m_job.store, m_job.link.target().id, m_lifted);
        if (!lifted) {
            return lifted.error();
        }
        std::transform(m_lifted.begin(), m_lifted.end(), std::back_inserter(done.notes), liftNote);
        return forgetDetached();
    }

    /// Those that are off the proxy, and nobody's wish or without their policy. A policy that this
    /// delivery refuses is no such thing: it is still there.
    Result<void> forgetDetached()
    {
        const auto& policies = m_job.source.exports.policies;
        std::vector<AttachedPolicy> gone;
        for (const auto& attachment : m_attached) {
            const bool isStored = std::any_of(
                policies.begin(), policies.end(), [&attachment](const StoredPolicy& policy) {
                    return policy.id == attachment.policyId;
                });
            const bool isOn = std::any_of(
                m_after.routes.begin(), m_after.routes.end(), [&](const RouteEntity& route) {
                    const auto id = m_ownership.policyId(attachment.policyId);
                    return route.id == attachment.routeId
                        && std::find(route.policyIds.begin(), route.policyIds.end(), id)
                        != route.policyIds.end();
                });
            if (!isOn && (!attachment.wanted || !isStored)) {
                gone.push_back(attachment);
            }
        }
        return gone.empty() ? Result<void>()
                            : m_job.store.attachments().forget(m_job.link.target().id, gone);
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
    std::vector<AttachedPolicy> m_attached;
    std::vector<BlockedUser> m_lifted; // blocks that end with this delivery
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

} // namespace portreeve
