// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

namespace portreeve::policy {

/// Any JSON value. Numbers keep their text: "1.0" and "1" compare equal by value, not by text.
/// Objects keep the order of their keys.
class Value
{
public:
    struct Number
    {
        QString text {};
    };

    using Array = std::vector<Value>;
    using Object = std::vector<std::pair<QString, Value>>;

    Value() = default; ///< null
    explicit Value(bool value);
    explicit Value(QString text);
    explicit Value(Number number);
    explicit Value(Array items);
    explicit Value(Object members);

    bool isNull() const;
    bool isString() const;
    const bool* asBool() const; ///< nullptr when it is something else
    const QString* asString() const;
    const Number* asNumber() const;
    const Array* asArray() const;
    const Object* asObject() const;
    const Value* member(QStringView key) const; ///< of an object; nullptr when absent

    friend bool operator==(
        const Value& a, const Value& b); ///< numbers by value, objects without order

private:
    std::variant<std::monostate, bool, QString, Number, Array, Object> m_value;
};

enum class Action : std::uint8_t { Allow, Deny };
enum class Operator : std::uint8_t { And, Or, Not, Nor };

/// Where something stands in the text, both from 1; 0 = unknown.
struct Position
{
    int line = 0;
    int column = 0;
};

struct Criterion
{
    QString name {};
    QString subPath {}; ///< behind the first slash; may be empty
    Value data {};
    Position at {};
};

struct OperatorList
{
    Operator op = Operator::And;
    std::vector<Criterion> criteria {};
    Position at {};
};

struct Rule
{
    Action action = Action::Allow;
    std::vector<OperatorList> lists {}; ///< each operator at most once
    Position at {};
};

struct Policy
{
    std::vector<Rule> rules {};
};

/// policy.md 2. Two policies mean the same text when their normal forms are equal.
Policy normalForm(const Policy& policy);
bool operator==(const Policy& a, const Policy& b); ///< structure and data; positions do not count

} // namespace portreeve::policy
