// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/registry.h"

namespace portreeve {

// The only place that names the connectors: one function each, defined in the connector's file.
// No self-registration: a static library may drop objects nobody names.
ConnectorDescriptor blobConnector();
ConnectorDescriptor keycloakConnector();
ConnectorDescriptor ldapConnector();
ConnectorDescriptor sampleConnector();

const std::vector<ConnectorDescriptor>& connectorRegistry()
{
    static const std::vector<ConnectorDescriptor> all {
        keycloakConnector(),
        ldapConnector(),
        blobConnector(),
        sampleConnector(),
    };
    return all;
}

const ConnectorDescriptor* findConnector(QStringView id)
{
    for (const auto& connector : connectorRegistry()) {
        if (connector.id == id) {
            return &connector;
        }
    }
    return nullptr;
}

} // namespace portreeve
