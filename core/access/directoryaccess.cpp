// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve::access {

using policy::Action;
using policy::Criterion;
using policy::Operator;
using policy::OperatorList;
using policy::Value;
using Reaches = std::vector<Reach>;

namespace {
Reach invert(Reach reach)
{
    switch (reach) {
    case Reach::No:
        return Reach::Yes;
    case Reach::Depends:
        return Reach::Depends;
    case Reach::Yes:
        return Reach::No;
    }
    return Reach::Depends;
}

void invertAll(Reaches& reaches)
{
    std::ranges::transform(reaches, reaches.begin(), invert);
}

void mergeLeast(Reaches& into, const Reaches& other)
{
    std::ranges::transform(
        into, other, into.begin(), [](Reach a, Reach b) { return std::min(a, b); });
}

void mergeGreatest(Reaches& into, const Reaches& other)
{
    std::ranges::transform(
        into, other, into.begin(), [](Reach a, Reach b) { return std::max(a, b); });
}

bool inList(const Value& list, const QString& text)
{
    const auto* items = list.asArray();
    return items != nullptr && std::ranges::any_of(*items, [&](const Value& item) {
        return item.asString() != nullptr && *item.asString() == text;
    });
}

/// One operator of a string matcher (policy.md 4.1) on a text that is there.
bool holds(const QString& op, const Value& value, const QString& text)
{
    const QString wanted = value.isString() ? *value.asString() : QString();
    if (op == u"is") {
        return value.isString() && wanted == text;
    }
    if (op == u"not") {
        return !value.isString() || wanted != text;
    }
    if (op == u"in") {
        return inList(value, text);
    }
    if (op == u"not_in") {
        return !inList(value, text);
    }
    if (op == u"starts_with") {
        return value.isString() && text.startsWith(wanted);
    }
    if (op == u"ends_with") {
        return value.isString() && text.endsWith(wanted);
    }
    return op == u"contains" && value.isString() && text.contains(wanted);
}

bool matches(const Value& data, const QString& text)
{
    const auto* matcher = data.asObject();
    if (matcher == nullptr) {
        return holds(u"is"_s, data, text);
    }
    return std::ranges::all_of(
        *matcher, [&](const auto& entry) { return holds(entry.first, entry.second, text); });
}
} // namespace

DirectoryAccess::DirectoryAccess(const GroupClosure& closure, IdNaming naming)
    : m_closure(closure)
    , m_naming(std::move(naming))
    , m_users(closure.snapshot().userCount())
{
}

QString DirectoryAccess::subject(const QString& criterion, Row user) const
{
    const auto& snapshot = m_closure.snapshot();
    if (criterion == u"user") {
        return m_naming(snapshot.userId(user));
    }
    const QString email = snapshot.userEmails().text(user);
    return criterion == u"domain" ? email.section(u'@', 1, 1) : email;
}

Reaches DirectoryAccess::textCriterion(const Criterion& criterion) const
{
    Reaches reaches(m_users, Reach::No);
    const bool mail = criterion.name != u"user";
    for (Row user = 0; user < m_users; ++user) {
        // Without an address in the directory the proxy uses the one from sign-in, which we do not
        // know.
        const bool unknown = mail && m_closure.snapshot().userEmails().at(user).isEmpty();
        if (unknown) {
            reaches[user] = Reach::Depends;
        } else if (matches(criterion.data, subject(criterion.name, user))) {
            reaches[user] = Reach::Yes;
        }
    }
    return reaches;
}

Reaches DirectoryAccess::membersOf(const Value& groupId) const
{
    Reaches reaches(m_users, Reach::No);
    const auto* wanted = groupId.asString();
    const auto& snapshot = m_closure.snapshot();
    for (Row group = 0; wanted != nullptr && group < snapshot.groupCount(); ++group) {
        if (m_naming(snapshot.groupId(group)) != *wanted) {
            continue;
        }
        for (const Row user : m_closure.effectiveUsers(group)) {
            reaches[user] = Reach::Yes;
        }
    }
    return reaches;
}

Reaches DirectoryAccess::groupCriterion(const Value& data) const
{
    const auto* matcher = data.asObject();
    if (matcher == nullptr) {
        return membersOf(data);
    }
    Reaches reaches(m_users, Reach::Yes);
    for (const auto& [op, value] : *matcher) {
        Reaches members = membersOf(value);
        if (op == u"exclude") {
            invertAll(members);
        }
        for (Row user = 0; op == u"is" && user < m_users; ++user) {
            if (members[user] == Reach::Yes && m_closure.effectiveGroups(user).size() != 1) {
                members[user] = Reach::No;
            }
        }
        mergeLeast(reaches, members);
    }
    return reaches;
}

