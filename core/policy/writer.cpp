// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/writer.h"

#include "core/policy/parser.h"
#include "core/policy/valueprinter.h"

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

QString operatorName(Operator op)
{
    switch (op) {
    case Operator::And:
        return u"and"_s;
    case Operator::Or:
        return u"or"_s;
    case Operator::Not:
        return u"not"_s;
    case Operator::Nor:
        break;
    }
    return u"nor"_s;
}

} // namespace

Value policyValue(const Policy& policy)
{
    Value::Array rules;
    for (const auto& rule : policy.rules) {
        Value::Object body;
        for (const auto& list : rule.lists) {
            Value::Array criteria;
            for (const auto& criterion : list.criteria) {
                const QString key = criterion.subPath.isEmpty()
                    ? criterion.name
                    : QString(criterion.name % u'/' % criterion.subPath);
                criteria.emplace_back(Value::Object { { key, criterion.data } });
            }
            body.emplace_back(operatorName(list.op), Value(std::move(criteria)));
        }
        const auto action = rule.action == Action::Allow ? u"allow"_s : u"deny"_s;
        rules.emplace_back(Value::Object { { action, Value(std::move(body)) } });
    }
    return Value(std::move(rules));
}

Result<QByteArray> writePolicy(const Policy& policy, Format format)
{
    for (const auto& diagnostic : checkPolicy(policy)) {
        if (!isOfAnotherEdition(diagnostic)) {
            return Error { .code = ErrorCode::InvalidInput,
                .what = diagnostic.what,
                .remedy = diagnostic.fix,
                .field = u"policy"_s };
        }
    }
    return printValue(policyValue(normalForm(policy)), format);
}

} // namespace portreeve::policy
