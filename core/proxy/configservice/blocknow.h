// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/configservice/configclient.h"
#include "core/proxy/configservice/desiredconfig.h"

#include <chrono>
#include <functional>

namespace portreeve::configservice {

enum class ProbeAnswer { LetIn, Refused };

/// Asks the proxy for a page of the route as the user.
using AccessProbe = std::function<Result<ProbeAnswer>(
    const RouteEntity& route, const QString& userId, const std::stop_token& stop)>;

enum class BlockState {
    Done, ///< the proxy let the user in before and refuses them now; or the block is lifted
    WrittenNotConfirmed, ///< nothing proves that the block is what keeps the user out
    StillLetIn, ///< written and read back, but without effect
};

QString blockStateName(BlockState state); ///< "done", "written_not_confirmed", "still_let_in"

struct BlockOutcome
{
    BlockState state = BlockState::WrittenNotConfirmed;
    std::vector<QString> routes {}; ///< names of those that carry the block now
    std::vector<QString> publicRoutes {}; ///< names of those left out: open to everybody anyway
    QString probedRoute {};
    std::optional<Error> error {}; ///< why it is not Done
};

struct BlockChange
{
    Ownership ownership {};
    std::vector<QString> userIds {}; ///< all who are to be kept out from now on; empty lifts it
    QString probedUser {}; ///< one of them
    bool isNew = true; ///< whether it is this change that keeps the probed user out
};

/// The proxy takes policy changes in under 0.1 s; after this time something is wrong.
inline constexpr std::chrono::milliseconds kBlockTimeout { 2'000 };

/// How many routes are asked, before anything is written, for one that lets the user in; and how
/// long at most, since the block itself waits for it.
inline constexpr int kMostRoutesAsked = 5;
inline constexpr std::chrono::milliseconds kAskingTimeout { 2'000 };

/// Keeps people out within the second, ahead of the directory (proxy.md 5.5): a deny policy of ours
/// on all managed routes that are not public. Sends nothing else of what may be pending. A refusal
/// proves the block only where the user was let in before it, so the routes are asked first.
/// @param probe  empty = nothing can be tried out
/// @return the client's errors; Stale when the id of the block belongs to somebody else
Result<BlockOutcome> blockNow(ConfigEditor& editor, Clock& clock, const BlockChange& request,
    const AccessProbe& probe, const std::stop_token& stop);

} // namespace portreeve::configservice