Reaches DirectoryAccess::criterion(const Criterion& criterion) const
{
    if (criterion.name == u"accept" || criterion.name == u"authenticated_user") {
        return Reaches(m_users, Reach::Yes);
    }
    if (criterion.name == u"reject") {
        return Reaches(m_users, Reach::No);
    }
    if (criterion.name == u"groups") {
        return groupCriterion(criterion.data);
    }
    if (criterion.name == u"user" || criterion.name == u"email" || criterion.name == u"domain") {
        return textCriterion(criterion);
    }
    return Reaches(m_users, Reach::Depends);
}

Reaches DirectoryAccess::list(const OperatorList& list) const
{
    const bool all = list.op == Operator::And || list.op == Operator::Nor;
    Reaches reaches(m_users, all ? Reach::Yes : Reach::No);
    for (const auto& item : list.criteria) {
        if (all) {
            mergeLeast(reaches, criterion(item));
        } else {
            mergeGreatest(reaches, criterion(item));
        }
    }
    if (list.op == Operator::Not || list.op == Operator::Nor) {
        invertAll(reaches);
    }
    return reaches;
}

Reaches DirectoryAccess::action(const RouteRules& route, Action action) const
{
    Reaches reaches(m_users, Reach::No);
    for (const auto& policy : route.policies) {
        for (const auto& rule : policy.rules) {
            for (const auto& operators : rule.lists) {
                // Empty lists contribute nothing (policy.md 5.2).
                if (rule.action == action && !operators.criteria.empty()) {
                    mergeGreatest(reaches, list(operators));
                }
            }
        }
    }
    return reaches;
}

Reaches DirectoryAccess::reach(const RouteRules& route) const
{
    Reaches reaches = action(route, Action::Allow);
    Reaches denied = action(route, Action::Deny);
    invertAll(denied);
    mergeLeast(reaches, denied);
    for (Row user = 0; user < m_users; ++user) {
        if (m_closure.snapshot().userState(user) == UserState::Suspended) {
            reaches[user] = Reach::No;
        }
    }
    return reaches;
}

namespace {
/// Rows of one person in both states; kNoRow where absent.
struct Person
{
    Row before = kNoRow;
    Row after = kNoRow;
};

std::vector<Person> pairUp(const Snapshot& before, const Snapshot& after)
{
    std::vector<Person> people;
    Row a = 0;
    Row b = 0;
    while (a < before.userCount() || b < after.userCount()) {
        int order = 0; // below: only in before
        if (a == before.userCount()) {
            order = 1;
        } else if (b == after.userCount()) {
            order = -1;
        } else {
            order = before.userIds().at(a).compare(after.userIds().at(b));
        }
        people.push_back({ .before = order <= 0 ? a : kNoRow, .after = order >= 0 ? b : kNoRow });
        a += order <= 0 ? 1 : 0;
        b += order >= 0 ? 1 : 0;
    }
    return people;
}

bool reached(const Reaches& reaches, Row row)
{
    return row != kNoRow && reaches[row] != Reach::No;
}
} // namespace

ReachDiff compareReach(const GroupClosure& before, const GroupClosure& after,
    const std::vector<RouteRules>& routes, const IdNaming& naming)
{
    const DirectoryAccess accessBefore(before, naming);
    const DirectoryAccess accessAfter(after, naming);
    const auto people = pairUp(before.snapshot(), after.snapshot());
    std::vector<std::uint8_t> hadAny(people.size(), 0);
    std::vector<std::uint8_t> hasAny(people.size(), 0);
    ReachDiff diff;
    for (const auto& route : routes) {
        const Reaches had = accessBefore.reach(route);
        const Reaches has = accessAfter.reach(route);
        for (std::size_t i = 0; i < people.size(); ++i) {
            const bool was = reached(had, people[i].before);
            const bool is = reached(has, people[i].after);
            hadAny[i] = was ? 1 : hadAny[i];
            hasAny[i] = is ? 1 : hasAny[i];
            if (was != is) {
                const auto user = is ? after.snapshot().user(people[i].after)
                                     : before.snapshot().user(people[i].before);
                diff.changes.push_back({ .userId = user.id,
                    .userName = user.displayName,
                    .route = route.name,
                    .gained = is });
            }
        }
    }
    for (std::size_t i = 0; i < people.size(); ++i) {
        diff.hadAny += hadAny[i];
        diff.lostAll += hadAny[i] == 1 && hasAny[i] == 0 ? 1 : 0;
    }
    std::ranges::sort(diff.changes, {},
        [](const ReachChange& change) { return std::tie(change.userId, change.route); });
    return diff;
}

} // namespace portreeve::access
