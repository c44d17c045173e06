// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/lint.h"

#include "core/policy/criteria.h"
#include "core/policy/lintrules.h"
#include "core/policy/matchers.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

// The proxy's compile time grows faster than quadratically (policy.md 7.11).
constexpr std::size_t kManyCriteria = 500;

bool isEmptyText(const Value& value)
{
    return value.asString() != nullptr && value.asString()->isEmpty();
}

bool containsEmptyText(const Value& value)
{
    const auto* items = value.asArray();
    return items != nullptr && std::any_of(items->begin(), items->end(), isEmptyText);
}

/// Whether a string matcher holds for the empty text, which is what a missing address counts as.
bool holdsForEmptyText(const Value& matcher)
{
    const auto* members = matcher.asObject();
    return members != nullptr
        && std::all_of(members->begin(), members->end(), [](const auto& member) {
               const auto& [name, value] = member;
               if (name == u"not") {
                   return !isEmptyText(value);
               }
               if (name == u"in") {
                   return containsEmptyText(value);
               }
               return name == u"not_in" ? !containsEmptyText(value) : isEmptyText(value);
           });
}

bool needsSession(const Criterion& criterion)
{
    const auto* info = findCriterion(criterion.name);
    const bool speaksOfIdentity = info != nullptr
        && (info->needsSession || info->name == u"email" || info->name == u"claim"
            || info->name == u"device" || info->name.startsWith(u"ssh_username_matches"));
    return speaksOfIdentity && !holdsWithoutSession(criterion);
}

/// Whether the rule's outcome carries a reason that sends visitors to the login page.
bool asksForIdentity(const OperatorList& list)
{
    return std::any_of(list.criteria.begin(), list.criteria.end(), needsSession);
}

Message authenticatedFix()
{
    return message(QT_TRANSLATE_NOOP(
        "Message", "Put it into an \"and\" list together with \"authenticated_user: true\"."));
}

void lintPublic(const OperatorList& list, Findings& out)
{
    const bool isAnd = list.op == Operator::And;
    if ((!isAnd && list.op != Operator::Or) || (isAnd && asksForIdentity(list))
        || (!isAnd && isAlwaysTrue(list))) {
        return;
    }
    for (const auto& criterion : list.criteria) {
        if (holdsWithoutSession(criterion)) {
            out.add(Severity::Error, u"7_1", criterion.at,
                message(QT_TRANSLATE_NOOP("Message",
                            "\"%1\" holds without any sign-in here, so this rule admits anybody."),
                    criterionKey(criterion)),
                authenticatedFix());
        }
    }
}

void lintOperators(const Rule& rule, Findings& out)
{
    const auto filled = std::count_if(rule.lists.begin(), rule.lists.end(),
        [](const OperatorList& list) { return !list.criteria.empty(); });
    if (filled < 2) {
        return;
    }
    const auto negation = std::find_if(
        rule.lists.begin(), rule.lists.end(), [](const OperatorList& list) {
            return !list.criteria.empty() && (list.op == Operator::Not || list.op == Operator::Nor);
        });
    if (negation != rule.lists.end() && rule.action == Action::Allow) {
        out.add(Severity::Warning, u"7_2", negation->at,
            message(QT_TRANSLATE_NOOP("Message",
                "The operators of one block are alternatives: this negation admits people, it does "
                "not keep any out.")),
            message(
                QT_TRANSLATE_NOOP("Message", "Move the criteria into a deny rule, under \"or\".")));
        return;
    }
    out.add(Severity::Warning, u"7_2", rule.lists.back().at,
        message(QT_TRANSLATE_NOOP("Message",
            "The operators of one block are alternatives: one of them is enough, they do not all "
            "have to hold.")),
        message(QT_TRANSLATE_NOOP("Message", "Write one rule for each operator.")));
}

void lintGroups(const OperatorList& list, const Criterion& criterion, Findings& out)
{
    if (criterion.name != u"groups") {
        return;
    }
    const bool negated = list.op == Operator::Not || list.op == Operator::Nor;
    if (criterion.data.member(u"exclude") != nullptr && !negated) {
        out.add(Severity::Note, u"7_7", criterion.at,
            message(QT_TRANSLATE_NOOP("Message",
                "People without a directory record fail \"exclude\", although they are in no "
                "group.")),
            message(
                QT_TRANSLATE_NOOP("Message", "To let them in too, negate with \"not\" instead.")));
    } else if (negated) {
        out.add(Severity::Note, u"7_7", criterion.at,
            message(QT_TRANSLATE_NOOP("Message",
                "People without a directory record pass this negation, whatever groups they are "
                "in elsewhere.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "To keep them out, use \"exclude\" in an \"and\" list.")));
    }
}

void lintDeny(const OperatorList& list, Findings& out)
{
    for (const auto& criterion : list.criteria) {
        const bool isKey = criterion.name == u"ssh_publickey" || criterion.name == u"ssh_ca";
        if (isKey && (list.op == Operator::And || list.op == Operator::Or)) {
            out.add(Severity::Warning, u"7_12", criterion.at,
                message(QT_TRANSLATE_NOOP("Message",
                            "A deny rule on \"%1\" locks out everybody whose key it does not "
                            "match."),
                    criterion.name),
                message(QT_TRANSLATE_NOOP(
                    "Message", "List the permitted keys in an allow rule instead.")));
        }
    }
}

std::size_t countCriteria(std::span<const Policy> policies)
{
    std::size_t count = 0;
    for (const auto& policy : policies) {
        for (const auto& rule : policy.rules) {
            for (const auto& list : rule.lists) {
                count += list.criteria.size();
            }
        }
    }
    return count;
}

/// One rule of a route that is not empty.
struct RouteList
{
    Action action = Action::Allow;
    const OperatorList* list = nullptr;
};

