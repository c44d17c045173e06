// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/activedelivery.h"

#include "core/base/logging.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Error alreadyDelivering(const ProxyTarget& target)
{
    return { .code = ErrorCode::LimitExceeded,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "A delivery to “%1” is going on already."), target.name),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "Wait until it has ended, then try again.")) };
}

QJsonObject writtenJson(const DeliveryCounts& counts)
{
    return { { u"put"_s, qint64(counts.put) }, { u"deleted"_s, qint64(counts.deleted) } };
}

bool isAutomatic(PushTrigger trigger)
{
    return trigger == PushTrigger::Commit || trigger == PushTrigger::Drift
        || trigger == PushTrigger::Restart;
}

bool changedSomething(const PushCounts& counts)
{
    const auto any = [](const DeliveryCounts& kind) { return kind.put != 0 || kind.deleted != 0; };
    return any(counts.users) || any(counts.groups) || any(counts.policies) || any(counts.routes);
}

/// Another writer, a busy target and a proxy that is away sort themselves out.
TargetState stateAfter(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
    case ErrorCode::Stale:
    case ErrorCode::Held:
        return TargetState::Behind;
    case ErrorCode::Network:
    case ErrorCode::Timeout:
    case ErrorCode::RateLimited:
        return TargetState::Unreachable;
    case ErrorCode::Tls:
    case ErrorCode::Auth:
    case ErrorCode::Permission:
    case ErrorCode::NotFound:
    case ErrorCode::ClockSkew:
    case ErrorCode::BadResponse:
    case ErrorCode::InvalidInput:
    case ErrorCode::LimitExceeded:
    case ErrorCode::Storage:
    case ErrorCode::SecretStore:
    case ErrorCode::Internal:
        return TargetState::NeedsAttention;
    }
    return TargetState::NeedsAttention;
}

PushCounts withUnchanged(PushCounts counts, const PushCounts& planned)
{
    counts.users.unchanged = planned.users.unchanged;
    counts.groups.unchanged = planned.groups.unchanged;
    counts.policies.unchanged = planned.policies.unchanged;
    counts.routes.unchanged = planned.routes.unchanged;
    return counts;
}

} // namespace

ProxyTarget afterDelivery(ProxyTarget target, const PushRecord& record, UtcTime now)
{
    target.lastPushAt = now;
    target.lastError = record.error;
    switch (record.outcome) {
    case PushOutcome::Succeeded:
    case PushOutcome::Unchanged:
        target.state = TargetState::InStep;
        target.stateReason = {};
        target.lastSuccessAt = now;
        target.generation = record.generation;
        if (target.listener && target.listener->error) {
            // Made, but given out to nobody.
            target.state = TargetState::NeedsAttention;
            target.stateReason = target.listener->error->what;
            target.lastError = target.listener->error;
        }
        return target;
    case PushOutcome::Held:
        target.state = TargetState::Held;
        target.stateReason = record.error ? record.error->what : Message();
        target.lastError.reset();
        return target;
    case PushOutcome::Failed:
    case PushOutcome::Cancelled:
    case PushOutcome::Interrupted:
        target.state = record.error ? stateAfter(*record.error) : TargetState::Behind;
        target.stateReason = record.error ? record.error->what : Message();
        return target;
    }
    return target;
}

ActiveDelivery::ActiveDelivery(
    Store& store, const Clock& clock, QString targetId, const DeliveryControl& control)
    : m_store(store)
    , m_clock(clock)
    , m_control(control)
    , m_targetId(std::move(targetId))
{
}

Result<std::unique_ptr<ActiveDelivery>> ActiveDelivery::start(
    Store& store, const Clock& clock, const ProxyTarget& target, const DeliveryControl& control)
{
    const auto claimed = store.targets().claimPush(target.id);
    if (!claimed) {
        return claimed.error();
    }
    if (!*claimed) {
        return alreadyDelivering(target);
    }
    std::unique_ptr<ActiveDelivery> delivery(new ActiveDelivery(store, clock, target.id, control));
    PushRecord push { .targetId = target.id,
        .targetName = target.name,
        .trigger = control.trigger,
        .actor = control.actor };
    if (control.cause) {
        push.notes.push_back(control.cause->english());
    }
    auto begun = store.pushes().begin(std::move(push));
    if (!begun) {
        return begun.error();
    }
    delivery->m_begun = *std::move(begun);
    return delivery;
}

ActiveDelivery::~ActiveDelivery()
{
    if (const auto released = m_store.targets().releasePush(m_targetId); !released) {
        qCWarning(lcProxy).noquote() << released.error().toText();
    }
}

void ActiveDelivery::setPlan(const DeliveryPlan& plan)
{
    constexpr std::size_t mostIds = 1'000;
    m_begun.generation = plan.generation;
    m_planned = plan.counts;
    m_serverVersion = plan.serverVersion;
    m_ids = {};
    const std::size_t named = std::min(plan.changes.size(), mostIds);
    for (std::size_t i = 0; i < named; ++i) {
        m_ids.append(QString(deliveredKindName(plan.changes[i].kind) + u':' + plan.changes[i].id));
    }
    m_idsLeftOut = static_cast<std::int64_t>(plan.changes.size() - named);
}

