// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"

#include "core/access/textmatcher.h"
#include "core/policy/matchers.h"
#include "core/policy/valueprinter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::access {

using namespace policy;

namespace {

QString shortText(const Value& value)
{
    if (const auto* text = value.asString()) {
        return u'"' % *text % u'"';
    }
    const auto printed = printValue(value, Format::Json);
    return printed ? QString::fromUtf8(*printed).simplified() : QString();
}

} // namespace

DirectoryAccess::DirectoryAccess(const GroupClosure& closure, const IdNaming& naming,
    const SyncRules& rules, const QSet<QString>& sharedIds)
    : m_closure(closure)
    , m_directOnly(rules.directOnly)
    , m_recordIds(closure.snapshot(), rules.recordId)
    , m_userCount(closure.snapshot().userCount())
    , m_named(m_userCount)
    , m_recorded(m_userCount)
{
    for (Row group = 0; group < closure.snapshot().groupCount(); ++group) {
        m_groupRows.insert(naming(closure.snapshot().groupId(group)), group);
    }
    UserSet active(m_userCount);
    const auto& snapshot = m_closure.snapshot();
    for (Row user = 0; user < m_userCount; ++user) {
        if (snapshot.userState(user) == UserState::Active) {
            active.insert(user);
        }
        if (m_recordIds.has(user)) {
            m_named.insert(user);
            if (sharedIds.isEmpty() || !sharedIds.contains(m_recordIds.id(user))) {
                m_recorded.insert(user);
            }
        }
    }
    m_active = std::make_shared<const UserSet>(std::move(active));
}

RouteAccess DirectoryAccess::evaluate(const RouteRules& route)
{
    Decided allow { UserSet(m_userCount), UserSet(m_userCount) };
    Decided deny = allow;
    RouteAccess out;
    out.m_userCount = m_userCount;
    out.m_active = m_active;
    for (const auto& policy : route.policies) {
        for (const auto& rule : policy.rules) {
            auto& side = rule.action == Action::Allow ? allow : deny;
            for (auto& answer : evaluateRule(rule)) {
                side.certain |= answer.whole.certain;
                side.possible |= answer.whole.possible;
                out.m_lists.push_back(std::move(answer));
            }
        }
    }
    out.m_yes = allow.certain;
    out.m_yes -= deny.possible;
    out.m_depends = allow.possible;
    out.m_depends -= deny.certain;
    out.m_depends -= out.m_yes;
    out.m_yes &= *m_active;
    out.m_depends &= *m_active;
    return out;
}

std::vector<Reach> DirectoryAccess::reach(const RouteRules& route)
{
    const auto answer = evaluate(route);
    std::vector<Reach> out(m_userCount);
    for (Row user = 0; user < m_userCount; ++user) {
        out[user] = answer.reach(user);
    }
    return out;
}

std::vector<RouteAccess::ListAnswer> DirectoryAccess::evaluateRule(const Rule& rule)
{
    std::vector<RouteAccess::ListAnswer> out;
    for (const auto& list : rule.lists) {
        if (!list.criteria.empty()) {
            out.push_back(evaluateList(rule.action, list));
        }
    }
    return out;
}

RouteAccess::ListAnswer DirectoryAccess::evaluateList(Action action, const OperatorList& list)
{
    RouteAccess::ListAnswer out { .action = action, .op = list.op };
    for (const auto& criterion : list.criteria) {
        out.parts.push_back(evaluateCriterion(criterion));
        out.names.push_back(describe(criterion));
    }
    const bool joinsAll = list.op == Operator::And || list.op == Operator::Nor;
    Decided whole = *out.parts.front();
    for (const auto& part : out.parts) {
        if (joinsAll) {
            whole.certain &= part->certain;
            whole.possible &= part->possible;
        } else {
            whole.certain |= part->certain;
            whole.possible |= part->possible;
        }
    }
    if (list.op == Operator::And || list.op == Operator::Or) {
        out.whole = std::move(whole);
        return out;
    }
    out.whole = { .certain = *m_active, .possible = *m_active };
    out.whole.certain -= whole.possible;
    out.whole.possible -= whole.certain;
    return out;
}

DirectoryAccess::DecidedPtr DirectoryAccess::evaluateCriterion(const Criterion& criterion)
{
    const auto data = expandedData(criterion);
    const auto printed = printValue(data, Format::Json);
    const QString key
        = criterion.name % u'\n' % (printed ? QString::fromUtf8(*printed) : QString());
    const auto found = m_known.constFind(key);
    if (printed && found != m_known.constEnd()) {
        return *found;
    }
    auto answer = std::make_shared<const Decided>(computeCriterion(criterion));
    m_known.insert(key, answer);
    return answer;
}

Decided DirectoryAccess::computeCriterion(const Criterion& criterion)
{
    const auto data = expandedData(criterion);
    const auto& name = criterion.name;
    if (name == u"accept" || name == u"authenticated_user") {
        return { .certain = *m_active, .possible = *m_active };
    }
    if (name == u"reject") {
        return { .certain = UserSet(m_userCount), .possible = UserSet(m_userCount) };
    }
    const bool isMatcher = data.asObject() != nullptr;
    if (name == u"groups" && isMatcher) {
        return matchGroups(data);
    }
    if (name == u"user" && isMatcher) {
        auto out = matchTexts(data, ids());
        UserSet unknown = *m_active;
        unknown -= m_named;
        out.possible |= unknown;
        return out;
    }
    const bool isMail = (name == u"email" || name == u"domain") && isMatcher;
    if (!isMail || (name == u"email" && data.asObject()->empty())) {
        return { .certain = isMail ? *m_active : UserSet(m_userCount), .possible = *m_active };
    }
    auto out = matchTexts(data, name == u"email" ? emails() : domains());
    out.possible |= m_withoutMail;
    return out;
}

