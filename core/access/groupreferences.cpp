// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/groupreferences.h"

#include "core/policy/parser.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve::access {

using policy::Action;
using policy::Criterion;
using policy::Operator;
using policy::OperatorList;
using policy::Policy;
using policy::Rule;
using policy::Value;

namespace {
bool inverts(Operator op)
{
    return op == Operator::Not || op == Operator::Nor;
}

/// References of one criterion; @p negated says what stands around it.
void addReferences(std::vector<GroupReference>& out, const Criterion& criterion, bool negated)
{
    const auto add = [&](const Value& value, bool isNegated) {
        if (const auto* id = value.asString()) {
            out.push_back({ .groupId = *id, .negated = isNegated, .at = criterion.at });
        }
    };
    if (criterion.name != u"groups") {
        return;
    }
    const auto* matcher = criterion.data.asObject();
    if (matcher == nullptr) {
        add(criterion.data, negated);
        return;
    }
    for (const auto& [name, value] : *matcher) {
        // exclude turns the sense round: under not it is a plain condition again.
        add(value, name == u"exclude" ? !negated : negated);
    }
}

std::vector<GroupReference> referencesOf(const Rule& rule)
{
    std::vector<GroupReference> found;
    for (const auto& list : rule.lists) {
        for (const auto& criterion : list.criteria) {
            addReferences(found, criterion, inverts(list.op));
        }
    }
    // In a deny rule every mention matters: a condition that stops holding lets people in.
    for (auto& reference : found) {
        reference.negated = reference.negated || rule.action == Action::Deny;
    }
    return found;
}
} // namespace

std::vector<GroupReference> groupReferences(const Policy& policy)
{
    std::vector<GroupReference> all;
    for (const auto& rule : policy.rules) {
        std::ranges::move(referencesOf(rule), std::back_inserter(all));
    }
    return all;
}

std::vector<QString> referencedGroupIds(const Policy& policy)
{
    std::vector<QString> ids;
    for (auto& reference : groupReferences(policy)) {
        if (!reference.groupId.isEmpty()) {
            ids.push_back(std::move(reference.groupId));
        }
    }
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    return ids;
}

std::vector<StoredPolicy> policiesNaming(
    const std::vector<StoredPolicy>& policies, const QSet<QString>& groupIds)
{
    std::vector<StoredPolicy> naming;
    std::ranges::copy_if(policies, std::back_inserter(naming), [&](const StoredPolicy& stored) {
        const auto parsed = policy::parsePolicy(stored.text.toUtf8());
        const auto ids
            = parsed.policy ? referencedGroupIds(*parsed.policy) : std::vector<QString>();
        return std::ranges::any_of(ids, [&](const QString& id) { return groupIds.contains(id); });
    });
    return naming;
}

std::vector<GroupReference> orphans(const Policy& policy, const QSet<QString>& liveGroupIds)
{
    auto references = groupReferences(policy);
    std::erase_if(references,
        [&](const auto& reference) { return liveGroupIds.contains(reference.groupId); });
    return references;
}

Policy withNegationGuard(const Policy& policy, const QSet<QString>& liveGroupIds)
{
    Policy guarded = policy;
    for (auto& rule : guarded.rules) {
        const auto references = referencesOf(rule);
        const bool unsafe = std::ranges::any_of(references, [&](const auto& reference) {
            return reference.negated && !liveGroupIds.contains(reference.groupId);
        });
        if (unsafe) {
            const QString instead = rule.action == Action::Deny ? u"accept"_s : u"reject"_s;
            rule.lists = { OperatorList { .op = Operator::Or,
                .criteria = { Criterion { .name = instead, .data = Value(true), .at = rule.at } },
                .at = rule.at } };
        }
    }
    return guarded;
}

} // namespace portreeve::access
