// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/targetoptions.h"

#include "core/proxy/capabilities.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

template <typename Value, std::size_t Count>
Value choiceOf(const std::array<std::pair<QStringView, Value>, Count>& choices, const QString& text)
{
    const auto found = std::find_if(choices.begin(), choices.end(),
        [&text](const auto& choice) { return choice.first == text; });
    return found == choices.end() ? choices.front().second : found->second;
}

constexpr std::array<std::pair<QStringView, TargetKind>, 5> kKinds { {
    { u"core", TargetKind::Core },
    { u"enterprise", TargetKind::Enterprise },
    { u"zero", TargetKind::Zero },
    { u"kubernetes", TargetKind::Kubernetes },
    { u"files", TargetKind::Files },
} };
constexpr std::array<std::pair<QStringView, PolicyChannel>, 8> kPolicyChannels { {
    { u"none", PolicyChannel::None },
    { u"config_file", PolicyChannel::ConfigFile },
    { u"config_service", PolicyChannel::ConfigService },
    { u"config_records", PolicyChannel::ConfigRecords },
    { u"whole_config", PolicyChannel::WholeConfig },
    { u"console_api", PolicyChannel::ConsoleApi },
    { u"kubernetes", PolicyChannel::Kubernetes },
    { u"terraform", PolicyChannel::Terraform },
} };
constexpr std::array<std::pair<QStringView, DirectoryChannel>, 4> kDirectoryChannels { {
    { u"none", DirectoryChannel::None },
    { u"databroker", DirectoryChannel::Databroker },
    { u"bundle_file", DirectoryChannel::BundleFile },
    { u"bundle_endpoint", DirectoryChannel::BundleEndpoint },
} };
constexpr std::array<std::pair<QStringView, TlsMode>, 3> kTlsModes { {
    { u"off", TlsMode::Off },
    { u"system", TlsMode::SystemRoots },
    { u"pinned", TlsMode::PinnedCa },
} };
constexpr std::array<std::pair<QStringView, ConfigFileMode>, 2> kFileModes { {
    { u"merge", ConfigFileMode::Merge },
    { u"block", ConfigFileMode::Block },
} };

Error wrongField(const QString& field, Message what, Message remedy)
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = {},
        .cause = {},
        .field = field };
}

Error missingFor(const QString& field, Message what)
{
    return wrongField(field, std::move(what),
        message(QT_TRANSLATE_NOOP("Message", "Fill in the field, or choose another channel.")));
}

Result<void> readAddress(const QString& address, TargetOptions& options)
{
    const QUrl url(u"tcp://"_s + address, QUrl::StrictMode);
    const bool isPlain = url.isValid() && !url.host().isEmpty() && url.port() > 0
        && url.path().isEmpty() && url.userInfo().isEmpty() && !url.hasQuery();
    if (!isPlain) {
        return wrongField(u"address"_s,
            message(QT_TRANSLATE_NOOP("Message", "“%1” is not a host and a port."), address),
            options.usesConsole()
                ? message(QT_TRANSLATE_NOOP("Message",
                      "Give the route to the console's API, for example "
                      "console-api.example.org:443."))
                : message(QT_TRANSLATE_NOOP(
                      "Message", "Give the proxy's grpc_address, for example 127.0.0.1:5443.")));
    }
    options.host = url.host();
    options.port = static_cast<quint16>(url.port());
    return {};
}

Result<void> checkTls(const TargetOptions& options)
{
    if (options.tls == TlsMode::Off && !isLoopbackHost(options.host)) {
        return wrongField(u"tls"_s,
            message(QT_TRANSLATE_NOOP("Message",
                        "Without TLS, records and tokens would cross the network to %1 in clear."),
                options.host),
            message(QT_TRANSLATE_NOOP("Message",
                "Switch TLS on at the proxy and here, or reach it through a tunnel to "
                "127.0.0.1.")));
    }
    if (options.tls == TlsMode::PinnedCa && options.caFile.isEmpty()) {
        return missingFor(u"ca_file"_s,
            message(QT_TRANSLATE_NOOP("Message", "No certificate file is given to trust.")));
    }
    return {};
}

Result<void> checkFiles(const TargetOptions& options)
{
    const bool writesPolicies = options.policyChannel == PolicyChannel::ConfigFile
        || options.policyChannel == PolicyChannel::Kubernetes
        || options.policyChannel == PolicyChannel::Terraform;
    if (writesPolicies && options.outputFile.isEmpty()) {
        return missingFor(u"output_file"_s,
            message(QT_TRANSLATE_NOOP("Message", "No file is given to write the policies into.")));
    }
    const bool merges = options.policyChannel == PolicyChannel::ConfigFile
        && options.fileMode == ConfigFileMode::Merge;
    if (merges && options.baseFile == options.outputFile) {
        return wrongField(u"output_file"_s,
            message(QT_TRANSLATE_NOOP(
                "Message", "The base file would be overwritten with the merged one.")),
            message(QT_TRANSLATE_NOOP("Message", "Give another file to write into.")));
    }
    if (options.directoryChannel == DirectoryChannel::BundleFile && options.bundleFile.isEmpty()) {
        return missingFor(u"bundle_file"_s,
            message(QT_TRANSLATE_NOOP("Message", "No file is given to write the bundle into.")));
    }
    return {};
}

} // namespace