Decided DirectoryAccess::matchGroups(const Value& matcher)
{
    UserSet holds = *m_active;
    for (const auto& [name, value] : *matcher.asObject()) {
        if (name == u"exclude") {
            holds -= usersIn(value);
            continue;
        }
        holds &= usersIn(value);
        if (name == u"is") {
            holds &= singleGroupUsers();
        }
    }
    return { .certain = holds, .possible = holds };
}

Row DirectoryAccess::findGroup(const Value& id) const
{
    return id.isString() ? m_groupRows.value(*id.asString(), kNoRow) : kNoRow;
}

UserSet DirectoryAccess::usersIn(const Value& groupId) const
{
    UserSet out(m_userCount);
    const Row group = findGroup(groupId);
    if (group == kNoRow) {
        return out;
    }
    if (m_directOnly) {
        out.insert(m_closure.snapshot().memberUsers(group));
        out &= *m_active;
    } else {
        out.insert(m_closure.effectiveUsers(group));
    }
    out &= m_recorded;
    return out;
}

/// Users with exactly one exported group: what the list matcher's "is" asks for.
const UserSet& DirectoryAccess::singleGroupUsers()
{
    if (m_single != nullptr) {
        return *m_single;
    }
    m_single = std::make_unique<UserSet>(m_userCount);
    if (m_directOnly) {
        for (Row user = 0; user < m_userCount; ++user) {
            if (m_closure.directGroupCount(user) == 1) {
                m_single->insert(user);
            }
        }
    } else {
        m_closure.forEachUser([this](Row user, std::span<const Rank> groups) {
            if (groups.size() == 1) {
                m_single->insert(user);
            }
        });
    }
    *m_single &= m_recorded;
    return *m_single;
}

Decided DirectoryAccess::matchTexts(const Value& matcher, const TextIndex& index) const
{
    const auto& operators = *matcher.asObject();
    UserSet holds(m_userCount);
    if (const auto texts = TextMatcher::listedTexts(operators)) {
        for (const auto& text : *texts) {
            const auto wanted = text.toUtf8();
            auto entry = std::lower_bound(
                index.begin(), index.end(), std::pair(QByteArrayView(wanted), Row { 0 }));
            for (; entry != index.end() && entry->first == wanted; ++entry) {
                holds.insert(entry->second);
            }
        }
    } else {
        const TextMatcher textMatcher(operators);
        bool matchesLast = false;
        for (auto entry = index.begin(); entry != index.end(); ++entry) {
            const bool isNew = entry == index.begin() || std::prev(entry)->first != entry->first;
            matchesLast = isNew ? textMatcher.matches(entry->first) : matchesLast;
            if (matchesLast) {
                holds.insert(entry->second);
            }
        }
    }
    holds &= *m_active;
    return { .certain = holds, .possible = holds };
}

const DirectoryAccess::TextIndex& DirectoryAccess::ids()
{
    if (!m_ids) {
        m_ids.emplace(m_recordIds.sorted());
    }
    return *m_ids;
}

const DirectoryAccess::TextIndex& DirectoryAccess::emails()
{
    buildMailIndexes();
    return *m_emails;
}

const DirectoryAccess::TextIndex& DirectoryAccess::domains()
{
    buildMailIndexes();
    return *m_domains;
}

void DirectoryAccess::buildMailIndexes()
{
    if (m_emails) {
        return;
    }
    m_emails.emplace();
    m_domains.emplace();
    m_withoutMail = UserSet(m_userCount);
    for (Row user = 0; user < m_userCount; ++user) {
        const auto email = m_closure.snapshot().userEmails().at(user);
        if (email.isEmpty() || !m_recorded.contains(user)) {
            m_withoutMail.insert(user);
            continue;
        }
        m_emails->emplace_back(email, user);
        const auto at = email.indexOf('@');
        if (at >= 0) {
            const auto rest = email.sliced(at + 1);
            const auto end = rest.indexOf('@');
            m_domains->emplace_back(end < 0 ? rest : rest.first(end), user);
        }
    }
    std::sort(m_emails->begin(), m_emails->end());
    std::sort(m_domains->begin(), m_domains->end());
    m_withoutMail &= *m_active;
}

QString DirectoryAccess::describe(const Criterion& criterion) const
{
    const QString key = criterion.subPath.isEmpty()
        ? criterion.name
        : QString(criterion.name % u'/' % criterion.subPath);
    const auto data = expandedData(criterion);
    const auto* members = data.asObject();
    if (members == nullptr) {
        return data.asBool() != nullptr ? key : QString(key % u' ' % shortText(data));
    }
    QStringList parts;
    for (const auto& [name, value] : *members) {
        QString part = name % u' ' % shortText(value);
        const Row group = criterion.name == u"groups" ? findGroup(value) : kNoRow;
        if (group != kNoRow) {
            part += u" ("_s % m_closure.snapshot().groupNames().text(group) % u')';
        }
        parts.append(part);
    }
    return key % u' ' % parts.join(u" and "_s);
}

} // namespace portreeve::access
