// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/delivery.h"

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/joincheck.h"
#include "core/proxy/delivery/activedelivery.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::chrono::milliseconds kFirstPause { 1'000 };
constexpr int kMostDoublings = 5;

Error planMoved(const QString& target)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The plan for “%1” is out of date: the directory, the "
                            "policies or the target moved since it was made."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Nothing was delivered. Make a new plan and review it.")) };
}

Error readOnlyTarget(const QString& target)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "“%1” is read only, so nothing was delivered to it."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Make a plan to compare, or switch “Read only” off in the target.")),
        .field = u"read_only"_s };
}

Error disabledTarget(const QString& target)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "“%1” is disabled."), target),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Enable the target first.")) };
}

Error noRecords(const QString& target)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP(
                            "Message", "“%1” gets no databroker records, so none can be compared."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Choose “Databroker records” as the target's directory channel.")),
        .field = u"directory_channel"_s };
}

/// Whether another try of the same thing, a little later, may pass.
bool mayPassLater(const Error& error)
{
    return error.code == ErrorCode::Network || error.code == ErrorCode::Timeout
        || error.code == ErrorCode::RateLimited || error.code == ErrorCode::Stale;
}

/// Faults of one channel that leave the others their way: content, and a channel that is not there.
bool isOfOneChannel(const Error& error)
{
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::InvalidInput
        || error.code == ErrorCode::Storage || error.code == ErrorCode::LimitExceeded;
}

void addUp(DeliveryCounts& sum, const DeliveryCounts& more)
{
    sum.put += more.put;
    sum.deleted += more.deleted;
}

void addUp(AppliedDelivery& sum, const AppliedDelivery& more)
{
    addUp(sum.counts.users, more.counts.users);
    addUp(sum.counts.groups, more.counts.groups);
    addUp(sum.counts.policies, more.counts.policies);
    addUp(sum.counts.routes, more.counts.routes);
    sum.wrote = sum.wrote || more.wrote;
    sum.confirmed = sum.confirmed && more.confirmed;
    sum.notes.insert(sum.notes.end(), more.notes.begin(), more.notes.end());
    for (const auto& [type, position] : more.positions) {
        sum.positions.insert_or_assign(type, position);
    }
}

/// A delivery with its channels: planned, and then perhaps applied.
class Attempt
{
public:
    explicit Attempt(const DeliveryJob& job)
        : m_job(job)
        , m_channels(channelsOf(job))
    {
    }

    Result<DeliveryPlan> plan()
    {
        PlanDraft draft;
        draft.plan().targetId = m_job.link.target().id;
        draft.plan().targetName = m_job.link.target().name;
        draft.plan().generation = m_job.source.generation;
        m_job.control.progress({ .phase = DeliveryProgress::Phase::Reading });
        for (auto& channel : m_channels) {
            const auto planned = channel->plan(draft);
            if (planned) {
                continue;
            }
            // With one channel alone nothing is left to deliver.
            if (!isOfOneChannel(planned.error()) || m_channels.size() == 1) {
                return planned.error();
            }
            draft.plan().blocked.push_back(planned.error());
            channel.reset();
        }
        std::erase(m_channels, nullptr);
        m_job.control.progress({ .phase = DeliveryProgress::Phase::Planning });
        return draft.seal(m_job.source.records);
    }

    /// Every channel is given its chance: one that fails takes nothing from the next.
    Result<void> apply(bool approved, AppliedDelivery& done)
    {
        std::optional<Error> first;
        done.confirmed = true;
        done.notes.clear(); // an earlier attempt's
        bool isWithheld = true;
        for (const auto& channel : m_channels) {
            AppliedDelivery part { .confirmed = true };
            const auto applied = channel->apply(approved, part);
            addUp(done, part);
            if (!applied) {
                if (!first) {
                    first = applied.error();
                }
                isWithheld = isWithheld && part.withheld;
            }
            if (!applied && !isOfOneChannel(applied.error())) {
                break;
            }
        }
        done.withheld = first && isWithheld;
        return first ? Result<void>(*first) : Result<void>();
    }

private:
    const DeliveryJob& m_job;
    std::vector<std::unique_ptr<ChannelDelivery>> m_channels;
};

/// One push from its claim to its record.
class Push
{
public:
    Push(const Delivery::Services& services, const PushRequest& request,
        const DeliveryControl& control, TargetLink& link)
        : m_services(services)
        , m_request(request)
        , m_control(control)
        , m_link(link)
    {
    }

    Result<DeliveryOutcome> run()
    {
        const auto active
            = ActiveDelivery::start(m_services.store, m_services.clock, m_link.target(), m_control);
        if (!active) {
            return active.error();
        }
        for (int attempt = 1;; ++attempt) {
            auto outcome = tryOnce(**active);
            const bool again = !outcome && attempt < m_control.attempts
                && mayPassLater(outcome.error()) && mayPlanAnew(outcome.error());
            if (!again || !pause(attempt)) {
                m_control.ended({ .pushId = (*active)->id(),
                    .positions = m_done.positions,
                    .isWithheld = m_done.withheld });
                return outcome ? outcome : (*active)->fail(outcome.error(), m_done);
            }
        }
    }

private:
    /// A plan that a person looked at is another one as soon as some of it was sent, and perhaps
    /// written although no answer came: the error of that try says what happened.
    bool mayPlanAnew(const Error& error) const
    {
        const bool isBound = !m_request.planHash.isEmpty() || !m_request.allowHeld.isEmpty();
        return !isBound || (!m_hasSent && error.code != ErrorCode::Stale);
    }

