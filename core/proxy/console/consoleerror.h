// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokererror.h"

namespace portreeve {

/// Explains a failed call to Enterprise's console. Between us and it stands a route of the proxy,
/// which answers in HTTP where it does not let us through. That the console itself words things so
/// is (unverified here); where it does not, the code decides.
Error consoleError(const grpc::Status& status, const CallFacts& facts);

} // namespace portreeve
