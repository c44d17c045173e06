// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/channeldelivery.h"

#include "core/proxy/delivery/bundledelivery.h"
#include "core/proxy/delivery/configdelivery.h"
#include "core/proxy/delivery/policyfiledelivery.h"
#include "core/proxy/delivery/recordsdelivery.h"
#include "core/proxy/delivery/wholeconfigdelivery.h"

namespace portreeve {

namespace {

std::unique_ptr<ChannelDelivery> directoryChannel(const DeliveryJob& job)
{
    switch (job.link.options().directoryChannel) {
    case DirectoryChannel::None:
        return nullptr;
    case DirectoryChannel::Databroker:
        return recordsDelivery(job);
    case DirectoryChannel::BundleFile:
    case DirectoryChannel::BundleEndpoint:
        return bundleDelivery(job);
    }
    return nullptr;
}

std::unique_ptr<ChannelDelivery> policyChannel(const DeliveryJob& job)
{
    switch (job.link.options().policyChannel) {
    case PolicyChannel::None:
        return nullptr;
    case PolicyChannel::ConfigService:
    case PolicyChannel::ConfigRecords:
    case PolicyChannel::ConsoleApi:
        return configDelivery(job);
    case PolicyChannel::WholeConfig:
        return wholeConfigDelivery(job);
    case PolicyChannel::ConfigFile:
    case PolicyChannel::Kubernetes:
    case PolicyChannel::Terraform:
        return policyFileDelivery(job);
    }
    return nullptr;
}

} // namespace

std::vector<std::unique_ptr<ChannelDelivery>> channelsOf(const DeliveryJob& job)
{
    std::vector<std::unique_ptr<ChannelDelivery>> channels;
    if (auto directory = directoryChannel(job)) {
        channels.push_back(std::move(directory));
    }
    if (auto policies = policyChannel(job)) {
        channels.push_back(std::move(policies));
    }
    return channels;
}

} // namespace portreeve
