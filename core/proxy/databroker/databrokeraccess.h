// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/sharedsecret.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/secretstore.h"

#include <memory>

namespace portreeve {

/// A target's databroker, and the secret that opens it and signs its links.
struct DatabrokerAccess
{
    SharedSecret secret;
    std::unique_ptr<DatabrokerClient> client;
};

/// Where a target's gRPC services are.
DatabrokerEndpoint endpointOf(const TargetOptions& options);

/// Connects with the first call, not here; reading the secret blocks.
/// @return SecretStore where no secret is stored; InvalidInput for options or a secret of no use
Result<DatabrokerAccess> openDatabroker(
    const ProxyTarget& target, SecretStore& secrets, const Clock& clock);

} // namespace portreeve
