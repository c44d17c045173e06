// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"

#include <grpcpp/channel.h>

namespace portreeve {

/// The largest answer taken: holds what we put, at most 1 MiB a message; others' records may be as
/// large as the server takes them.
inline constexpr int kMaxAnswerBytes = 16 * 1024 * 1024;

/// @return InvalidInput naming the field for an unusable address or certificate file
Result<std::shared_ptr<grpc::Channel>> openChannel(
    const DatabrokerEndpoint& endpoint, int maxAnswerBytes = kMaxAnswerBytes);

} // namespace portreeve
