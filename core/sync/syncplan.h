// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"
#include "core/base/result.h"
#include "core/directory/changeset.h"
#include "core/settings/connection.h"

#include <QByteArray>
#include <QJsonObject>

#include <optional>
#include <vector>

namespace portreeve {

/// Guards of sync-lifecycle.md 2.7, and two standing orders that hold removals like a guard.
enum class GuardId {
    G1,
    G2,
    G3,
    G4,
    G5,
    G6,
    G7,
    G8,
    G9,
    NeverRemove, ///< SyncRules::neverRemove
    ScopeChanged, ///< a scheduled run after a change of settings nobody has previewed
    OpenHold, ///< still waiting from an earlier run
};

/// A guard that said stop.
struct GuardTrip
{
    GuardId guard = GuardId::G1;
    Message reason {}; ///< one sentence with the numbers: "This sync would remove 40 of 200 users
                       ///< (20 %)."
    std::int64_t affected = 0;
    std::int64_t total = 0;
    std::vector<QString> groups {}; ///< G4: ids of the groups; else empty
    bool overridable = true; ///< false for G7
};

enum class Verdict {
    Nothing, ///< no changes
    Go,
    Held, ///< some removals wait; the rest may be applied
};

QString verdictName(Verdict verdict); ///< "nothing", "go", "held"
QString guardName(GuardId guard); ///< "G1", "never_remove"

/// Who gains or loses which route's access, as far as the directory decides it.
struct AccessChange
{
    QString userId {};
    QString userName {};
    QString route {};
    bool gained = false;
};

/// "changes", and how many of them are "gained" and "lost".
QJsonObject accessToJson(const std::vector<AccessChange>& access);

/// One fetch compared with one stored generation: what is shown, exported and applied is this
/// value.
struct SyncPlan
{
    QString connectionId {};
    QString connectionName {};
    std::int64_t baseGeneration = 0;
    QString fingerprint {}; ///< of the connection's settings the plan was made under
    bool firstRun = false;
    ChangeSet changes {}; ///< held entries are flagged
    ChangeCounts counts {};
    Verdict verdict = Verdict::Nothing;
    std::vector<GuardTrip> trips {};
    std::vector<AccessChange> access {}; ///< by user id, then route
    std::vector<Quarantined> quarantine {};
    std::vector<QString> notes {};
    std::size_t danglingMembers = 0;
    QByteArray sourceState {};
    QString tenantId {};
    std::optional<std::int64_t> revertsRun {}; ///< for the inverse of a run

    /// SHA-256, hex, over everything above that decides what is applied. Not over baseGeneration:
    /// a hold stays the same hold when the safe part of its plan has been committed.
    QString planHash {};

    /// Deterministic: equal plans give equal bytes. No secrets. Keys as in cli.md, plus "changes".
    QJsonObject toJson() const;

    /// The same as compact UTF-8 text, written straight from the columns: for large plans and
    /// files.
    QByteArray toJsonText() const;
};

/// Counts, verdict and hash of a plan whose changes and held flags are settled.
void sealPlan(SyncPlan& plan);

/// What is left to decide of a plan when its safe part is applied: the held rows, sealed.
SyncPlan heldPart(const SyncPlan& plan);

/// Keys, as removalKey() makes them, of the held rows in a plan's JSON; sorted.
std::vector<QString> heldKeys(const QByteArray& planJson);

/// What a plan file says about itself; the changes are made anew from the source and compared by
/// hash.
struct PlanFile
{
    QString connectionId {};
    QString connectionName {};
    std::int64_t baseGeneration = 0;
    QString planHash {};
};

Result<PlanFile> readPlanFile(const QByteArray& json);

} // namespace portreeve