Result<std::optional<PushRecord>> ActiveDelivery::succeed(const AppliedDelivery& done)
{
    PushRecord record = m_begun;
    record.outcome = done.wrote ? PushOutcome::Succeeded : PushOutcome::Unchanged;
    record.counts = withUnchanged(done.counts, m_planned);
    for (const auto& note : done.notes) {
        record.notes.push_back(note.english());
    }
    return settle(std::move(record));
}

Result<std::optional<PushRecord>> ActiveDelivery::hold(const Message& reason)
{
    PushRecord record = m_begun;
    record.outcome = PushOutcome::Held;
    record.counts = withUnchanged({}, m_planned);
    record.error = Error { .code = ErrorCode::Held,
        .what = reason,
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Look at the plan; let it through when it is meant.")) };
    return settle(std::move(record));
}

Error ActiveDelivery::fail(const Error& error, const AppliedDelivery& done)
{
    PushRecord record = m_begun;
    record.outcome
        = error.code == ErrorCode::Cancelled ? PushOutcome::Cancelled : PushOutcome::Failed;
    record.counts = withUnchanged(done.counts, m_planned);
    record.error = error;
    if (const auto settled = settle(std::move(record)); !settled) {
        qCWarning(lcProxy).noquote() << settled.error().toText();
    }
    return error;
}

Result<std::optional<PushRecord>> ActiveDelivery::settle(PushRecord record)
{
    record.finishedAt = m_clock.nowUtc();
    const auto keep = isWorthKeeping(record);
    if (!keep) {
        return keep.error();
    }
    const auto written
        = *keep ? m_store.pushes().finish(record) : m_store.pushes().discard(record.id);
    if (!written) {
        return written.error();
    }
    if (*keep) {
        if (const auto audited = writeAudit(record); !audited) {
            return audited.error();
        }
        qCInfo(lcProxy).noquote() << "delivery to" << record.targetName
                                  << pushOutcomeName(record.outcome);
    }
    if (const auto updated = writeState(record); !updated) {
        return updated.error();
    }
    return *keep ? std::optional(std::move(record)) : std::nullopt;
}

Result<void> ActiveDelivery::writeState(const PushRecord& record)
{
    // Read again: an administrator may have changed or removed it meanwhile.
    auto now = m_store.targets().byId(m_targetId);
    if (!now) {
        return now.error().code == ErrorCode::NotFound ? Result<void>() : now.error();
    }
    ProxyTarget after = afterDelivery(*std::move(now), record, m_clock.nowUtc());
    if (m_serverVersion != 0 && record.outcome != PushOutcome::Held) {
        after.recordVersion = m_serverVersion;
    }
    return m_store.targets().updateState(after);
}

/// A proxy that is away for days fills the history with one line, not with thousands.
Result<bool> ActiveDelivery::isWorthKeeping(const PushRecord& record)
{
    if (!isAutomatic(record.trigger) || changedSomething(record.counts)) {
        return true;
    }
    if (record.outcome == PushOutcome::Unchanged) {
        return false;
    }
    constexpr int lastTwo = 2;
    const auto earlier = m_store.pushes().list(record.targetId, lastTwo);
    if (!earlier) {
        return earlier.error();
    }
    return std::none_of(earlier->begin(), earlier->end(), [&](const PushRecord& other) {
        return other.id != record.id && other.outcome == record.outcome
            && other.error.has_value() == record.error.has_value()
            && (!record.error
                || (other.error->code == record.error->code
                    && other.error->what == record.error->what));
    });
}

Result<void> ActiveDelivery::writeAudit(const PushRecord& record)
{
    QJsonObject details { { u"target"_s, record.targetName },
        { u"push_id"_s, QString::number(record.id) },
        { u"trigger"_s, pushTriggerName(record.trigger) },
        { u"outcome"_s, pushOutcomeName(record.outcome) },
        { u"users"_s, writtenJson(record.counts.users) },
        { u"groups"_s, writtenJson(record.counts.groups) },
        { u"policies"_s, writtenJson(record.counts.policies) },
        { u"routes"_s, writtenJson(record.counts.routes) } };
    if (!m_ids.isEmpty()) {
        details.insert(u"records"_s, m_ids);
        details.insert(u"records_left_out"_s, qint64(m_idsLeftOut));
    }
    if (record.error) {
        details.insert(u"code"_s, errorCodeName(record.error->code));
    }
    return m_store.audit().append({ .at = m_clock.nowUtc(),
        .actor = isAutomatic(record.trigger) ? u"system"_s : m_control.actor,
        .event = u"push_finished"_s,
        .subject = record.targetId,
        .details = auditDetails(details),
        .generation = record.generation });
}

} // namespace portreeve
