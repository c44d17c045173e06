// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/grouprank.h"

#include <algorithm>

namespace portreeve {

namespace {

constexpr std::uint32_t kNoComponent = kNoRow;

/// One component above each component; kNoComponent for the roots.
std::vector<std::uint32_t> pickTreeParents(const MemberLists& parents, const Components& components)
{
    std::vector<std::uint32_t> out(components.count(), kNoComponent);
    for (Row group = 0; group < components.of.size(); ++group) {
        const std::uint32_t own = components.of[group];
        for (const Row parent : parents.of(group)) {
            const std::uint32_t above = components.of[parent];
            if (above != own && out[own] == kNoComponent) {
                out[own] = above;
            }
        }
    }
    return out;
}

/// Direct user memberships of each component with everything below it in the forest.
std::vector<std::uint64_t> weigh(const Snapshot& snapshot, const Components& components,
    const std::vector<std::uint32_t>& treeParents)
{
    std::vector<std::uint64_t> out(components.count(), 0);
    for (Row group = 0; group < components.of.size(); ++group) {
        out[components.of[group]] += snapshot.memberUsers(group).size();
    }
    for (std::uint32_t component = components.count(); component-- > 0;) {
        if (treeParents[component] != kNoComponent) {
            out[treeParents[component]] += out[component];
        }
    }
    return out;
}

/// Components with member groups; only they can be above anything, so with each its tree parents
/// are among them.
std::vector<std::uint32_t> findInner(const Snapshot& snapshot, const Components& components)
{
    std::vector<std::uint32_t> out;
    for (std::uint32_t component = 0; component < components.count(); ++component) {
        const std::span<const Row> groups = components.groups.of(component);
        if (std::any_of(groups.begin(), groups.end(),
                [&](Row group) { return !snapshot.memberGroups(group).empty(); })) {
            out.push_back(component);
        }
    }
    return out;
}

/// The inner components in preorder.
std::vector<std::uint32_t> preorder(std::vector<std::uint32_t> inner,
    const std::vector<std::uint32_t>& treeParents, const std::vector<std::uint64_t>& weights)
{
    const auto count = static_cast<std::uint32_t>(treeParents.size());
    std::stable_sort(inner.begin(), inner.end(),
        [&](std::uint32_t a, std::uint32_t b) { return weights[a] < weights[b]; });

    // Children as linked lists; filled lightest first, so that the heaviest is met first.
    std::vector<std::uint32_t> firstChild(count + 1, kNoComponent); // the last entry: the roots
    std::vector<std::uint32_t> nextSibling(count, kNoComponent);
    for (const std::uint32_t component : inner) {
        const std::uint32_t parent = treeParents[component];
        std::uint32_t& first = firstChild[parent == kNoComponent ? count : parent];
        nextSibling[component] = first;
        first = component;
    }

    std::vector<std::uint32_t> out;
    out.reserve(inner.size());
    std::vector<std::uint32_t> pending;
    for (std::uint32_t next = firstChild[count]; next != kNoComponent || !pending.empty();) {
        if (next == kNoComponent) {
            next = pending.back();
            pending.pop_back();
            continue;
        }
        out.push_back(next);
        if (nextSibling[next] != kNoComponent) {
            pending.push_back(nextSibling[next]);
        }
        next = firstChild[next];
    }
    return out;
}

} // namespace

GroupRanks rankGroups(
    const Snapshot& snapshot, const MemberLists& parents, const Components& components)
{
    const std::vector<std::uint32_t> treeParents = pickTreeParents(parents, components);
    GroupRanks out;
    out.of.resize(components.of.size());
    out.groups.reserve(components.of.size());
    const auto place = [&out](Row group) {
        out.of[group] = static_cast<Rank>(out.groups.size());
        out.groups.push_back(group);
    };
    for (const std::uint32_t component : preorder(findInner(snapshot, components), treeParents,
             weigh(snapshot, components, treeParents))) {
        for (const Row group : components.groups.of(component)) {
            if (!snapshot.memberGroups(group).empty()) {
                place(group);
            }
        }
    }
    out.innerEnd = static_cast<Rank>(out.groups.size());
    const auto placeOthers = [&](bool withParents) {
        for (Row group = 0; group < out.of.size(); ++group) {
            if (snapshot.memberGroups(group).empty() && parents.of(group).empty() != withParents) {
                place(group);
            }
        }
    };
    placeOthers(true);
    out.nestedEnd = static_cast<Rank>(out.groups.size());
    placeOthers(false);
    return out;
}

} // namespace portreeve
