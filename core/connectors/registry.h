// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"

#include <vector>

namespace portreeve {

/// Every connector of this build, in the order the picker shows them.
const std::vector<ConnectorDescriptor>& connectorRegistry();

/// nullptr when no connector has that id.
const ConnectorDescriptor* findConnector(QStringView id);

} // namespace portreeve
