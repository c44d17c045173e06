// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/directory/snapshotbuilder.h"

#include <chrono>
#include <optional>

namespace portreeve {

struct HttpResponse;

/// How far this computer's clock is ahead of the server's; nothing when the answer has no Date.
std::optional<std::chrono::milliseconds> clockSkew(const HttpResponse& response);

/// The step "clock" of a test. Always passed: no sign-in here is signed with the time, but what
/// expires does so early or late.
TestStep clockStep(const std::optional<std::chrono::milliseconds>& skew);

/// Says so in the run's report when the clocks are minutes apart.
void noteClockSkew(const std::optional<std::chrono::milliseconds>& skew, SnapshotBuilder& out);

} // namespace portreeve
