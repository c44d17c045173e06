// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/databroker/directoryplan.h"

#include <functional>
#include <stop_token>

namespace portreeve {

class DatabrokerClient;
class DatabrokerLease;
struct PushBatch;

enum class PushPhase { Reading, Writing, Verifying, Waiting };

struct PushProgress
{
    PushPhase phase = PushPhase::Reading;
    std::int64_t done = 0;
    std::int64_t total = 0; ///< 0 while unknown
    std::chrono::milliseconds wait { 0 }; ///< Waiting: until the next try
};

/// Local memory of a push, so that a crash in mid-push leaves no record without an owner.
struct PushJournal
{
    /// Before a batch is sent: its puts become ours. An error stops the push.
    std::function<Result<void>(const PushBatch& batch)> begin {};
    /// After the server took it: its deletions are no longer ours.
    std::function<Result<void>(const PushBatch& batch)> finish {};
};

struct PushOptions
{
    QString originator = QStringLiteral("portreeve"); ///< of the lease "directory-sync/<it>"
    WriteOrder order = WriteOrder::AdditionsFirst;
    /// What a person agreed to when a plan was held. More deletions than that hold again.
    std::optional<std::int64_t> allowedDeletions {};
    QSet<QString> deletedLately {}; ///< ids the last hour's pushes deleted: slow to put again
    int attempts = 8; ///< 1 = no retry
};

enum class PushState {
    Unchanged, ///< nothing had to be written, nothing was
    Done, ///< written and seen there
    Incomplete, ///< written except for the refused or unverified records
    Held,
    Cancelled,
    Failed,
};

QString pushStateName(PushState state); ///< "done"

/// Why a push with such a record does not bring its target in step.
Error recordTooLarge(const ForeignRecord& record);

/// What a push did, also when it did not come to its end.
struct DirectoryPushOutcome
{
    PushState state = PushState::Failed;
    DirectoryPlan plan {}; ///< of the last attempt
    std::optional<Error> error {};
    RecordCounts users {}; ///< acknowledged by the server, over all attempts
    RecordCounts groups {};
    std::vector<ForeignRecord> unverified {}; ///< read back with another value
    std::int64_t foreignChanges = 0; ///< records others changed while we wrote
    DirectoryPosition position {}; ///< to watch from
    int attempts = 0;
    int puts = 0;
    std::int64_t bytesPut = 0;
    std::chrono::milliseconds elapsed { 0 };

    RecordCounts& of(DirectoryRecordKind kind);
};

/// Channel B: brings the directory records of one databroker in step (proxy.md 5.4). Blocks.
class DirectoryPush
{
public:
    using ProgressSink = std::function<void(const PushProgress&)>;

    DirectoryPush(const DatabrokerClient& client, Clock& clock, PushOptions options);

    void setProgress(ProgressSink sink);
    void setJournal(PushJournal journal);

    /// Reads and compares; writes nothing and takes no lease.
    Result<DirectoryPlan> plan(const DesiredDirectory& desired, const std::stop_token& stop);

    /// Takes the lease, compares anew, writes, reads back. Temporary failures are tried again from
    /// the comparison on, so nothing is written twice.
    DirectoryPushOutcome push(const DesiredDirectory& desired, const std::stop_token& stop);

private:
    Result<void> attempt(const DesiredDirectory& desired, DirectoryPushOutcome& outcome,
        DatabrokerLease& lease, const std::stop_token& stop);
    Result<DirectoryPlan> read(const DesiredDirectory& desired, const std::stop_token& stop);
    void noteSlowRecords(DirectoryPlan& plan) const;
    Result<void> write(
        DirectoryPushOutcome& outcome, DatabrokerLease& lease, const std::stop_token& stop);
    Result<void> send(
        const PushBatch& batch, DirectoryPushOutcome& outcome, const std::stop_token& stop);
    Result<void> verify(DirectoryPushOutcome& outcome, const std::stop_token& stop);
    bool waitToRetry(int attempt, const std::stop_token& stop);
    void report(const PushProgress& progress) const;

    const DatabrokerClient& m_client;
    Clock& m_clock;
    PushOptions m_options;
    ProgressSink m_progress;
    PushJournal m_journal;
};

} // namespace portreeve
