// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"

#include <grpcpp/channel.h>

namespace portreeve {

/// @return InvalidInput naming the field for an unusable address or certificate file
Result<std::shared_ptr<grpc::Channel>> openChannel(const DatabrokerEndpoint& endpoint);

} // namespace portreeve
