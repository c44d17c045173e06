// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/textmatcher.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::access {

using policy::Value;

TextMatcher::TextMatcher(const Value::Object& operators)
{
    for (const auto& [name, data] : operators) {
        Condition condition { .op = name, .isText = data.isString() };
        if (condition.isText) {
            condition.texts.insert(data.asString()->toUtf8());
        }
        const auto* items = name == u"in" || name == u"not_in" ? data.asArray() : nullptr;
        for (const auto& item : items != nullptr ? *items : Value::Array {}) {
            if (item.isString()) {
                condition.texts.insert(item.asString()->toUtf8());
            }
        }
        m_conditions.push_back(std::move(condition));
    }
}

bool TextMatcher::matches(QByteArrayView text) const
{
    return std::all_of(m_conditions.begin(), m_conditions.end(),
        [text](const Condition& condition) { return condition.holds(text); });
}

bool TextMatcher::Condition::holds(QByteArrayView text) const
{
    if (op == u"is" || op == u"not" || op == u"in" || op == u"not_in") {
        const bool listed = texts.contains(QByteArray::fromRawData(text.data(), text.size()));
        return listed == (op == u"is" || op == u"in");
    }
    if (!isText) {
        return false;
    }
    const QByteArrayView part(*texts.constBegin());
    return op == u"starts_with" ? text.startsWith(part)
        : op == u"ends_with"    ? text.endsWith(part)
                                : text.contains(part);
}

std::optional<std::vector<QString>> TextMatcher::listedTexts(const Value::Object& operators)
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

} // namespace portreeve::access
