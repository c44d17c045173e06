// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/model.h"

#include "core/policy/number.h"

#include <algorithm>

namespace portreeve::policy {

Value::Value(bool value)
    : m_value(value)
{
}

Value::Value(QString text)
    : m_value(std::move(text))
{
}

Value::Value(Number number)
    : m_value(std::move(number))
{
}

Value::Value(Array items)
    : m_value(std::move(items))
{
}

Value::Value(Object members)
    : m_value(std::move(members))
{
}

bool Value::isNull() const
{
    return std::holds_alternative<std::monostate>(m_value);
}

bool Value::isString() const
{
    return asString() != nullptr;
}

const bool* Value::asBool() const
{
    return std::get_if<bool>(&m_value);
}

const QString* Value::asString() const
{
    return std::get_if<QString>(&m_value);
}

const Value::Number* Value::asNumber() const
{
    return std::get_if<Number>(&m_value);
}

const Value::Array* Value::asArray() const
{
    return std::get_if<Array>(&m_value);
}

const Value::Object* Value::asObject() const
{
    return std::get_if<Object>(&m_value);
}

const Value* Value::member(QStringView key) const
{
    const auto* members = asObject();
    if (members == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(
        members->begin(), members->end(), [key](const auto& entry) { return entry.first == key; });
    return found == members->end() ? nullptr : &found->second;
}

bool operator==(const Value& a, const Value& b)
{
    if (a.m_value.index() != b.m_value.index()) {
        return false;
    }
    if (const auto* members = a.asObject()) {
        return members->size() == b.asObject()->size()
            && std::all_of(members->begin(), members->end(), [&b](const auto& entry) {
                   const auto* other = b.member(entry.first);
                   return other != nullptr && *other == entry.second;
               });
    }
    if (const auto* items = a.asArray()) {
        return *items == *b.asArray();
    }
    if (const auto* number = a.asNumber()) {
        return sameNumber(number->text, b.asNumber()->text);
    }
    if (const auto* text = a.asString()) {
        return *text == *b.asString();
    }
    return a.isNull() || *a.asBool() == *b.asBool();
}

bool operator==(const Policy& a, const Policy& b)
{
    const auto sameCriterion = [](const Criterion& x, const Criterion& y) {
        return x.name == y.name && x.subPath == y.subPath && x.data == y.data;
    };
    const auto sameList = [&](const OperatorList& x, const OperatorList& y) {
        return x.op == y.op
            && std::equal(x.criteria.begin(), x.criteria.end(), y.criteria.begin(),
                y.criteria.end(), sameCriterion);
    };
    const auto sameRule = [&](const Rule& x, const Rule& y) {
        return x.action == y.action
            && std::equal(x.lists.begin(), x.lists.end(), y.lists.begin(), y.lists.end(), sameList);
    };
    return std::equal(a.rules.begin(), a.rules.end(), b.rules.begin(), b.rules.end(), sameRule);
}

} // namespace portreeve::policy
