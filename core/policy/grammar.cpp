// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/texttree.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

/// Turns a tree into rules. Goes on after an error, so that one look shows them all.
class GrammarReader
{
public:
    ParseResult read(const Node& root)
    {
        Policy policy;
        if (root.kind == Node::Kind::Mapping) {
            readRuleMap(root, policy);
        } else if (root.kind == Node::Kind::Sequence) {
            readRuleMaps(root, policy);
        } else {
            fail(root.at, u"not_rules"_s,
                message(QT_TRANSLATE_NOOP(
                    "Message", "A policy is a mapping or a list of mappings, not a single value.")),
                message(QT_TRANSLATE_NOOP("Message",
                    "Start with \"- allow:\", or write [] for a policy without rules.")));
        }
        ParseResult result { .diagnostics = std::move(m_diagnostics) };
        if (!result.hasErrors()) {
            result.policy = std::move(policy);
        }
        return result;
    }

private:
    void fail(Position at, const QString& code, Message what, Message fix)
    {
        m_diagnostics.push_back(
            { .code = code, .at = at, .what = std::move(what), .fix = std::move(fix) });
    }

    void readRuleMaps(const Node& root, Policy& policy)
    {
        for (const auto& item : root.items) {
            if (item.kind == Node::Kind::Mapping) {
                readRuleMap(item, policy);
                continue;
            }
            fail(item.at, u"rule_not_mapping"_s,
                message(QT_TRANSLATE_NOOP("Message", "Each item of a policy must be a mapping.")),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Write \"- allow:\" or \"- deny:\" with operators below.")));
        }
    }

    void readRuleMap(const Node& map, Policy& policy)
    {
        std::vector<Rule> rules;
        for (std::size_t i = 0; i < map.items.size(); ++i) {
            const auto& key = map.keys[i];
            if (key != u"allow" && key != u"deny") {
                fail(map.keyPositions[i], u"unknown_action"_s,
                    message(QT_TRANSLATE_NOOP("Message", "\"%1\" is not an action."), key),
                    message(QT_TRANSLATE_NOOP("Message", "Write allow or deny, in lower case.")));
                continue;
            }
            Rule rule { .action = key == u"allow" ? Action::Allow : Action::Deny,
                .at = map.keyPositions[i] };
            readBody(key, map.items[i], rule);
            rules.push_back(std::move(rule));
        }
        std::stable_sort(rules.begin(), rules.end(),
            [](const Rule& a, const Rule& b) { return a.action < b.action; });
        std::move(rules.begin(), rules.end(), std::back_inserter(policy.rules));
    }

    void readBody(const QString& action, const Node& body, Rule& rule)
    {
        if (body.kind != Node::Kind::Mapping) {
            fail(body.at, u"body_not_mapping"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "\"%1\" needs a mapping of and, or, not or nor."),
                    action),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Put the criteria into a list below and, or, not or nor.")));
            return;
        }
        for (std::size_t i = 0; i < body.items.size(); ++i) {
            readOperator(body.keys[i], body.keyPositions[i], body.items[i], rule);
        }
    }

    void readOperator(const QString& key, Position at, const Node& value, Rule& rule)
    {
        if (key == u"action") {
            m_diagnostics.push_back({ .severity = Severity::Warning,
                .code = u"stray_action"_s,
                .at = at,
                .what = message(QT_TRANSLATE_NOOP(
                    "Message", "The key \"action\" inside a rule is ignored by the proxy.")),
                .fix = message(QT_TRANSLATE_NOOP("Message", "Remove it.")) });
            return;
        }
        const auto op = operatorOf(key);
        if (!op) {
            fail(at, u"unknown_operator"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"%1\" is not an operator."), key),
                message(QT_TRANSLATE_NOOP("Message", "Write and, or, not or nor, in lower case.")));
            return;
        }
        if (value.kind != Node::Kind::Sequence) {
            fail(value.at, u"operator_not_list"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"%1\" needs a list of criteria."), key),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Start each criterion with \"- \"; an empty list is [].")));
            return;
        }
        OperatorList list { .op = *op, .at = at };
        for (const auto& item : value.items) {
            readCriterion(item, list);
        }
        rule.lists.push_back(std::move(list));
    }

    static std::optional<Operator> operatorOf(const QString& key)
    {
        for (const auto& [name, op] :
            { std::pair(u"and"_s, Operator::And), std::pair(u"or"_s, Operator::Or),
                std::pair(u"not"_s, Operator::Not), std::pair(u"nor"_s, Operator::Nor) }) {
            if (key == name) {
                return op;
            }
        }
        return std::nullopt;
    }

    void readCriterion(const Node& item, OperatorList& list)
    {
        if (item.kind != Node::Kind::Mapping) {
            fail(item.at, u"criterion_not_mapping"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "A criterion must be a mapping with one key.")),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Add a colon and a value, for example \"accept: true\".")));
            return;
        }
        if (item.items.size() != 1) {
            fail(item.at, u"criterion_keys"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "A criterion has exactly one key; this has %1."),
                    QString::number(item.items.size())),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Start a list item of its own for each criterion.")));
            return;
        }
        const auto& key = item.keys.front();
        const auto slash = key.indexOf(u'/');
        list.criteria.push_back({ .name = slash < 0 ? key : key.left(slash),
            .subPath = slash < 0 ? QString() : key.mid(slash + 1),
            .data = toValue(item.items.front()),
            .at = item.keyPositions.front() });
    }

    std::vector<Diagnostic> m_diagnostics;
};

} // namespace

Value toValue(const Node& node)
{
    if (node.kind == Node::Kind::Scalar) {
        return node.scalar;
    }
    if (node.kind == Node::Kind::Sequence) {
        Value::Array items;
        items.reserve(node.items.size());
        std::transform(node.items.begin(), node.items.end(), std::back_inserter(items), toValue);
        return Value(std::move(items));
    }
    Value::Object members;
    members.reserve(node.items.size());
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        members.emplace_back(node.keys[i], toValue(node.items[i]));
    }
    return Value(std::move(members));
}

ParseResult readGrammar(const Node& root)
{
    return GrammarReader().read(root);
}

} // namespace portreeve::policy
