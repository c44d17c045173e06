// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/capabilities.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct Obstacle
{
    Message reason {};
    Message remedy {};
};

using Verdict = std::optional<Obstacle>; ///< nothing = allowed

struct Subject
{
    const TargetOptions& options;
    const MeasuredCapabilities& measured;

    bool is(TargetKind kind) const { return options.kind == kind; }
};

constexpr int kGroupsSince = 26;
constexpr int kConfigRecordsSince = 33;

bool predatesGroups(const TargetOptions& options)
{
    return options.coreMinor && *options.coreMinor < kGroupsSince;
}

Obstacle notContacted()
{
    return { message(QT_TRANSLATE_NOOP(
                 "Message", "A target that only takes files is never contacted.")),
        message(QT_TRANSLATE_NOOP("Message", "Choose the kind of proxy that runs there.")) };
}

Obstacle controllerWrites()
{
    return { message(QT_TRANSLATE_NOOP(
                 "Message", "In Kubernetes the ingress controller writes the configuration.")),
        message(QT_TRANSLATE_NOOP("Message", "Write manifests instead.")) };
}

Obstacle useDatabroker()
{
    return { message(QT_TRANSLATE_NOOP(
                 "Message", "Only the Enterprise console reads directory bundles.")),
        message(QT_TRANSLATE_NOOP("Message",
            "Send users and groups as databroker records where the proxy takes them.")) };
}

Verdict configFile(const Subject& target)
{
    switch (target.options.kind) {
    case TargetKind::Core:
    case TargetKind::Files:
        return std::nullopt;
    case TargetKind::Enterprise:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "With Enterprise the file holds base settings only; routes and "
                              "policies live in the console.")),
            message(QT_TRANSLATE_NOOP("Message", "Use the ConfigService.")) };
    case TargetKind::Zero:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Zero keeps its configuration in the cloud, not in a "
                              "file.")),
            message(QT_TRANSLATE_NOOP("Message", "Use the ConfigService.")) };
    case TargetKind::Kubernetes:
        break;
    }
    return controllerWrites();
}

Verdict configService(const Subject& target)
{
    if (target.is(TargetKind::Files)) {
        return notContacted();
    }
    if (target.is(TargetKind::Kubernetes)) {
        return controllerWrites();
    }
    if (target.measured.configService == false) {
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "The proxy has no ConfigService: it answers 404. Open-source "
                              "releases have it since 0.33.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Update the proxy, or write its configuration file.")) };
    }
    return std::nullopt;
}

Verdict wholeConfig(const Subject& target)
{
    switch (target.options.kind) {
    case TargetKind::Core:
        return std::nullopt;
    case TargetKind::Enterprise:
    case TargetKind::Zero:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Enterprise and Zero write the proxy's configuration records "
                              "themselves.")),
            message(QT_TRANSLATE_NOOP("Message", "Use the ConfigService.")) };
    case TargetKind::Kubernetes:
        return controllerWrites();
    case TargetKind::Files:
        break;
    }
    return notContacted();
}

/// Older than the ConfigService, and still there beside it.
Verdict consoleApi(const Subject& target)
{
    switch (target.options.kind) {
    case TargetKind::Enterprise:
        return std::nullopt;
    case TargetKind::Core:
    case TargetKind::Zero:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Only Pomerium Enterprise has a console with an API of its own.")),
            message(QT_TRANSLATE_NOOP("Message", "Use the ConfigService.")) };
    case TargetKind::Kubernetes:
        return controllerWrites();
    case TargetKind::Files:
        break;
    }
    return notContacted();
}

/// An older proxy stores the records all the same, so only what is said of its version can tell.
Verdict configRecords(const Subject& target)
{
    switch (target.options.kind) {
    case TargetKind::Core:
        break;
    case TargetKind::Enterprise:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Enterprise owns these records: its console would overwrite them.")),
            message(QT_TRANSLATE_NOOP("Message", "Use the ConfigService.")) };
    case TargetKind::Zero:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Zero keeps its configuration in the cloud, not in these records.")),
            message(QT_TRANSLATE_NOOP("Message", "Use the ConfigService.")) };
    case TargetKind::Kubernetes:
        return controllerWrites();
    case TargetKind::Files:
        return notContacted();
    }
    const auto& minor = target.options.coreMinor;
    if (minor && *minor < kConfigRecordsSince) {
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Releases before 0.33 store such records and do nothing with them.")),
            message(QT_TRANSLATE_NOOP("Message",
                "Update the proxy to 0.33 or newer, or write its configuration file.")) };
    }
    return std::nullopt;
}

Verdict blockNow(const Subject& target)
{
    if (target.options.policyChannel == PolicyChannel::ConfigRecords) {
        return configRecords(target);
    }
    if (target.options.policyChannel == PolicyChannel::ConsoleApi) {
        return consoleApi(target);
    }
    const auto service = configService(target);
    if (service) {
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Blocking at once needs the ConfigService; otherwise a change takes "
                              "effect within 60 seconds.")),
            service->remedy };
    }
    if (target.options.policyChannel != PolicyChannel::ConfigService) {
        return Obstacle {
            message(QT_TRANSLATE_NOOP("Message",
                "Blocking at once works on routes sent over the ConfigService, as databroker "
                "records or through the console's API only.")),
            message(QT_TRANSLATE_NOOP("Message", "Let policies travel over the ConfigService."))
        };
    }
    return std::nullopt;
}

