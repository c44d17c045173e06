// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/proxytarget.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const auto& stateNames()
{
    static const std::array<std::pair<TargetState, QString>, 8> names { {
        { TargetState::New, u"new"_s },
        { TargetState::InStep, u"in_step"_s },
        { TargetState::Behind, u"behind"_s },
        { TargetState::Held, u"held"_s },
        { TargetState::Drifted, u"drifted"_s },
        { TargetState::Unreachable, u"unreachable"_s },
        { TargetState::NeedsAttention, u"needs_attention"_s },
        { TargetState::Disabled, u"disabled"_s },
    } };
    return names;
}

} // namespace

QString targetStateName(TargetState state)
{
    for (const auto& [value, name] : stateNames()) {
        if (value == state) {
            return name;
        }
    }
    return u"new"_s;
}

std::optional<TargetState> targetStateFromName(QStringView name)
{
    for (const auto& [value, known] : stateNames()) {
        if (name == known) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace portreeve
