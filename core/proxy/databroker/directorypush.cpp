// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorypush.h"

#include "core/net/httpclient.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/databrokerlease.h"
#include "core/proxy/databroker/directorydiff.h"
#include "core/proxy/databroker/pushbatches.h"
#include "core/proxy/databroker/pushverification.h"

#include <QRandomGenerator>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::array kKinds { DirectoryRecordKind::Group, DirectoryRecordKind::User };
constexpr std::int64_t kReportEvery = 1'000;

/// What a later try, with nothing changed by a person, can mend.
bool canRetry(ErrorCode code)
{
    return code == ErrorCode::Network || code == ErrorCode::Timeout || code == ErrorCode::Stale;
}

/// 1 s, doubled up to 60 s, each with up to a quarter more so that consoles do not march in step.
std::chrono::milliseconds backOff(int attempt)
{
    constexpr int mostDoublings = 6;
    constexpr int longest = 60'000;
    constexpr int jitterPart = 4;
    const int base = std::min(1'000 << std::min(attempt - 1, mostDoublings), longest);
    return std::chrono::milliseconds(
        base + QRandomGenerator::global()->bounded(base / jitterPart + 1));
}

Error storeReplaced(const DatabrokerClient& client)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 was restarted in the middle of the push."),
            client.endpoint().address()),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "The next push compares anew and delivers what is missing.")) };
}

Error notAsWritten(const DatabrokerClient& client, const std::vector<ForeignRecord>& records)
{
    return { .code = ErrorCode::Stale,
        .what
        = message(QT_TRANSLATE_NOOP("Message",
                      "%1 of the records written to %2 read back with another value, first %3."),
            QString::number(records.size()), client.endpoint().address(), records.front().id),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Somebody else writes there at the same time. End the other writer; the next push "
            "mends the records.")) };
}

} // namespace

Error recordTooLarge(const ForeignRecord& record)
{
    return { .code = ErrorCode::LimitExceeded,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The record of %1 (%2) is larger than 1 MiB and was not delivered; "
                            "everything else was."),
            record.id, record.label),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Export fewer groups of this person, with rules on the connection, then push "
            "again.")) };
}

QString pushStateName(PushState state)
{
    switch (state) {
    case PushState::Unchanged:
        return u"unchanged"_s;
    case PushState::Done:
        return u"done"_s;
    case PushState::Incomplete:
        return u"incomplete"_s;
    case PushState::Held:
        return u"held"_s;
    case PushState::Cancelled:
        return u"cancelled"_s;
    case PushState::Failed:
        return u"failed"_s;
    }
    return {};
}

RecordCounts& DirectoryPushOutcome::of(DirectoryRecordKind kind)
{
    return kind == DirectoryRecordKind::User ? users : groups;
}

DirectoryPush::DirectoryPush(const DatabrokerClient& client, Clock& clock, PushOptions options)
    : m_client(client)
    , m_clock(clock)
    , m_options(std::move(options))
{
}

void DirectoryPush::setProgress(ProgressSink sink)
{
    m_progress = std::move(sink);
}

void DirectoryPush::setJournal(PushJournal journal)
{
    m_journal = std::move(journal);
}

Result<DirectoryPlan> DirectoryPush::plan(
    const DesiredDirectory& desired, const std::stop_token& stop)
{
    return read(desired, stop);
}

DirectoryPushOutcome DirectoryPush::push(
    const DesiredDirectory& desired, const std::stop_token& stop)
{
    DirectoryPushOutcome outcome;
    const auto started = m_clock.monotonic();
    DatabrokerLease lease(m_client, m_clock, u"directory-sync/"_s + m_options.originator);
    while (true) {
        ++outcome.attempts;
        const auto result = attempt(desired, outcome, lease, stop);
        if (result) {
            break;
        }
        outcome.error = result.error();
        const bool again = canRetry(result.error().code) && outcome.attempts < m_options.attempts;
        if (!again || !waitToRetry(outcome.attempts, stop)) {
            const bool cancelled
                = result.error().code == ErrorCode::Cancelled || stop.stop_requested();
            outcome.state = cancelled ? PushState::Cancelled : PushState::Failed;
            break;
        }
        outcome.error.reset();
    }
    outcome.elapsed = m_clock.monotonic() - started;
    return outcome;
}

