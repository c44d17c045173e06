// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

#include <QByteArrayView>
#include <QSet>

#include <optional>
#include <vector>

namespace portreeve::access {

/// A string matcher of the policy language (policy.md 4.1), made ready to be compared with many
/// UTF-8 texts.
class TextMatcher
{
public:
    explicit TextMatcher(const policy::Value::Object& operators);

    bool matches(QByteArrayView text) const;

    /// The texts a matcher of nothing but "is" or "in" accepts; nothing for other matchers.
    static std::optional<std::vector<QString>> listedTexts(const policy::Value::Object& operators);

private:
    struct Condition
    {
        QString op {};
        QSet<QByteArray> texts {};
        bool isText = false;

        bool holds(QByteArrayView text) const;
    };

    std::vector<Condition> m_conditions;
};

} // namespace portreeve::access