void addLists(const Rule& rule, std::vector<RouteList>& out)
{
    for (const auto& list : rule.lists) {
        if (!list.criteria.empty()) {
            out.push_back({ .action = rule.action, .list = &list });
        }
    }
}

std::vector<RouteList> listsOf(std::span<const Policy> policies)
{
    std::vector<RouteList> out;
    for (const auto& policy : policies) {
        for (const auto& rule : policy.rules) {
            addLists(rule, out);
        }
    }
    return out;
}

void lintWhole(std::span<const Policy> policies, Findings& out)
{
    const auto lists = listsOf(policies);
    bool allows = false;
    bool isPublic = false;
    for (const auto& [action, list] : lists) {
        allows = allows || action == Action::Allow;
        isPublic = isPublic || (action == Action::Allow && isAlwaysTrue(*list));
    }
    if (!lists.empty() && !allows) {
        out.add(Severity::Warning, u"7_5", lists.front().list->at,
            message(QT_TRANSLATE_NOOP("Message",
                "There is no allow rule, so nobody gets in, and nobody is asked to sign "
                "in either.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Add an allow rule, for example \"authenticated_user: true\".")));
    }
    for (const auto& [action, list] : lists) {
        if (action == Action::Deny && isAlwaysTrue(*list)) {
            out.add(Severity::Warning, u"7_5", list->at,
                message(QT_TRANSLATE_NOOP(
                    "Message", "This deny rule always holds, so no allow rule has any effect.")),
                message(QT_TRANSLATE_NOOP("Message", "Remove the rule, or narrow it.")));
        } else if (action == Action::Deny && isPublic && asksForIdentity(*list)) {
            out.add(Severity::Warning, u"7_5", list->at,
                message(QT_TRANSLATE_NOOP("Message",
                    "This deny rule asks who the visitor is, so the public route sends everybody "
                    "to the login page.")),
                message(QT_TRANSLATE_NOOP("Message",
                    "Remove the rule, or allow \"authenticated_user\" instead of \"accept\".")));
        }
    }
    const auto count = countCriteria(policies);
    if (count >= kManyCriteria) {
        out.add(Severity::Warning, u"7_11", { .line = 1, .column = 1 },
            message(QT_TRANSLATE_NOOP("Message",
                        "%1 criteria on one route: the proxy may take many seconds to compile "
                        "them."),
                QString::number(count)),
            message(QT_TRANSLATE_NOOP("Message", "Use \"in\" with a list of values, or a group.")));
    }
}

} // namespace

void Findings::add(Severity severity, QStringView section, Position at, Message what, Message fix)
{
    m_all.push_back({ .severity = severity,
        .kind = DiagnosticClass::Lint,
        .code = u"lint_"_s % section.toString(),
        .at = at,
        .what = std::move(what),
        .fix = std::move(fix) });
}

std::vector<Diagnostic> Findings::take()
{
    sortByPosition(m_all);
    return std::move(m_all);
}

bool holdsWithoutSession(const Criterion& criterion)
{
    const auto data = expandedData(criterion);
    const auto* members = data.asObject();
    if (criterion.name == u"email") {
        return holdsForEmptyText(data);
    }
    if (criterion.name == u"claim") {
        return members != nullptr
            && std::all_of(members->begin(), members->end(),
                [](const auto& member) { return member.first == u"exclude"; });
    }
    if (criterion.name == u"device") {
        const auto* approved = data.member(u"approved");
        return members != nullptr
            && (members->empty()
                || (members->size() == 1 && approved != nullptr && !isTruthy(*approved)));
    }
    return criterion.name == u"ssh_username_matches_email";
}

bool isAlwaysTrue(const OperatorList& list)
{
    const auto isNamed = [](QStringView name) {
        return [name](const Criterion& criterion) { return criterion.name == name; };
    };
    const auto& all = list.criteria;
    switch (list.op) {
    case Operator::And:
        return !all.empty() && std::all_of(all.begin(), all.end(), isNamed(u"accept"));
    case Operator::Or:
        return std::any_of(all.begin(), all.end(), isNamed(u"accept"));
    case Operator::Not:
        return !all.empty() && std::all_of(all.begin(), all.end(), isNamed(u"reject"));
    case Operator::Nor:
        break;
    }
    return std::any_of(all.begin(), all.end(), isNamed(u"reject"));
}

QString criterionKey(const Criterion& criterion)
{
    return criterion.subPath.isEmpty() ? criterion.name
                                       : QString(criterion.name % u'/' % criterion.subPath);
}

std::vector<Diagnostic> lintPolicy(const Policy& policy, const LintContext& context)
{
    Findings out;
    for (const auto& rule : policy.rules) {
        lintOperators(rule, out);
        for (const auto& list : rule.lists) {
            if (rule.action == Action::Allow) {
                lintPublic(list, out);
            } else {
                lintDeny(list, out);
            }
            for (const auto& criterion : list.criteria) {
                lintGroups(list, criterion, out);
                lintValues(criterion, context, out);
                lintTarget(criterion, rule.action, context, out);
            }
        }
    }
    lintWhole({ &policy, 1 }, out);
    return out.take();
}

ParseResult checkText(const QByteArray& text, const LintContext& context, Entry entry)
{
    ParseResult result = parsePolicy(text, entry);
    if (!result.policy || result.hasErrors()) {
        return result;
    }
    const auto lints = lintPolicy(*result.policy, context);
    result.diagnostics.insert(result.diagnostics.end(), lints.begin(), lints.end());
    sortByPosition(result.diagnostics);
    return result;
}

std::vector<Diagnostic> lintRoute(std::span<const Policy> policies)
{
    Findings out;
    lintWhole(policies, out);
    return out.take();
}

} // namespace portreeve::policy
