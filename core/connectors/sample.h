// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"

namespace portreeve {

/// A made-up directory of any size, for trying the program and for demonstrations.
ConnectorDescriptor sampleConnector();

} // namespace portreeve
