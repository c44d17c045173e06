// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/output.h"
#include "core/connectors/connector.h"

#include <vector>

namespace portreeve::ctl {

/// The steps of a test of a connection or a target, a line each.
void printSteps(Output& out, const std::vector<TestStep>& steps);

} // namespace portreeve::ctl