    Result<DeliveryOutcome> tryOnce(ActiveDelivery& active)
    {
        m_done.withheld = false;
        const auto source = loadDeliverySource(m_services.store, m_link.target(), m_link.options());
        if (!source) {
            return source.error();
        }
        const DeliveryJob job { .link = m_link,
            .source = *source,
            .choices = m_request.choices,
            .control = m_control,
            .store = m_services.store,
            .clock = m_services.clock,
            .publishBundle = m_services.publishBundle };
        Attempt attempt(job);
        auto plan = attempt.plan();
        if (!plan) {
            return plan.error();
        }
        active.setPlan(*plan);
        const bool isOther = (!m_request.planHash.isEmpty() && m_request.planHash != plan->planHash)
            || (!m_request.allowHeld.isEmpty() && m_request.allowHeld != plan->planHash);
        if (isOther) {
            return planMoved(m_link.target().name);
        }
        const bool approved = !m_request.allowHeld.isEmpty();
        if (plan->verdict == Verdict::Held && !approved) {
            return held(active, *std::move(plan));
        }
        m_hasSent = true;
        if (const auto applied = attempt.apply(approved, m_done); !applied) {
            return applied.error();
        }
        if (!plan->blocked.empty()) {
            return plan->blocked.front();
        }
        auto record = active.succeed(m_done);
        if (!record) {
            return record.error();
        }
        return DeliveryOutcome { .plan = *std::move(plan),
            .push = *std::move(record),
            .confirmed = m_done.confirmed,
            .notes = std::move(m_done.notes) };
    }

    static Result<DeliveryOutcome> held(ActiveDelivery& active, DeliveryPlan plan)
    {
        auto record = active.hold(plan.heldReasons.front());
        if (!record) {
            return record.error();
        }
        return DeliveryOutcome { .plan = std::move(plan), .push = *std::move(record) };
    }

    bool pause(int attempt)
    {
        const auto wait = kFirstPause * (1 << std::min(attempt - 1, kMostDoublings));
        m_control.progress({ .phase = DeliveryProgress::Phase::Waiting, .wait = wait });
        return m_services.clock.sleep(wait, m_control.stop);
    }

    const Delivery::Services& m_services;
    const PushRequest& m_request;
    const DeliveryControl& m_control;
    TargetLink& m_link;
    AppliedDelivery m_done;
    bool m_hasSent = false;
};

} // namespace

QString blockReportStateName(BlockReport::State state)
{
    switch (state) {
    case BlockReport::State::Done:
        return u"done"_s;
    case BlockReport::State::NotConfirmed:
        return u"written_not_confirmed"_s;
    case BlockReport::State::StillLetIn:
        return u"still_let_in"_s;
    }
    return {};
}

Delivery::Delivery(Services services)
    : m_services(std::move(services))
{
}

Result<int> Delivery::recover()
{
    return m_services.store.pushes().recover();
}

Result<std::unique_ptr<TargetLink>> Delivery::link(const QString& targetId) const
{
    auto target = m_services.store.targets().byId(targetId);
    if (!target) {
        return target.error();
    }
    return TargetLink::open({ .secrets = m_services.secrets,
                                .clock = m_services.clock,
                                .makeHttp = m_services.makeHttp },
        { .target = *std::move(target) });
}

Result<DeliveryPlan> Delivery::plan(
    const QString& targetId, const DeliveryChoices& choices, const DeliveryControl& control)
{
    const auto opened = link(targetId);
    if (!opened) {
        return opened.error();
    }
    const auto source
        = loadDeliverySource(m_services.store, (*opened)->target(), (*opened)->options());
    if (!source) {
        return source.error();
    }
    const DeliveryJob job { .link = **opened,
        .source = *source,
        .choices = choices,
        .control = control,
        .store = m_services.store,
        .clock = m_services.clock,
        .publishBundle = m_services.publishBundle };
    return Attempt(job).plan();
}

Result<DeliveryOutcome> Delivery::push(const PushRequest& request, const DeliveryControl& control)
{
    const auto opened = link(request.targetId);
    if (!opened) {
        return opened.error();
    }
    const auto& target = (*opened)->target();
    if (target.state == TargetState::Disabled) {
        return disabledTarget(target.name);
    }
    if ((*opened)->options().readOnly) {
        return readOnlyTarget(target.name);
    }
    return Push(m_services, request, control, **opened).run();
}

Result<JoinReport> Delivery::checkJoin(const QString& targetId, const DeliveryControl& control)
{
    const auto opened = link(targetId);
    if (!opened) {
        return opened.error();
    }
    if ((*opened)->options().directoryChannel != DirectoryChannel::Databroker) {
        return noRecords((*opened)->target().name);
    }
    const auto source
        = loadDeliverySource(m_services.store, (*opened)->target(), (*opened)->options());
    if (!source) {
        return source.error();
    }
    const auto client = (*opened)->openDatabroker();
    if (!client) {
        return client.error();
    }
    return portreeve::checkJoin(**client,
        { .records = *source->records,
            .unexported = unexportedPeople(*source->view, *source->records) },
        m_services.clock.nowUtc(), control.stop);
}

Result<std::unique_ptr<DatabrokerClient>> Delivery::openDatabroker(const QString& targetId)
{
    const auto opened = link(targetId);
    if (!opened) {
        return opened.error();
    }
    return (*opened)->options().usesDatabroker() ? (*opened)->openDatabroker()
                                                 : std::unique_ptr<DatabrokerClient>();
}

} // namespace portreeve
