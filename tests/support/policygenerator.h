// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

#include <QRandomGenerator>

#include <vector>

namespace portreeve::test {

/// Makes policies that the proxy accepts, the same ones for the same seed.
class PolicyGenerator
{
public:
    explicit PolicyGenerator(quint32 seed);

    policy::Policy policy();

private:
    int below(int bound);
    QString pick(const std::vector<QString>& choices);
    QString text();
    policy::Value scalar();
    policy::Value anyValue(int depth);
    policy::Value stringMatcher(bool isText);
    policy::Value listMatcher();
    policy::Criterion criterion();

    QRandomGenerator m_random;
};

} // namespace portreeve::test