bool TargetOptions::usesSecret() const
{
    return policyChannel == PolicyChannel::ConfigService || usesDatabroker();
}

bool TargetOptions::usesDatabroker() const
{
    return directoryChannel == DirectoryChannel::Databroker
        || policyChannel == PolicyChannel::ConfigRecords
        || policyChannel == PolicyChannel::WholeConfig;
}

bool TargetOptions::usesConsole() const
{
    return policyChannel == PolicyChannel::ConsoleApi;
}

bool TargetOptions::writesEntities() const
{
    return policyChannel == PolicyChannel::ConfigService
        || policyChannel == PolicyChannel::ConfigRecords || usesConsole();
}

bool TargetOptions::joinsOwnFile() const
{
    return writesEntities() || policyChannel == PolicyChannel::WholeConfig;
}

bool TargetOptions::attachesToOthers() const
{
    return policyChannel == PolicyChannel::ConfigService || usesConsole();
}

QUrl TargetOptions::serviceUrl() const
{
    QUrl url;
    url.setScheme(tls == TlsMode::Off ? u"http"_s : u"https"_s);
    url.setHost(host);
    url.setPort(port);
    return url;
}

Result<TargetOptions> readTargetOptions(const ProxyTarget& target)
{
    const auto& fields = targetFields();
    if (const auto problem = firstProblem(validate(fields, target.options, target.storedSecrets))) {
        return *problem;
    }
    const auto value
        = [&](const QString& key) { return effectiveValue(fields, target.options, key); };
    TargetOptions options { .kind = choiceOf(kKinds, value(u"kind"_s)),
        .policyChannel = choiceOf(kPolicyChannels, value(u"policy_channel"_s)),
        .directoryChannel = choiceOf(kDirectoryChannels, value(u"directory_channel"_s)),
        .tls = choiceOf(kTlsModes, value(u"tls"_s)),
        .caFile = value(u"ca_file"_s),
        .originator = value(u"originator"_s),
        .consoleNamespace = value(u"console_namespace"_s).trimmed(),
        .healthUrl = QUrl(value(u"health_url"_s)),
        .probeUrl = QUrl(value(u"probe_url"_s)),
        .fileMode = choiceOf(kFileModes, value(u"file_mode"_s)),
        .baseFile = value(u"base_file"_s),
        .outputFile = value(u"output_file"_s),
        .bundleFile = value(u"bundle_file"_s),
        .bundleListen = value(u"bundle_listen"_s),
        .bundleCertificate = value(u"bundle_certificate"_s),
        .bundleKey = value(u"bundle_key"_s),
        .bundleClientCa = value(u"bundle_client_ca"_s),
        .bundleTokenHeader = value(u"bundle_token_header"_s),
        .automatic = value(u"automatic"_s) == u"true",
        .readOnly = value(u"read_only"_s) == u"true",
        .revocationFirst = value(u"revocation_first"_s) == u"true",
        .limits = { .deletePercent = value(u"delete_percent"_s).toInt(),
            .deleteCount = value(u"delete_count"_s).toLongLong() } };
    const QString version = value(u"core_version"_s);
    if (!version.isEmpty()) {
        options.coreMinor = version.section(u'.', 1, 1).toInt();
    }
    if (options.originator.isEmpty()) {
        constexpr qsizetype enough = 8; // tells installations apart
        options.originator = u"portreeve-"_s + target.id.left(enough);
    }
    if (options.usesSecret() || options.usesConsole()) {
        if (const auto address = readAddress(value(u"address"_s), options); !address) {
            return address.error();
        }
        if (const auto tls = checkTls(options); !tls) {
            return tls.error();
        }
    }
    if (const auto able = checkChannels(options); !able) {
        return able.error();
    }
    const auto files = checkFiles(options);
    return files ? Result<TargetOptions>(std::move(options)) : files.error();
}

bool isDeliveredByItself(const ProxyTarget& target)
{
    const auto options = readTargetOptions(target);
    return options && options->automatic && !options->readOnly
        && target.state != TargetState::Disabled;
}

policy::Target policyTarget(const TargetOptions& options)
{
    const auto edition = options.kind == TargetKind::Enterprise ? policy::Edition::Enterprise
        : options.kind == TargetKind::Zero                      ? policy::Edition::Zero
                                                                : policy::Edition::Core;
    // Enterprise and Zero sync directories themselves; of a file nobody knows who reads it
    const bool ownDirectory = options.kind == TargetKind::Enterprise
        || options.kind == TargetKind::Zero || options.kind == TargetKind::Files;
    return { .edition = edition,
        .coreMinor = options.coreMinor,
        .configFile = options.policyChannel == PolicyChannel::ConfigFile,
        .hasDirectory = ownDirectory || options.directoryChannel != DirectoryChannel::None };
}

} // namespace portreeve
