// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/exitcode.h"

namespace portreeve::ctl {

ExitCode exitCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
        return ExitCode::Cancelled;
    case ErrorCode::Auth:
    case ErrorCode::Permission:
        return ExitCode::Credentials;
    case ErrorCode::InvalidInput:
        return ExitCode::Usage;
    case ErrorCode::Held:
        return ExitCode::Held;
    case ErrorCode::Network:
    case ErrorCode::Tls:
    case ErrorCode::Timeout:
    case ErrorCode::NotFound:
    case ErrorCode::RateLimited:
    case ErrorCode::ClockSkew:
    case ErrorCode::BadResponse:
    case ErrorCode::LimitExceeded:
    case ErrorCode::Stale:
    case ErrorCode::Storage:
    case ErrorCode::SecretStore:
    case ErrorCode::Internal:
        return ExitCode::Failed;
    }
    return ExitCode::Failed;
}

} // namespace portreeve::ctl
