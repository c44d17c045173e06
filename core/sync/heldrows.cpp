// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/heldrows.h"

#include "core/store/directorystore.h"
#include "core/sync/guard.h"

#include <algorithm>

namespace portreeve {

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFU;

std::vector<std::uint32_t> removalsByRow(const std::vector<ObjectChange>& changes, Row rows)
{
    std::vector<std::uint32_t> out(rows, kNone);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].action == ChangeAction::Remove) {
            out[changes[i].before] = static_cast<std::uint32_t>(i);
        }
    }
    return out;
}

} // namespace

HeldRows::HeldRows(ChangeSet& changes)
    : m_changes(changes)
    , m_userRemovals(removalsByRow(changes.users, changes.before->userCount()))
    , m_groupRemovals(removalsByRow(changes.groups, changes.before->groupCount()))
{
}

const ObjectChange* HeldRows::groupRemoval(const MembershipChange& edge) const
{
    const std::uint32_t index = edge.removed ? m_groupRemovals[edge.group] : kNone;
    return index == kNone ? nullptr : &m_changes.groups[index];
}

const ObjectChange* HeldRows::memberRemoval(const MembershipChange& edge) const
{
    if (!edge.removed) {
        return nullptr;
    }
    const std::uint32_t index
        = edge.memberIsGroup ? m_groupRemovals[edge.member] : m_userRemovals[edge.member];
    if (index == kNone) {
        return nullptr;
    }
    return edge.memberIsGroup ? &m_changes.groups[index] : &m_changes.users[index];
}

bool HeldRows::isExplicit(const MembershipChange& edge) const
{
    const auto* group = groupRemoval(edge);
    const auto* member = memberRemoval(edge);
    return (group != nullptr && group->explicitSignal)
        || (member != nullptr && member->explicitSignal);
}

std::int64_t HeldRows::countRemovedEdges() const
{
    const auto& edges = m_changes.memberships;
    return std::count_if(edges.begin(), edges.end(),
        [this](const MembershipChange& edge) { return edge.removed && !isExplicit(edge); });
}

std::int64_t HeldRows::countAbsenceRemovals() const
{
    const auto count = [](const std::vector<ObjectChange>& changes) {
        return std::count_if(changes.begin(), changes.end(), isAbsenceRemoval);
    };
    return count(m_changes.users) + count(m_changes.groups) + countRemovedEdges();
}

std::vector<std::int64_t> HeldRows::lostMembersByGroup() const
{
    std::vector<std::int64_t> lost(m_changes.before->groupCount(), 0);
    for (const MembershipChange& edge : m_changes.memberships) {
        if (edge.removed && groupRemoval(edge) == nullptr && memberRemoval(edge) == nullptr) {
            ++lost[edge.group];
        }
    }
    return lost;
}

void HeldRows::holdEdgesOf(Row group)
{
    for (MembershipChange& edge : m_changes.memberships) {
        edge.held = edge.held || (edge.removed && edge.group == group);
    }
}

void HeldRows::holdEdgesAndTheirObjects()
{
    const auto holdObject = [](std::vector<ObjectChange>& changes, std::uint32_t index) {
        if (index != kNone) {
            changes[index].held = changes[index].held || isAbsenceRemoval(changes[index]);
        }
    };
    for (MembershipChange& edge : m_changes.memberships) {
        if (!edge.removed || isExplicit(edge)) {
            continue;
        }
        edge.held = true;
        holdObject(m_changes.groups, m_groupRemovals[edge.group]);
        if (edge.memberIsGroup) {
            holdObject(m_changes.groups, m_groupRemovals[edge.member]);
        } else {
            holdObject(m_changes.users, m_userRemovals[edge.member]);
        }
    }
}

bool HeldRows::holdAll()
{
    bool any = false;
    for (auto* changes : { &m_changes.groups, &m_changes.users }) {
        for (ObjectChange& change : *changes) {
            if (isAbsenceRemoval(change)) {
                change.held = true;
                any = true;
            }
        }
    }
    for (MembershipChange& edge : m_changes.memberships) {
        if (edge.removed && !isExplicit(edge)) {
            edge.held = true;
            any = true;
        }
    }
    return any;
}

