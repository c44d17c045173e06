// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/diff.h"
#include "core/sync/revert.h"
#include "core/sync/syncrunner.h"

namespace portreeve {

namespace {

Error nothingToRevert(const RunRecord& run)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "Run %1 changed nothing, so there is nothing to revert."),
            QString::number(run.id)),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Pick a run that changed something.")) };
}

} // namespace

Result<SyncPlan> SyncRunner::planRevert(std::int64_t runId)
{
    auto& store = m_services.store;
    const auto run = store.runs().byId(runId);
    if (!run) {
        return run.error();
    }
    if (run->generation == 0) {
        return nothingToRevert(*run);
    }
    const auto connection = store.connections().byId(run->connectionId);
    const auto stored = store.directory().load(run->connectionId);
    if (!connection || !stored) {
        return connection ? stored.error() : connection.error();
    }
    const auto changes = store.runs().allChanges(runId);
    if (!changes) {
        return changes.error();
    }
    const auto target = withoutRun(*stored->snapshot, *changes);
    if (!target) {
        return target.error();
    }
    // Without a source state the next sync reads everything, so the provider has the last word.
    SyncPlan plan { .connectionId = connection->id,
        .connectionName = connection->name,
        .baseGeneration = stored->generation,
        .fingerprint = settingsFingerprint(*connection),
        .changes = diffSnapshots(stored->snapshot, *target),
        .notes = (*target)->notes(),
        .tenantId = connection->tenantId,
        .revertsRun = runId };
    if (const auto guarded = guardPlan(plan, *connection, *stored, false); !guarded) {
        return guarded.error();
    }
    return plan;
}

} // namespace portreeve
