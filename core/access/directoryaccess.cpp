// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/directoryaccess.h"

#include "core/policy/matchers.h"
#include "core/policy/valueprinter.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::access {

using namespace policy;

namespace {

/// A string matcher made ready to be compared with many texts as they are stored.
class TextMatcher
{
public:
    explicit TextMatcher(const Value::Object& operators)
    {
        for (const auto& [name, data] : operators) {
            Condition condition { .op = name };
            if (const auto* text = data.asString()) {
                condition.texts.insert(text->toUtf8());
            }
            for (const auto& item : data.asArray() != nullptr ? *data.asArray() : Value::Array {}) {
                const bool isList = name == u"in" || name == u"not_in";
                if (isList && item.isString()) {
                    condition.texts.insert(item.asString()->toUtf8());
                }
            }
            condition.isText = data.isString();
            m_conditions.push_back(std::move(condition));
        }
    }

    bool matches(QByteArrayView text) const
    {
        return std::all_of(m_conditions.begin(), m_conditions.end(),
            [text](const Condition& condition) { return holds(condition, text); });
    }

private:
    struct Condition
    {
        QString op {};
        QSet<QByteArray> texts {};
        bool isText = false;
    };

    static bool holds(const Condition& condition, QByteArrayView text)
    {
        const auto& op = condition.op;
        if (op == u"is" || op == u"not" || op == u"in" || op == u"not_in") {
            const bool listed
                = condition.texts.contains(QByteArray::fromRawData(text.data(), text.size()));
            return listed == (op == u"is" || op == u"in");
        }
        if (!condition.isText) {
            return false;
        }
        const QByteArrayView part(*condition.texts.constBegin());
        return op == u"starts_with" ? text.startsWith(part)
            : op == u"ends_with"    ? text.endsWith(part)
                                    : text.contains(part);
    }

    std::vector<Condition> m_conditions;
};

/// The texts a matcher of nothing but "is" or "in" accepts; nothing for other matchers.
std::optional<std::vector<QString>> listedTexts(const Value::Object& operators)
{
    if (operators.size() != 1) {
        return std::nullopt;
    }
    const auto& [name, data] = operators.front();
    std::vector<QString> out;
    const auto add = [&out](const Value& item) {
        if (const auto* text = item.asString()) {
            out.push_back(*text);
        }
    };
    if (name == u"is") {
        add(data);
        return out;
    }
    if (name == u"in" && data.asArray() != nullptr) {
        std::for_each(data.asArray()->begin(), data.asArray()->end(), add);
        return out;
    }
    return std::nullopt;
}

QString shortText(const Value& value)
{
    if (const auto* text = value.asString()) {
        return u'"' % *text % u'"';
    }
    const auto printed = printValue(value, Format::Json);
    return printed ? QString::fromUtf8(*printed).simplified() : QString();
}

Message sentence(Action action, Operator op, const QString& names)
{
    const bool allow = action == Action::Allow;
    switch (op) {
    case Operator::And:
        return allow
            ? message(QT_TRANSLATE_NOOP("Message", "Allowed because all of this holds: %1."), names)
            : message(QT_TRANSLATE_NOOP("Message", "Denied because all of this holds: %1."), names);
    case Operator::Or:
        return allow ? message(QT_TRANSLATE_NOOP("Message", "Allowed because of: %1."), names)
                     : message(QT_TRANSLATE_NOOP("Message", "Denied because of: %1."), names);
    case Operator::Not:
        return allow
            ? message(
                  QT_TRANSLATE_NOOP("Message", "Allowed because none of this holds: %1."), names)
            : message(
                  QT_TRANSLATE_NOOP("Message", "Denied because none of this holds: %1."), names);
    case Operator::Nor:
        break;
    }
    return allow
        ? message(QT_TRANSLATE_NOOP("Message", "Allowed because not all of this holds: %1."), names)
        : message(QT_TRANSLATE_NOOP("Message", "Denied because not all of this holds: %1."), names);
}

} // namespace

