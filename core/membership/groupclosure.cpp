// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/groupclosure.h"

#include "core/membership/closurestate.h"

#include <algorithm>
#include <bit>

namespace portreeve {

namespace {

constexpr std::size_t kBits = 64;

/// The groups below, breadth first; itself only when it can be reached from itself.
std::vector<Row> below(const Snapshot& snapshot, Row group)
{
    std::vector<bool> seen(snapshot.groupCount(), false);
    std::vector<Row> out;
    const auto addMembers = [&](Row parent) {
        for (const Row member : snapshot.memberGroups(parent)) {
            if (!seen[member]) {
                seen[member] = true;
                out.push_back(member);
            }
        }
    };
    addMembers(group);
    std::size_t next = 0;
    while (next < out.size()) { // which grows meanwhile
        addMembers(out[next++]);
    }
    return out;
}

/// Sorted union of the groups' direct users who are active.
std::vector<Row> unionOfUsers(const Snapshot& snapshot, const std::vector<Row>& groups)
{
    std::vector<std::uint64_t> bits((snapshot.userCount() + kBits - 1) / kBits, 0);
    for (const Row group : groups) {
        for (const Row user : snapshot.memberUsers(group)) {
            bits[user / kBits] |= std::uint64_t(1) << (user % kBits);
        }
    }
    std::size_t most = 0;
    for (const std::uint64_t word : bits) {
        most += static_cast<std::size_t>(std::popcount(word));
    }
    std::vector<Row> out(most);
    std::size_t count = 0;
    for (std::size_t i = 0; i < bits.size(); ++i) {
        for (std::uint64_t word = bits[i]; word != 0; word &= word - 1) {
            const auto user = static_cast<Row>(i * kBits + std::size_t(std::countr_zero(word)));
            out[count] = user;
            count += snapshot.userState(user) == UserState::Active ? 1U : 0U;
        }
    }
    out.resize(count);
    return out;
}

std::vector<Row> copied(std::span<const Row> rows)
{
    return { rows.begin(), rows.end() };
}

} // namespace

std::uint64_t pairDigest(Row user, Row group)
{
    std::uint64_t z = (std::uint64_t(user) << 32 | group) + 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

bool GroupClosure::State::isCyclic(Row group) const
{
    if (components.groups.of(components.of[group]).size() > 1) {
        return true;
    }
    const auto members = snapshot->memberGroups(group);
    return std::binary_search(members.begin(), members.end(), group);
}

void GroupClosure::State::toRows(std::span<const Rank> from, std::vector<Row>& out) const
{
    out.resize(from.size());
    std::transform(
        from.begin(), from.end(), out.begin(), [this](Rank rank) { return ranks.groups[rank]; });
    std::sort(out.begin(), out.end());
}

GroupClosure::GroupClosure(SnapshotPtr snapshot)
    : m_state(std::make_unique<const State>(std::move(snapshot)))
{
}

GroupClosure::~GroupClosure() = default;
GroupClosure::GroupClosure(GroupClosure&&) noexcept = default;
GroupClosure& GroupClosure::operator=(GroupClosure&&) noexcept = default;

const Snapshot& GroupClosure::snapshot() const
{
    return *m_state->snapshot;
}

const AncestorMasks& GroupClosure::masks() const
{
    return m_state->masks;
}

const GroupRanks& GroupClosure::ranks() const
{
    return m_state->ranks;
}

std::span<const Rank> GroupClosure::directRanks(Row user) const
{
    return m_state->directRanks.of(user);
}

std::vector<Row> GroupClosure::directGroups(Row user) const
{
    std::vector<Row> out;
    directGroups(user, out);
    return out;
}

void GroupClosure::directGroups(Row user, std::vector<Row>& out) const
{
    m_state->toRows(directRanks(user), out);
}

std::size_t GroupClosure::directGroupCount(Row user) const
{
    return directRanks(user).size();
}

std::vector<Row> GroupClosure::effectiveGroups(Row user) const
{
    std::vector<Row> out;
    effectiveGroups(user, out);
    return out;
}

void GroupClosure::effectiveGroups(Row user, std::vector<Row>& out) const
{
    out.clear();
    if (m_state->isActive(user)) {
        m_state->toRows(GroupExpander(m_state->masks).expand(directRanks(user)), out);
    }
}

bool GroupClosure::isEffectiveMember(Row user, Row group) const
{
    if (!m_state->isActive(user)) {
        return false;
    }
    const std::span<const Rank> direct = directRanks(user);
    const Rank wanted = ranks().of[group];
    if (!ranks().isInner(wanted)) {
        return std::binary_search(direct.begin(), direct.end(), wanted);
    }
    for (const Rank from : direct) {
        if (from >= ranks().nestedEnd) {
            break;
        }
        if (masks().contains(from, wanted)) {
            return true;
        }
    }
    return false;
}

std::vector<Row> GroupClosure::effectiveUsers(Row group) const
{
    std::vector<Row> groups = below(snapshot(), group);
    groups.push_back(group);
    std::size_t total = 0;
    for (const Row each : groups) {
        total += snapshot().memberUsers(each).size();
    }

    if (total >= snapshot().userCount() / kBits) {
        return unionOfUsers(snapshot(), groups);
    }
    // Few members: sorting them is less work than a bit for everybody.
    std::vector<Row> users;
    for (const Row each : groups) {
        const auto members = snapshot().memberUsers(each);
        users.insert(users.end(), members.begin(), members.end());
    }
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    std::erase_if(users, [this](Row user) { return !m_state->isActive(user); });
    return users;
}

std::vector<Row> GroupClosure::ancestors(Row group) const
{
    std::vector<Row> out;
    m_state->toRows(
        GroupExpander(m_state->masks).expand(std::span(&m_state->ranks.of[group], 1)), out);
    if (!m_state->isCyclic(group)) {
        std::erase(out, group);
    }
    return out;
}

std::vector<Row> GroupClosure::descendants(Row group) const
{
    std::vector<Row> out = below(snapshot(), group);
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Row> GroupClosure::parents(Row group) const
{
    return copied(m_state->parents.of(group));
}

std::vector<std::uint32_t> GroupClosure::effectiveUserCounts() const
{
    std::vector<std::uint32_t> byRank(snapshot().groupCount(), 0);
    forEachUser([&](Row, std::span<const Rank> groups) {
        for (const Rank group : groups) {
            ++byRank[group];
        }
    });
    std::vector<std::uint32_t> counts(byRank.size());
    for (Rank rank = 0; rank < byRank.size(); ++rank) {
        counts[ranks().groups[rank]] = byRank[rank];
    }
    return counts;
}

GroupClosure::PairCount GroupClosure::countPairs() const
{
    PairCount out;
    forEachUser([&](Row user, std::span<const Rank> groups) {
        out.pairs += groups.size();
        for (const Rank group : groups) {
            out.checksum += pairDigest(user, ranks().groups[group]);
        }
    });
    return out;
}

NestingReport GroupClosure::nesting() const
{
    const Components& components = m_state->components;
    NestingReport report { .componentCount = components.count() };
    std::vector<std::uint32_t> depths(components.count(), 1);
    for (std::uint32_t component = 0; component < components.count(); ++component) {
        const std::span<const Row> groups = components.groups.of(component);
        for (const Row group : groups) {
            for (const Row parent : m_state->parents.of(group)) {
                const std::uint32_t above = components.of[parent];
                const std::uint32_t depth = above == component ? 0 : depths[above];
                depths[component] = std::max(depths[component], depth + 1);
            }
        }
        report.depth = std::max(report.depth, depths[component]);
        if (m_state->isCyclic(groups.front())) {
            report.cycles.push_back(copied(groups));
        }
    }
    std::sort(report.cycles.begin(), report.cycles.end());
    return report;
}

std::size_t GroupClosure::memoryBytes() const
{
    const State& state = *m_state;
    std::size_t bytes = sizeof(State) + state.masks.memoryBytes()
        + (state.components.of.capacity() + state.ranks.of.capacity()
              + state.ranks.groups.capacity())
            * sizeof(std::uint32_t);
    for (const MemberLists* lists :
        { &state.parents, &state.components.groups, &state.directRanks }) {
        bytes += lists->offsets.capacity() * sizeof(std::uint64_t)
            + lists->rows.capacity() * sizeof(Row);
    }
    return bytes;
}

} // namespace portreeve
