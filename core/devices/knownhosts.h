// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

#include <stop_token>
#include <vector>

namespace portreeve {

class DatabrokerClient;
struct ProxyTarget;
class Store;

namespace devices {

/// Hosts that a link may lead to, sorted, each once: of the routes managed here, of those in the
/// target's own configuration file as far as we read it, and of those that others keep in the
/// databroker. Blocks.
/// @return Storage; errors of the client
Result<std::vector<QString>> knownHosts(const DatabrokerClient& client, Store& store,
    const ProxyTarget& target, const std::stop_token& stop);

} // namespace devices

} // namespace portreeve