QString reachName(Reach reach)
{
    switch (reach) {
    case Reach::No:
        return u"no"_s;
    case Reach::Depends:
        return u"depends"_s;
    case Reach::Yes:
        break;
    }
    return u"yes"_s;
}

Reach RouteAccess::reach(Row user) const
{
    return m_yes.contains(user)    ? Reach::Yes
        : m_depends.contains(user) ? Reach::Depends
                                   : Reach::No;
}

Row RouteAccess::count(Reach reach) const
{
    switch (reach) {
    case Reach::Yes:
        return m_yes.count();
    case Reach::Depends:
        return m_depends.count();
    case Reach::No:
        break;
    }
    return m_userCount - m_yes.count() - m_depends.count();
}

QString RouteAccess::partNames(const ListAnswer& list, Row user, bool undecided) const
{
    QStringList out;
    for (std::size_t i = 0; i < list.parts.size(); ++i) {
        const auto& part = *list.parts[i];
        const bool isCertain = part.certain.contains(user);
        const bool isPossible = part.possible.contains(user);
        const bool decides = list.op == Operator::Or ? isCertain
            : list.op == Operator::Nor               ? !isPossible
                                                     : true;
        if (undecided ? isPossible && !isCertain : decides) {
            out.append(list.names[i]);
        }
    }
    return out.join(u", "_s);
}

std::vector<Message> RouteAccess::because(Row user) const
{
    if (!m_active->contains(user)) {
        return { message(QT_TRANSLATE_NOOP("Message", "The account is suspended.")) };
    }
    std::vector<Message> out;
    const auto answer = reach(user);
    const auto wanted = answer == Reach::Yes ? Action::Allow : Action::Deny;
    for (const auto& list : m_lists) {
        if (answer != Reach::Depends && list.action == wanted
            && list.whole.certain.contains(user)) {
            out.push_back(sentence(list.action, list.op, partNames(list, user, false)));
        }
        const bool isOpen
            = list.whole.possible.contains(user) && !list.whole.certain.contains(user);
        if (answer == Reach::Depends && isOpen) {
            out.push_back(list.action == Action::Allow
                    ? message(QT_TRANSLATE_NOOP("Message", "Allowed depending on: %1."),
                          partNames(list, user, true))
                    : message(QT_TRANSLATE_NOOP("Message", "Denied depending on: %1."),
                          partNames(list, user, true)));
        }
    }
    if (out.empty()) {
        out.push_back(message(QT_TRANSLATE_NOOP("Message", "No allow rule admits this person.")));
    }
    return out;
}

DirectoryAccess::DirectoryAccess(
    const GroupClosure& closure, const IdNaming& naming, bool directOnly)
    : m_closure(closure)
    , m_directOnly(directOnly)
    , m_userCount(closure.snapshot().userCount())
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
        return matchTexts(data, ids());
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
    return out;
}

/// Users with exactly one exported group: what the list matcher's "is" asks for.
const UserSet& DirectoryAccess::singleGroupUsers()
{
    if (m_single == nullptr) {
        m_single = std::make_unique<UserSet>(m_userCount);
        std::vector<Row> groups;
        for (Row user = 0; user < m_userCount; ++user) {
            if (m_directOnly) {
                const auto direct = m_closure.directGroups(user);
                groups.assign(direct.begin(), direct.end());
            } else {
                m_closure.effectiveGroups(user, groups);
            }
            if (groups.size() == 1) {
                m_single->insert(user);
            }
        }
    }
    return *m_single;
}

Decided DirectoryAccess::matchTexts(const Value& matcher, const TextIndex& index) const
{
    const auto& operators = *matcher.asObject();
    UserSet holds(m_userCount);
    if (const auto texts = listedTexts(operators)) {
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
        m_ids.emplace();
        m_ids->reserve(m_userCount);
        for (Row user = 0; user < m_userCount; ++user) { // sorted by id already
            m_ids->emplace_back(m_closure.snapshot().userIds().at(user), user);
        }
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
        if (email.isEmpty()) {
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