Result<void> DirectoryPush::attempt(const DesiredDirectory& desired, DirectoryPushOutcome& outcome,
    DatabrokerLease& lease, const std::stop_token& stop)
{
    if (auto taken = lease.take(stop); !taken) {
        return taken;
    }
    auto plan = read(desired, stop);
    if (!plan) {
        return plan.error();
    }
    outcome.plan = std::move(*plan);
    outcome.position = outcome.plan.position;
    outcome.unverified.clear();
    const bool agreed
        = m_options.allowedDeletions && outcome.plan.deletions() <= *m_options.allowedDeletions;
    if (!outcome.plan.holds.empty() && !agreed) {
        outcome.state = PushState::Held;
        return {};
    }
    outcome.state = outcome.puts == 0 ? PushState::Unchanged : PushState::Done;
    if (!outcome.plan.changes.empty()) {
        if (auto written = write(outcome, lease, stop); !written) {
            return written;
        }
        if (auto verified = verify(outcome, stop); !verified) {
            return verified;
        }
        outcome.state = PushState::Done;
    }
    if (!outcome.plan.refused.empty()) {
        outcome.state = PushState::Incomplete;
        outcome.error = recordTooLarge(outcome.plan.refused.front());
    }
    if (!outcome.unverified.empty()) {
        outcome.state = PushState::Incomplete;
        outcome.error = notAsWritten(m_client, outcome.unverified);
    }
    return {};
}

Result<DirectoryPlan> DirectoryPush::read(
    const DesiredDirectory& desired, const std::stop_token& stop)
{
    DirectoryDiff diff(desired);
    DirectoryPosition position;
    std::vector<Message> notes;
    std::int64_t visited = 0;
    for (const auto kind : kKinds) {
        const auto latest = m_client.syncLatest(
            recordTypeOf(kind),
            [&](DatabrokerRecord&& record) {
                diff.visit(kind, std::move(record));
                if (++visited % kReportEvery == 0) {
                    report({ .phase = PushPhase::Reading, .done = visited });
                }
            },
            stop);
        if (!latest) {
            return latest.error();
        }
        if (kind != kKinds.front() && latest->position.serverVersion != position.serverVersion) {
            return storeReplaced(m_client);
        }
        position.serverVersion = latest->position.serverVersion;
        position.version(kind) = latest->position.recordVersion;
        if (latest->options && latest->options->capacity) {
            notes.push_back(message(
                QT_TRANSLATE_NOOP("Message",
                    "The proxy keeps at most %1 records of type %2 and deletes the oldest by "
                    "itself: people will lose access. Take that capacity option away."),
                QString::number(*latest->options->capacity), QString(recordTypeOf(kind))));
        }
    }
    auto plan = diff.take(position, m_options.order);
    plan.notes = std::move(notes);
    noteSlowRecords(plan);
    return plan;
}

void DirectoryPush::noteSlowRecords(DirectoryPlan& plan) const
{
    const auto again = std::count_if(
        plan.changes.begin(), plan.changes.end(), [this](const RecordChange& change) {
            return change.action == RecordAction::Add
                && m_options.deletedLately.contains(change.id);
        });
    if (again > 0) {
        plan.notes.push_back(
            message(QT_TRANSLATE_NOOP("Message",
                        "%1 of the new records were deleted within the last hour; the proxy takes "
                        "up to two seconds for 500 of them."),
                QString::number(again)));
    }
}