std::int64_t HeldRows::holdNamed(const std::vector<QString>& sortedKeys)
{
    std::int64_t count = 0;
    const auto holdIfNamed = [&](auto& change, bool canWait) {
        if (canWait && !change.held
            && std::binary_search(
                sortedKeys.begin(), sortedKeys.end(), removalKey(m_changes, change))) {
            change.held = true;
            ++count;
        }
    };
    if (sortedKeys.empty()) {
        return 0;
    }
    for (auto* changes : { &m_changes.groups, &m_changes.users }) {
        for (ObjectChange& change : *changes) {
            holdIfNamed(change, isAbsenceRemoval(change) || change.action == ChangeAction::Suspend);
        }
    }
    for (MembershipChange& edge : m_changes.memberships) {
        holdIfNamed(edge, edge.removed);
    }
    return count;
}

std::int64_t HeldRows::holdLastProtected(
    const std::vector<QString>& protectedUsers, bool whateverIsHeld)
{
    const Snapshot& before = *m_changes.before;
    std::vector<bool> isProtected(before.userCount(), false);
    std::int64_t staying = 0;
    for (const QString& id : protectedUsers) {
        const Row row = before.findUser(id);
        if (row != kNoRow && !isProtected[row] && before.userState(row) == UserState::Active) {
            isProtected[row] = true;
            ++staying;
        }
    }
    const auto takesAway = [&](const ObjectChange& change) {
        const bool leaves
            = change.action == ChangeAction::Remove || change.action == ChangeAction::Suspend;
        return leaves && isProtected[change.before];
    };
    std::int64_t going = 0;
    for (const ObjectChange& change : m_changes.users) {
        if (takesAway(change)) {
            ++going;
            staying -= whateverIsHeld || !change.held ? 1 : 0;
        }
    }
    if (staying > 0 || going == 0) {
        return 0;
    }
    for (ObjectChange& change : m_changes.users) {
        change.held = change.held || takesAway(change);
    }
    return going;
}

void HeldRows::settleEdges()
{
    for (MembershipChange& edge : m_changes.memberships) {
        const auto* group = groupRemoval(edge);
        const auto* member = memberRemoval(edge);
        const bool goes
            = (group != nullptr && !group->held) || (member != nullptr && !member->held);
        const bool waits = (group != nullptr && group->held) || (member != nullptr && member->held);
        edge.held = !goes && (edge.held || waits);
    }
}

void releaseHeld(
    ChangeSet& changes, const Approval& approval, const std::vector<QString>& protectedUsers)
{
    std::vector<QString> keys = approval.keys;
    std::sort(keys.begin(), keys.end());
    const auto isApproved = [&](const auto& change) {
        return approval.everything
            || std::binary_search(keys.begin(), keys.end(), removalKey(changes, change));
    };
    for (auto* objects : { &changes.groups, &changes.users }) {
        for (ObjectChange& change : *objects) {
            change.held = change.held && !isApproved(change);
        }
    }
    for (MembershipChange& edge : changes.memberships) {
        edge.held = edge.held && !isApproved(edge);
    }
    HeldRows held(changes);
    held.holdLastProtected(protectedUsers, false);
    held.settleEdges();
}

void excludePinned(ChangeSet& changes, const std::vector<QString>& pinned)
{
    if (pinned.empty()) {
        return;
    }
    const auto isPinned = [&](const auto& change) {
        return std::binary_search(pinned.begin(), pinned.end(), removalKey(changes, change));
    };
    // Held first, so that the edges of pinned objects follow by the usual rule; then dropped.
    for (auto* objects : { &changes.groups, &changes.users }) {
        for (ObjectChange& change : *objects) {
            change.held = change.action == ChangeAction::Remove && isPinned(change);
        }
    }
    for (MembershipChange& edge : changes.memberships) {
        edge.held = edge.removed && isPinned(edge);
    }
    HeldRows(changes).settleEdges();
    const auto isHeld = [](const auto& change) { return change.held; };
    std::erase_if(changes.groups, isHeld);
    std::erase_if(changes.users, isHeld);
    std::erase_if(changes.memberships, isHeld);
}

} // namespace portreeve
