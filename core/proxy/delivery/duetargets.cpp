// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/duetargets.h"

#include "core/proxy/delivery/blocklift.h"
#include "core/proxy/targetoptions.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr auto kDriftMemory = 60s;
constexpr int kDriftsAtOnce = 3; ///< in a row before pauses begin
constexpr std::chrono::milliseconds kDriftPause = 5s;
constexpr int kMostPauseDoublings = 10;

std::chrono::milliseconds doubled(
    std::chrono::milliseconds first, int times, std::chrono::milliseconds longest)
{
    return std::min(first * (1 << std::min(times, kMostPauseDoublings)), longest);
}

std::optional<UtcTime> earlier(const std::optional<UtcTime>& a, const std::optional<UtcTime>& b)
{
    return a && b ? std::min(*a, *b) : a ? a : b;
}

std::optional<UtcTime> nextLift(const std::vector<BlockedUser>& blocked, UtcTime now)
{
    std::optional<UtcTime> next;
    for (const auto& user : blocked) {
        const auto at = liftsAt(user);
        next = earlier(next, at && *at > now ? at : std::nullopt);
    }
    return next;
}

Result<void> markBehind(Store& store, const QString& targetId, std::int64_t generation)
{
    // Read again: a delivery may just have ended.
    auto target = store.targets().byId(targetId);
    if (!target || target->state != TargetState::InStep || target->generation == generation) {
        return {};
    }
    target->state = TargetState::Behind;
    target->stateReason = message(
        QT_TRANSLATE_NOOP("Message", "The directory has changed since the last delivery."));
    return store.targets().updateState(*target);
}

} // namespace

Result<TargetsLook> lookAtTargets(Store& store, std::int64_t seenVersion, UtcTime now)
{
    const auto version = store.dataVersion();
    if (!version) {
        return version.error();
    }
    TargetsLook look { .version = *version };
    if (*version == seenVersion) {
        return look;
    }
    const auto targets = store.targets().list();
    const auto generation = store.directory().generation();
    if (!targets || !generation) {
        return targets ? generation.error() : targets.error();
    }
    for (const ProxyTarget& target : *targets) {
        const bool isAutomatic = isDeliveredByItself(target);
        const auto fingerprint = deliveryFingerprint(store, target, now);
        const auto blocked = store.targets().blockedUsers(target.id);
        if (!fingerprint || !blocked) {
            return fingerprint ? blocked.error() : fingerprint.error();
        }
        look.changesAt = earlier(look.changesAt, nextLift(*blocked, now));
        const auto options = readTargetOptions(target);
        look.targets.push_back({ .id = target.id,
            .isAutomatic = isAutomatic,
            .waitsForPerson
            = target.state == TargetState::NeedsAttention || target.state == TargetState::Held,
            .isOnline = options && (options->usesSecret() || options->usesConsole()),
            .fingerprint = *fingerprint });
        if (isAutomatic) {
            continue;
        }
        if (const auto marked = markBehind(store, target.id, *generation); !marked) {
            return marked.error();
        }
    }
    return look;
}

DueTargets::DueTargets(const Pauses& pauses)
    : m_pauses(pauses)
{
}

void DueTargets::take(const std::vector<SeenTarget>& targets)
{
    std::map<QString, Entry> known;
    known.swap(m_entries);
    for (const SeenTarget& seen : targets) {
        Entry entry = std::move(known[seen.id]);
        // A person mended what no waiting could, for example by giving another secret, or let a
        // held delivery through elsewhere: a bundle is served from here all the same.
        if (entry.wasStuck && !seen.waitsForPerson) {
            entry.delivered.clear();
            entry.notBefore = 0ms;
        }
        entry.wasStuck = seen.waitsForPerson;
        if (entry.seen.fingerprint != seen.fingerprint) {
            entry.notBefore = 0ms;
        }
        entry.seen = seen;
        m_entries.emplace(seen.id, std::move(entry));
    }
}

bool DueTargets::isKept(const QString& id) const
{
    const auto found = m_entries.find(id);
    return found != m_entries.end() && found->second.seen.isAutomatic;
}

std::vector<std::pair<QString, PushTrigger>> DueTargets::at(std::chrono::milliseconds now) const
{
    std::vector<std::pair<QString, PushTrigger>> out;
    for (const auto& [id, entry] : m_entries) {
        const bool isWanted = entry.pending || entry.seen.fingerprint != entry.delivered;
        if (!entry.seen.isAutomatic) {
            continue;
        }
        if (isWanted && now >= entry.notBefore) {
            out.emplace_back(id, entry.pending.value_or(PushTrigger::Commit));
        } else if (entry.compareAt && now >= *entry.compareAt) {
            out.emplace_back(id, PushTrigger::Drift);
        }
    }
    return out;
}

void DueTargets::noteStart(const QString& id)
{
    if (const auto found = m_entries.find(id); found != m_entries.end()) {
        found->second.pending.reset();
        found->second.compareAt.reset();
    }
}

void DueTargets::noteEnd(const QString& id, const End& end)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end()) {
        return;
    }
    Entry& entry = found->second;
    entry.wasStuck = end.isHopeless;
    // All that can be there is there: somebody else's writes are mended at once as ever.
    if (!end.failed || end.isWithheld) {
        entry.delivered = end.fingerprint;
        entry.failures = 0;
        entry.notBefore = 0ms;
        if (entry.seen.isOnline && !end.isWatched) {
            entry.compareAt = end.now + m_pauses.compareEvery;
        }
        return;
    }
    entry.delivered.clear();
    entry.notBefore = end.now
        + (end.isHopeless ? m_pauses.retryOfHopeless
                          : doubled(m_pauses.firstRetry, entry.failures, m_pauses.longestRetry));
    ++entry.failures;
}

void DueTargets::noteDrift(const QString& id, std::chrono::milliseconds now)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end()) {
        return;
    }
    Entry& entry = found->second;
    entry.drifts = now - entry.lastDrift < kDriftMemory ? entry.drifts + 1 : 1;
    entry.lastDrift = now;
    entry.pending = PushTrigger::Drift;
    if (entry.drifts > kDriftsAtOnce) {
        entry.notBefore = std::max(entry.notBefore,
            now + doubled(kDriftPause, entry.drifts - kDriftsAtOnce, m_pauses.longestRetry));
    }
}

void DueTargets::noteElsewhere(const QString& id)
{
    const auto found = m_entries.find(id);
    if (found != m_entries.end() && !found->second.pending) {
        found->second.pending = PushTrigger::Commit;
    }
}

void DueTargets::noteRestart(const QString& id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end()) {
        return;
    }
    found->second.pending = PushTrigger::Restart;
    found->second.notBefore = 0ms;
    found->second.failures = 0;
}

} // namespace portreeve