Result<void> DirectoryPush::write(
    DirectoryPushOutcome& outcome, DatabrokerLease& lease, const std::stop_token& stop)
{
    auto queue = cutIntoBatches(outcome.plan.changes);
    const auto total = static_cast<std::int64_t>(outcome.plan.changes.size());
    std::int64_t done = 0;
    report({ .phase = PushPhase::Writing, .total = total });
    while (!queue.empty()) {
        if (stop.stop_requested()) {
            return cancelledError();
        }
        if (auto kept = lease.keep(stop); !kept) {
            return kept;
        }
        const auto batch = queue.front();
        queue.pop_front();
        const auto sent = send(batch, outcome, stop);
        const bool isTooLarge = !sent && sent.error().code == ErrorCode::LimitExceeded;
        if (!sent && !isTooLarge) {
            return sent;
        }
        if (isTooLarge && batch.changes.size() > 1) {
            const auto [lower, upper] = halved(batch);
            queue.push_front(upper);
            queue.push_front(lower);
            continue;
        }
        if (isTooLarge) {
            const auto& change = batch.changes.front();
            outcome.plan.refused.push_back(
                { .kind = change.kind, .id = change.id, .label = change.label });
        }
        done += static_cast<std::int64_t>(batch.changes.size());
        report({ .phase = PushPhase::Writing, .done = done, .total = total });
    }
    return {};
}

Result<void> DirectoryPush::send(
    const PushBatch& batch, DirectoryPushOutcome& outcome, const std::stop_token& stop)
{
    if (m_journal.begin) {
        if (auto begun = m_journal.begin(batch); !begun) {
            return begun;
        }
    }
    const auto answer = m_client.put(batch.records(), stop);
    ++outcome.puts;
    outcome.bytesPut += batch.bytes();
    if (!answer) {
        return answer.error();
    }
    // Should the push end here, what it has written is no news to whoever watches from there.
    auto& reached = outcome.position.version(batch.kind);
    for (const auto& record : answer->records) {
        reached = std::max(reached, record.version);
    }
    auto& counts = outcome.of(batch.kind);
    for (const auto& change : batch.changes) {
        switch (change.action) {
        case RecordAction::Add:
            ++counts.added;
            break;
        case RecordAction::Update:
            ++counts.updated;
            break;
        case RecordAction::Delete:
            ++counts.deleted;
            break;
        }
    }
    if (m_journal.finish) {
        if (auto finished = m_journal.finish(batch); !finished) {
            return finished;
        }
    }
    if (answer->serverVersion != outcome.plan.position.serverVersion) {
        return storeReplaced(m_client);
    }
    return {};
}

Result<void> DirectoryPush::verify(DirectoryPushOutcome& outcome, const std::stop_token& stop)
{
    for (const auto kind : kKinds) {
        PushVerification verification(outcome.plan, kind);
        std::int64_t seen = 0;
        const auto read = m_client.sync(
            { .from = outcome.plan.position.of(kind), .type = recordTypeOf(kind) },
            [&](DatabrokerRecord&& record) {
                auto& version = outcome.position.version(kind);
                version = std::max(version, record.version);
                verification.visit(record);
                if (++seen % kReportEvery == 0) {
                    report({ .phase = PushPhase::Verifying,
                        .done = seen,
                        .total = verification.total() });
                }
            },
            stop);
        if (!read) {
            return read;
        }
        outcome.foreignChanges += verification.foreignChanges();
        for (auto& record : verification.unverified()) {
            outcome.unverified.push_back(std::move(record));
        }
    }
    return {};
}

bool DirectoryPush::waitToRetry(int attempt, const std::stop_token& stop)
{
    const auto wait = backOff(attempt);
    report({ .phase = PushPhase::Waiting, .wait = wait });
    return m_clock.sleep(wait, stop);
}

void DirectoryPush::report(const PushProgress& progress) const
{
    if (m_progress) {
        m_progress(progress);
    }
}

} // namespace portreeve