Verdict devices(const Subject& target)
{
    switch (target.options.kind) {
    case TargetKind::Core:
    case TargetKind::Kubernetes:
        if (target.options.usesSecret()) {
            return std::nullopt;
        }
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Devices are kept in the databroker, which no channel of this target "
                              "leads to.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Let policies or the directory travel over the databroker.")) };
    case TargetKind::Enterprise:
        if (target.options.usesConsole()) {
            return std::nullopt;
        }
        return Obstacle { message(QT_TRANSLATE_NOOP(
                              "Message", "Enterprise keeps devices in its own console.")),
            message(QT_TRANSLATE_NOOP("Message",
                "Let policies travel over the console's API; devices are managed through it then, "
                "too.")) };
    case TargetKind::Zero:
        return Obstacle { message(QT_TRANSLATE_NOOP(
                              "Message", "Devices are managed in the console of Zero itself.")),
            message(QT_TRANSLATE_NOOP("Message", "Enroll and approve them there.")) };
    case TargetKind::Files:
        break;
    }
    return notContacted();
}

Verdict databroker(const Subject& target)
{
    switch (target.options.kind) {
    case TargetKind::Core:
    case TargetKind::Kubernetes:
        break;
    case TargetKind::Enterprise:
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Enterprise owns the directory records: its console would overwrite "
                              "them.")),
            message(QT_TRANSLATE_NOOP("Message", "Give it a directory bundle.")) };
    case TargetKind::Zero:
        return Obstacle { message(
                              QT_TRANSLATE_NOOP("Message", "Zero syncs directories by itself.")),
            message(QT_TRANSLATE_NOOP("Message", "Set the directory up in Zero.")) };
    case TargetKind::Files:
        return notContacted();
    }
    if (predatesGroups(target.options)) {
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Releases from 0.20 to 0.25 do not look at directory groups.")),
            message(QT_TRANSLATE_NOOP("Message", "Update the proxy to 0.26 or newer.")) };
    }
    return std::nullopt;
}

Verdict bundle(const Subject& target)
{
    const bool reads = target.is(TargetKind::Enterprise) || target.is(TargetKind::Files);
    return reads ? Verdict() : useDatabroker();
}

Verdict terraform(const Subject& target)
{
    if (target.is(TargetKind::Core) && target.measured.configService == false) {
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Terraform writes through the ConfigService, which the proxy does "
                              "not have.")),
            message(QT_TRANSLATE_NOOP(
                "Message", "Update the proxy, or write its configuration file.")) };
    }
    return std::nullopt;
}

Verdict groups(const Subject& target)
{
    if (predatesGroups(target.options)) {
        return Obstacle { message(QT_TRANSLATE_NOOP(
                              "Message", "\"groups\" does not exist from 0.20 to 0.25.")),
            message(QT_TRANSLATE_NOOP("Message", "Update the proxy to 0.26 or newer.")) };
    }
    if (!policyTarget(target.options).hasDirectory) {
        return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                              "Without directory records \"groups\" is false for everybody.")),
            message(QT_TRANSLATE_NOOP("Message", "Choose a way for users and groups to travel.")) };
    }
    return std::nullopt;
}

Verdict timeCriteria(const Subject& target)
{
    const auto edition = policyTarget(target.options).edition;
    if (edition != policy::Edition::Core) {
        return std::nullopt;
    }
    return Obstacle { message(QT_TRANSLATE_NOOP("Message",
                          "\"date\", \"time_of_day\" and \"day_of_week\" exist in Zero and "
                          "Enterprise only.")),
        message(QT_TRANSLATE_NOOP("Message", "Remove them, or choose a target of that edition.")) };
}

Verdict recordCriterion(const Subject& target)
{
    if (target.is(TargetKind::Enterprise)) {
        return std::nullopt;
    }
    return Obstacle { message(QT_TRANSLATE_NOOP(
                          "Message", "\"record\" exists in the Enterprise edition only.")),
        message(QT_TRANSLATE_NOOP("Message", "Remove it, or choose a target of that edition.")) };
}

struct FeatureRule
{
    TargetFeature feature;
    const char* what;
    QStringView name;
    Verdict (*verdict)(const Subject&);
};

