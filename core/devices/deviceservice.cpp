// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/deviceservice.h"

#include "core/devices/consoledevices.h"
#include "core/devices/databrokerdevices.h"
#include "core/proxy/capabilities.h"
#include "core/proxy/console/consoleaccess.h"
#include "core/proxy/console/consoledeviceclient.h"
#include "core/settings/secretstore.h"

namespace portreeve::devices {

Result<DeviceKeeper> deviceKeeper(const TargetOptions& options)
{
    if (const auto able = requireFeature(TargetFeature::Devices, options); !able) {
        return able.error();
    }
    return options.usesConsole() ? DeviceKeeper::Console : DeviceKeeper::Proxy;
}

DeviceService::~DeviceService() = default;

Result<std::unique_ptr<DeviceService>> DeviceService::open(
    const Services& services, const ProxyTarget& target, SecretStore& secrets)
{
    const auto options = readTargetOptions(target);
    if (!options) {
        return options.error();
    }
    const auto keeper = deviceKeeper(*options);
    if (!keeper) {
        return keeper.error();
    }
    if (*keeper == DeviceKeeper::Proxy) {
        auto access = openDatabroker(target, secrets, services.clock);
        if (!access) {
            return access.error();
        }
        return std::unique_ptr<DeviceService>(
            std::make_unique<DatabrokerDevices>(services, target, std::move(*access)));
    }
    auto mint = consoleMint(storedSecretsOf(target, secrets), target.name);
    if (!mint) {
        return mint.error();
    }
    auto client = ConsoleDeviceClient::open(endpointOf(*options), *std::move(mint), services.clock);
    if (!client) {
        return client.error();
    }
    return std::unique_ptr<DeviceService>(
        std::make_unique<ConsoleDevices>(services, target, *std::move(client)));
}

} // namespace portreeve::devices
