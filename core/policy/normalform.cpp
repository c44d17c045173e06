// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/criteria.h"
#include "core/policy/matchers.h"
#include "core/policy/model.h"
#include "core/policy/number.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr auto kKeyOrder = std::to_array<QStringView>({ u"type", u"has", u"is", u"not", u"in",
    u"not_in", u"starts_with", u"ends_with", u"contains", u"exclude", u"approved", u"fingerprint",
    u"spki_hash", u"san_email", u"san_dns", u"san_uri" });

Value ordered(Value::Object members)
{
    const auto rank = [](const auto& member) {
        return std::find(kKeyOrder.begin(), kKeyOrder.end(), QStringView(member.first));
    };
    std::stable_sort(members.begin(), members.end(),
        [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return Value(std::move(members));
}

Value asMatcher(const Value& data, const QString& shorthand)
{
    if (const auto* members = data.asObject()) {
        return ordered(*members);
    }
    return Value(Value::Object { { shorthand, data } });
}

Value asList(const Value& data)
{
    return data.isString() ? Value(Value::Array { data }) : data;
}

Value expandedDevice(const Value& data)
{
    const auto* members = data.asObject();
    if (members == nullptr) {
        return data;
    }
    Value::Object out = *members;
    for (auto& [name, value] : out) {
        if (name == u"approved") {
            value = Value(isTruthy(value));
        }
    }
    return ordered(std::move(out));
}

Value expandedCertificate(const Value& data)
{
    const auto* members = data.asObject();
    if (members == nullptr) {
        return data;
    }
    Value::Object out = *members;
    for (auto& [name, value] : out) {
        value = name.startsWith(u"san_") ? asMatcher(value, u"is"_s) : asList(value);
    }
    return ordered(std::move(out));
}

Criterion normalCriterion(const Criterion& criterion)
{
    return { .name = criterion.name,
        .subPath = criterion.name == u"claim" ? criterion.subPath : QString(),
        .data = expandedData(criterion),
        .at = criterion.at };
}

} // namespace

bool isTruthy(const Value& value)
{
    if (const auto* truth = value.asBool()) {
        return *truth;
    }
    if (const auto* number = value.asNumber()) {
        return !sameNumber(number->text, u"0");
    }
    if (const auto* text = value.asString()) {
        return !text->isEmpty();
    }
    return !value.isNull();
}

Value expandedData(const Criterion& criterion)
{
    const auto* info = findCriterion(criterion.name);
    if (info == nullptr) {
        return criterion.data;
    }
    switch (info->data) {
    case DataKind::Ignored:
        return Value(true);
    case DataKind::StringMatcher:
        return asMatcher(criterion.data, u"is"_s);
    case DataKind::ListMatcher:
        return asMatcher(criterion.data, u"has"_s);
    case DataKind::Device:
        return expandedDevice(criterion.data);
    case DataKind::Certificate:
        return expandedCertificate(criterion.data);
    case DataKind::Addresses:
    case DataKind::SshKeys:
        return asList(criterion.data);
    case DataKind::ClaimPath:
    case DataKind::EditionOnly:
        break;
    }
    return criterion.data;
}

Policy normalForm(const Policy& policy)
{
    Policy out;
    for (const auto& rule : policy.rules) {
        for (const auto& list : rule.lists) {
            if (list.criteria.empty()) {
                continue;
            }
            OperatorList normal { .op = list.op, .at = list.at };
            normal.criteria.reserve(list.criteria.size());
            std::transform(list.criteria.begin(), list.criteria.end(),
                std::back_inserter(normal.criteria), normalCriterion);
            Rule single { .action = rule.action, .at = rule.at };
            single.lists.push_back(std::move(normal));
            out.rules.push_back(std::move(single));
        }
    }
    std::stable_sort(out.rules.begin(), out.rules.end(),
        [](const Rule& a, const Rule& b) { return a.action < b.action; });
    return out;
}

} // namespace portreeve::policy
