// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/connection.h"

#include <vector>

namespace portreeve {

/// What a person should hear of a connection (sync-lifecycle.md 1.5): removals wait for them, it
/// does not get on by itself, or it is well again. A run that merely succeeded is no news.
struct StateNotice
{
    enum class Kind { Held, Failing, Recovered };

    Kind kind = Kind::Held;
    QString connectionId {};
    QString connectionName {};
    Message cause {}; ///< of Held and Failing; never empty there

    friend bool operator==(const StateNotice& a, const StateNotice& b)
    {
        return a.kind == b.kind && a.connectionId == b.connectionId;
    }
};

/// What changed between two looks at the connections. One that is new counts as well before.
std::vector<StateNotice> stateNotices(
    const std::vector<Connection>& before, const std::vector<Connection>& after);

} // namespace portreeve
