// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/knownhosts.h"

#include "core/devices/linkrules.h"
#include "core/proxy/databroker/configrecords.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/wholeconfig.h"
#include "core/proxy/delivery/policyfiledelivery.h"
#include "core/proxy/managedfile.h"
#include "core/store/store.h"

namespace portreeve::devices {

namespace {

/// Records we cannot read are those of somebody else, who has to look after them.
void addRoutes(const DatabrokerRecord& record, std::vector<StoredRoute>& routes)
{
    if (record.type == recordtype::kConfigRoute) {
        if (const auto route = routeEntity(record)) {
            routes.push_back({ .from = route->from });
        }
    } else if (const auto config = readWholeConfig(record, {})) {
        for (const auto& route : config->state.routes) {
            routes.push_back({ .from = route.from });
        }
    }
}

/// What is wrong with the file is told where it is delivered.
void addOperatorRoutes(const ProxyTarget& target, std::vector<StoredRoute>& routes)
{
    const auto options = readTargetOptions(target);
    const auto file = options ? operatorFile(*options) : Result<QByteArray>(options.error());
    const auto own = file ? operatorRoutes(*file) : Result<OperatorRoutes>(file.error());
    if (own) {
        routes.insert(routes.end(), own->before.begin(), own->before.end());
        routes.insert(routes.end(), own->after.begin(), own->after.end());
    }
}

} // namespace

Result<std::vector<QString>> knownHosts(const DatabrokerClient& client, Store& store,
    const ProxyTarget& target, const std::stop_token& stop)
{
    auto routes = store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    addOperatorRoutes(target, *routes);
    for (const auto type : { recordtype::kConfigRoute, recordtype::kConfig }) {
        const auto read = client.syncLatest(
            type, [&routes](DatabrokerRecord&& record) { addRoutes(record, *routes); }, stop);
        if (!read) {
            return read.error();
        }
    }
    return routeHosts(*routes);
}

} // namespace portreeve::devices
