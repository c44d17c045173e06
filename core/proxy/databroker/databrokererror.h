// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <grpcpp/support/status.h>

namespace portreeve {

struct CallFacts
{
    const char* method = "";
    QString address {};
    bool tls = false;
    UtcTime localTime {};
    std::optional<UtcTime> serverTime {}; ///< of the answer's date header, where one came
};

/// Explains a failed call. The text decides before the code where the proxy says more in it.
Error databrokerError(const grpc::Status& status, const CallFacts& facts);

} // namespace portreeve
