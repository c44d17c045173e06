// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/targetoptions.h"

#include <optional>
#include <vector>

namespace portreeve {

/// What a target may or may not be able to do (proxy.md 1, 12).
enum class TargetFeature {
    ConfigFile,
    ConfigService,
    ConfigRecords,
    WholeConfig,
    ConsoleApi,
    BlockNow,
    Devices,
    Databroker,
    BundleFile,
    BundleEndpoint,
    Terraform,
    Groups, ///< criterion of policies
    TimeCriteria, ///< date, time_of_day, day_of_week
    RecordCriterion,
};

QString targetFeatureName(TargetFeature feature); ///< "config_service"

/// What a connection test found, by method and never by version text; nothing = not looked yet.
struct MeasuredCapabilities
{
    std::optional<bool> configService {}; ///< false where GetServerInfo is answered with 404
};

struct CapabilityRow
{
    TargetFeature feature = TargetFeature::ConfigFile;
    Message what {}; ///< the feature in words
    bool allowed = true;
    Message reason {}; ///< why not; empty when allowed
    Message remedy {};
};

/// Every feature in the order of the enum, for a table and for greying out choices.
std::vector<CapabilityRow> targetCapabilities(
    const TargetOptions& options, const MeasuredCapabilities& measured = {});

/// Whether the target can do it. @return InvalidInput with the row's reason and remedy
Result<void> requireFeature(
    TargetFeature feature, const TargetOptions& options, const MeasuredCapabilities& measured = {});

/// Whether the target can do what its own options ask for: its two channels.
/// @return InvalidInput naming the field policy_channel or directory_channel
Result<void> checkChannels(const TargetOptions& options, const MeasuredCapabilities& measured = {});

} // namespace portreeve
