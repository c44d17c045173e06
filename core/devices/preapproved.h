// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <optional>
#include <stop_token>

namespace portreeve {

class Clock;
class SecretStore;
class Store;

namespace devices {

/// Links that nobody has used and that approve whatever device is enrolled with them: until each
/// ends, whoever controls its person's sign-in can enroll a device of theirs (devices.md 6).
struct PreapprovedLinks
{
    int waiting = 0;
    int unsure = 0; ///< their proxy could not be asked whether they were used
    std::optional<UtcTime> firstEnd {}; ///< of all these; nothing when there are none

    bool isEmpty() const { return waiting == 0 && unsure == 0; }
};

/// Over all targets. Blocks while those that have such links are asked, for some seconds where one
/// is away. @return Storage
Result<PreapprovedLinks> preapprovedLinks(
    Store& store, SecretStore& secrets, const Clock& clock, const std::stop_token& stop);

} // namespace devices

} // namespace portreeve
