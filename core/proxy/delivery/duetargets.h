// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/store.h"

#include <chrono>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace portreeve {

struct SeenTarget
{
    QString id {};
    bool isAutomatic = false; ///< delivered to without being asked
    bool waitsForPerson = false; ///< needs attention, or holds a delivery back
    bool isOnline = false; ///< talks to a proxy, which may lose what it was given
    QByteArray fingerprint {}; ///< deliveryFingerprint()
};

struct TargetsLook
{
    std::int64_t version = 0; ///< Store::dataVersion()
    std::vector<SeenTarget> targets {}; ///< empty when the version is the one seen before
    std::optional<UtcTime> changesAt {}; ///< when to look again although nobody writes
};

/// What the store says about targets by now. Targets that wait for a person to deliver are marked
/// as behind when the directory has moved.
/// @param seenVersion  negative looks in any case
Result<TargetsLook> lookAtTargets(Store& store, std::int64_t seenVersion, UtcTime now);

/// Which targets are to be delivered to by themselves, and when. Pure; times are monotonic.
class DueTargets
{
public:
    struct Pauses
    {
        std::chrono::milliseconds firstRetry { 1'000 }; ///< doubled after each failure
        std::chrono::milliseconds longestRetry { 60'000 };
        std::chrono::milliseconds retryOfHopeless { 600'000 }; ///< wrong secret, refused content
        std::chrono::milliseconds compareEvery { 300'000 }; ///< where nobody tells what changes
    };

    struct End
    {
        QByteArray fingerprint {}; ///< of what was delivered
        bool failed = false;
        bool isHopeless = false; ///< failed in a way that time does not mend
        bool isWithheld = false; ///< failed by content that was left out; only a change helps
        bool isWatched = false; ///< what others do there from now on is told
        std::chrono::milliseconds now { 0 };
    };

    explicit DueTargets(const Pauses& pauses);

    void take(const std::vector<SeenTarget>& targets);
    bool isKept(const QString& id) const; ///< known and automatic

    std::vector<std::pair<QString, PushTrigger>> at(std::chrono::milliseconds now) const;

    void noteStart(const QString& id);
    void noteEnd(const QString& id, const End& end);

    /// Somebody else wrote: mended at once, but with growing pauses where they keep doing so.
    void noteDrift(const QString& id, std::chrono::milliseconds now);

    /// Another process delivered: compared once, in case somebody else wrote at the same time.
    void noteElsewhere(const QString& id);

    /// The proxy is back, perhaps with nothing: no pause.
    void noteRestart(const QString& id);

private:
    struct Entry
    {
        SeenTarget seen {};
        QByteArray delivered {};
        std::optional<PushTrigger> pending {};
        std::chrono::milliseconds notBefore { 0 };
        std::optional<std::chrono::milliseconds> compareAt {}; ///< whatever was told or not
        int failures = 0;
        bool wasStuck = false;
        int drifts = 0; ///< in a row
        std::chrono::milliseconds lastDrift { 0 };
    };

    Pauses m_pauses;
    std::map<QString, Entry> m_entries;
};

} // namespace portreeve
