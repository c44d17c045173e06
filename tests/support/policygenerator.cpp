// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/policygenerator.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

using namespace policy;

PolicyGenerator::PolicyGenerator(quint32 seed)
    : m_random(seed)
{
}

int PolicyGenerator::below(int bound)
{
    return static_cast<int>(m_random.bounded(bound));
}

QString PolicyGenerator::pick(const std::vector<QString>& choices)
{
    return choices.at(static_cast<std::size_t>(below(static_cast<int>(choices.size()))));
}

QString PolicyGenerator::text()
{
    static const std::vector<QString> words { u"g-eng"_s, u"4711"_s, u"true"_s, u"null"_s, u"~"_s,
        u"2021-01-01"_s, u"0x1F"_s, u""_s, u" a "_s, u"a: b"_s, u"- x"_s, u"# no"_s, u"{}"_s,
        u"\"q\""_s, u"back\\slash"_s, u"a/b"_s, u"line\nline\n"_s, u"\ttab"_s, u"\u0085 \u2028"_s,
        u"\ufeff"_s, u"\uffff"_s, u"gr\u00fcn"_s, u"\U0001F600"_s, u"*x"_s, u"&x"_s, u"<<"_s,
        u"%YAML"_s, u"---"_s, u"'"_s, u"!!str"_s, u"\b\f\r"_s };
    return pick(words);
}

Value PolicyGenerator::scalar()
{
    static const std::vector<QString> numbers { u"0"_s, u"-1"_s, u"3.5"_s, u"1e3"_s, u"1E+30"_s,
        u"0.0000001"_s, u"9223372036854775807"_s, u"18446744073709551615"_s, u"-0.0"_s };
    switch (below(6)) {
    case 0:
        return Value(Value::Number { .text = pick(numbers) });
    case 1:
        return Value(below(2) == 0);
    case 2:
        return {};
    default:
        return Value(text());
    }
}

Value PolicyGenerator::anyValue(int depth)
{
    const int kind = depth > 3 ? 9 : below(10);
    if (kind == 0) {
        Value::Array items;
        for (int i = below(4); i > 0; --i) {
            items.push_back(anyValue(depth + 1));
        }
        return Value(std::move(items));
    }
    if (kind == 1) {
        Value::Object members;
        for (int i = below(4); i > 0; --i) {
            const auto key = text();
            if (Value(members).member(key) == nullptr) {
                members.emplace_back(key, anyValue(depth + 1));
            }
        }
        return Value(std::move(members));
    }
    return scalar();
}

Value PolicyGenerator::stringMatcher(bool isText)
{
    if (below(3) == 0) {
        return isText ? Value(text()) : scalar();
    }
    Value::Object members;
    for (const auto& name :
        { u"contains"_s, u"is"_s, u"starts_with"_s, u"not"_s, u"ends_with"_s }) {
        if (below(3) == 0) {
            const bool mustBeText
                = name == u"contains" || name.endsWith(u"_with") || (isText && name == u"is");
            members.emplace_back(name, mustBeText ? Value(text()) : anyValue(0));
        }
    }
    if (below(3) == 0) {
        members.emplace_back(u"in"_s, Value(Value::Array { anyValue(0), Value(text()) }));
        members.emplace_back(u"not_in"_s, Value(Value::Array { scalar() }));
    }
    return Value(std::move(members));
}

Value PolicyGenerator::listMatcher()
{
    if (below(3) == 0) {
        return scalar();
    }
    Value::Object members;
    for (const auto& name : { u"exclude"_s, u"has"_s, u"is"_s }) {
        if (below(2) == 0) {
            members.emplace_back(name, anyValue(0));
        }
    }
    return Value(std::move(members));
}

Criterion PolicyGenerator::criterion()
{
    switch (below(9)) {
    case 0:
        return { .name = u"claim"_s, .subPath = text(), .data = listMatcher() };
    case 1:
        return { .name = u"groups"_s,
            .subPath = below(4) == 0 ? u"x"_s : QString(),
            .data = listMatcher() };
    case 2:
        return { .name = u"domain"_s, .data = stringMatcher(true) };
    case 3:
        return { .name = u"source_ip"_s,
            .data = below(2) == 0
                ? Value(u"10.0.0.0/8"_s)
                : Value(Value::Array { Value(u"::1"_s), Value(u"192.0.2.7"_s) }) };
    case 4:
        return { .name = u"device"_s,
            .data = Value(
                Value::Object { { u"approved"_s, anyValue(0) }, { u"type"_s, Value(text()) } }) };
    case 5:
        return { .name = u"client_certificate"_s,
            .data = Value(Value::Object { { u"san_dns"_s, Value(text()) },
                { u"fingerprint"_s, Value(QString(64, u'a')) } }) };
    case 6:
        return { .name = pick({ u"accept"_s, u"reject"_s, u"authenticated_user"_s,
                     u"cors_preflight"_s, u"ssh_username_matches_email"_s }),
            .data = anyValue(0) };
    default:
        return { .name = pick({ u"user"_s, u"email"_s, u"mcp_tool"_s, u"ssh_username"_s }),
            .data = stringMatcher(false) };
    }
}

Policy PolicyGenerator::policy()
{
    Policy out;
    for (int r = below(4); r > 0; --r) {
        Rule rule { .action = below(3) == 0 ? Action::Deny : Action::Allow };
        for (const auto op : { Operator::Or, Operator::And, Operator::Nor, Operator::Not }) {
            if (below(3) != 0) {
                continue;
            }
            OperatorList list { .op = op };
            for (int c = below(4); c > 0; --c) {
                list.criteria.push_back(criterion());
            }
            rule.lists.push_back(std::move(list));
        }
        out.rules.push_back(std::move(rule));
    }
    return out;
}

} // namespace portreeve::test
