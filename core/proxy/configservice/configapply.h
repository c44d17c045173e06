// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configplan.h"

#include <functional>

namespace portreeve::configservice {

enum class ChangeOutcome {
    Done,
    Failed,
    Skipped, ///< needs a change that failed, or the push ended before its turn
};

QString changeOutcomeName(ChangeOutcome outcome); ///< "done"

struct ChangeResult
{
    ChangeOutcome outcome = ChangeOutcome::Skipped;
    std::optional<Error> error {}; ///< of a failure
};

/// What a read after the push showed to be otherwise than written.
struct ReadBack
{
    EntityKind kind = EntityKind::Policy;
    QString id {};
    QString name {};
    Message what {};
    std::vector<FieldDifference> fields {}; ///< before = as written, after = as read
};

struct ConfigReport
{
    std::vector<ChangeResult> results {}; ///< one per change of the plan
    std::vector<ReadBack> mismatches {};
    std::optional<Error> verifyError {}; ///< why nothing could be read back

    std::size_t count(ChangeOutcome outcome) const;

    /// The first failure or mismatch as one error; success when all was sent and read back.
    Result<void> outcome() const;
};

struct ApplyHooks
{
    std::function<void(std::size_t done, std::size_t total)> progress {};
};

/// Sends a plan and reads everything back. Nothing is sent when what the plan changes has itself
/// changed since it was made. A content refused by the proxy stops what needs it, any other failure
/// stops all.
/// @return Stale with the entity's name; the client's errors as long as nothing was sent
Result<ConfigReport> applyConfig(ConfigEditor& editor, const ConfigPlan& plan,
    const ApplyHooks& hooks, const std::stop_token& stop);

} // namespace portreeve::configservice