constexpr std::array<FeatureRule, 14> kEntries { {
    { TargetFeature::ConfigFile,
        QT_TRANSLATE_NOOP("Message", "Policies in the proxy's configuration file"), u"config_file",
        configFile },
    { TargetFeature::ConfigService, QT_TRANSLATE_NOOP("Message", "Policies over the ConfigService"),
        u"config_service", configService },
    { TargetFeature::ConfigRecords, QT_TRANSLATE_NOOP("Message", "Policies as databroker records"),
        u"config_records", configRecords },
    { TargetFeature::WholeConfig,
        QT_TRANSLATE_NOOP("Message", "Policies as compiled rules in one databroker record"),
        u"whole_config", wholeConfig },
    { TargetFeature::ConsoleApi,
        QT_TRANSLATE_NOOP("Message", "Policies through the Enterprise console's API"),
        u"console_api", consoleApi },
    { TargetFeature::BlockNow, QT_TRANSLATE_NOOP("Message", "Block a person at once"), u"block_now",
        blockNow },
    { TargetFeature::Devices, QT_TRANSLATE_NOOP("Message", "Enroll, approve and revoke devices"),
        u"devices", devices },
    { TargetFeature::Databroker,
        QT_TRANSLATE_NOOP("Message", "Users and groups as databroker records"), u"databroker",
        databroker },
    { TargetFeature::BundleFile, QT_TRANSLATE_NOOP("Message", "Users and groups as a bundle file"),
        u"bundle_file", bundle },
    { TargetFeature::BundleEndpoint,
        QT_TRANSLATE_NOOP("Message", "Users and groups as a bundle to fetch"), u"bundle_endpoint",
        bundle },
    { TargetFeature::Terraform, QT_TRANSLATE_NOOP("Message", "Policies as Terraform text"),
        u"terraform", terraform },
    { TargetFeature::Groups, QT_TRANSLATE_NOOP("Message", "Policies that ask for groups"),
        u"groups", groups },
    { TargetFeature::TimeCriteria,
        QT_TRANSLATE_NOOP("Message", "Policies that ask for date or time"), u"time_criteria",
        timeCriteria },
    { TargetFeature::RecordCriterion,
        QT_TRANSLATE_NOOP("Message", "Policies that ask for other records"), u"record_criterion",
        recordCriterion },
} };

CapabilityRow rowOf(const FeatureRule& entry, const Subject& subject)
{
    CapabilityRow row { .feature = entry.feature, .what = Message(entry.what) };
    if (auto obstacle = entry.verdict(subject)) {
        row.allowed = false;
        row.reason = std::move(obstacle->reason);
        row.remedy = std::move(obstacle->remedy);
    }
    return row;
}

std::optional<TargetFeature> featureOf(PolicyChannel channel)
{
    switch (channel) {
    case PolicyChannel::ConfigFile:
        return TargetFeature::ConfigFile;
    case PolicyChannel::ConfigService:
        return TargetFeature::ConfigService;
    case PolicyChannel::ConfigRecords:
        return TargetFeature::ConfigRecords;
    case PolicyChannel::WholeConfig:
        return TargetFeature::WholeConfig;
    case PolicyChannel::ConsoleApi:
        return TargetFeature::ConsoleApi;
    case PolicyChannel::Terraform:
        return TargetFeature::Terraform;
    case PolicyChannel::None:
    case PolicyChannel::Kubernetes: // text for whoever applies it
        break;
    }
    return std::nullopt;
}

std::optional<TargetFeature> featureOf(DirectoryChannel channel)
{
    switch (channel) {
    case DirectoryChannel::Databroker:
        return TargetFeature::Databroker;
    case DirectoryChannel::BundleFile:
        return TargetFeature::BundleFile;
    case DirectoryChannel::BundleEndpoint:
        return TargetFeature::BundleEndpoint;
    case DirectoryChannel::None:
        break;
    }
    return std::nullopt;
}

} // namespace

QString targetFeatureName(TargetFeature feature)
{
    const auto* found = std::find_if(kEntries.begin(), kEntries.end(),
        [feature](const FeatureRule& entry) { return entry.feature == feature; });
    return found == kEntries.end() ? QString() : found->name.toString();
}

std::vector<CapabilityRow> targetCapabilities(
    const TargetOptions& options, const MeasuredCapabilities& measured)
{
    const Subject subject { .options = options, .measured = measured };
    std::vector<CapabilityRow> rows;
    rows.reserve(kEntries.size());
    std::transform(kEntries.begin(), kEntries.end(), std::back_inserter(rows),
        [&subject](const FeatureRule& entry) { return rowOf(entry, subject); });
    return rows;
}

Result<void> requireFeature(
    TargetFeature feature, const TargetOptions& options, const MeasuredCapabilities& measured)
{
    const auto rows = targetCapabilities(options, measured);
    const auto row = std::find_if(rows.begin(), rows.end(),
        [feature](const CapabilityRow& candidate) { return candidate.feature == feature; });
    if (row == rows.end() || row->allowed) {
        return {};
    }
    return Error { .code = ErrorCode::InvalidInput, .what = row->reason, .remedy = row->remedy };
}

Result<void> checkChannels(const TargetOptions& options, const MeasuredCapabilities& measured)
{
    const std::array<std::pair<std::optional<TargetFeature>, QString>, 2> asked { {
        { featureOf(options.policyChannel), u"policy_channel"_s },
        { featureOf(options.directoryChannel), u"directory_channel"_s },
    } };
    for (const auto& [feature, field] : asked) {
        const auto able = feature ? requireFeature(*feature, options, measured) : Result<void>();
        if (!able) {
            auto error = able.error();
            error.field = field;
            return error;
        }
    }
    return {};
}

} // namespace portreeve
