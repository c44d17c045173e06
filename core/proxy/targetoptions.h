// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/fields.h"
#include "core/policy/lint.h"
#include "core/settings/proxytarget.h"

#include <QUrl>

namespace portreeve {

enum class TargetKind { Core, Enterprise, Zero, Kubernetes, Files };

/// How policies and routes travel to a target.
enum class PolicyChannel {
    None,
    ConfigFile, ///< into the proxy's own config.yaml (proxy.md 2)
    ConfigService, ///< HTTP JSON, since 0.33 (proxy.md 6)
    ConfigRecords, ///< records of the databroker over gRPC, read since 0.33 (proxy.md 7)
    WholeConfig, ///< compiled, in one record of the databroker (proxy.md 7)
    ConsoleApi, ///< Enterprise's own console over gRPC (proxy.md 9)
    Kubernetes, ///< a file of PolicyFilter manifests (proxy.md 10)
    Terraform, ///< a .tf file (proxy.md 11)
};

/// How users and groups travel to a target.
enum class DirectoryChannel {
    None,
    Databroker, ///< records over gRPC (proxy.md 5)
    BundleFile, ///< a zip in a folder (proxy.md 8)
    BundleEndpoint, ///< the same zip from our HTTPS listener
};

enum class TlsMode { Off, SystemRoots, PinnedCa };

/// How the routes get into a config.yaml.
enum class ConfigFileMode {
    Merge, ///< the operator's base file and ours into another file
    Block, ///< between two marker lines of the operator's own file
};

/// A delivery that would delete more than both of these waits for a person.
struct PushLimits
{
    int deletePercent = 10;
    std::int64_t deleteCount = 5;
};

/// What a target's options say, typed.
struct TargetOptions
{
    TargetKind kind = TargetKind::Core;
    std::optional<int> coreMinor {}; ///< 33 for 0.33.x; nothing = newest
    PolicyChannel policyChannel = PolicyChannel::ConfigService;
    DirectoryChannel directoryChannel = DirectoryChannel::Databroker;
    QString host {};
    quint16 port = 0;
    TlsMode tls = TlsMode::Off;
    QString caFile {};
    QString originator {}; ///< marks what is ours at the target
    QString consoleNamespace {}; ///< id or name; empty = "Global"
    QUrl healthUrl {}; ///< empty = cannot be reached from here
    QUrl probeUrl {}; ///< of the proxy's main listener; empty = no probes
    ConfigFileMode fileMode = ConfigFileMode::Merge;
    QString baseFile {}; ///< the proxy's own, only read; empty = cannot be read from here
    QString outputFile {}; ///< written for ConfigFile, Kubernetes and Terraform
    QString bundleFile {};
    QString bundleListen {}; ///< "127.0.0.1:8743"
    QString bundleCertificate {};
    QString bundleKey {};
    QString bundleClientCa {}; ///< empty = no client certificate asked for
    QString bundleTokenHeader { QStringLiteral("Authorization") }; ///< of requests for the bundle
    bool automatic = true; ///< deliver after each commit, and again after a restart of the proxy
    bool readOnly = false; ///< look, never write
    bool revocationFirst = false; ///< removals before additions
    PushLimits limits {};

    bool usesSecret() const; ///< whether any channel talks to the proxy with its shared secret
    bool usesDatabroker() const; ///< whether people, groups or policies travel as its records
    bool usesConsole() const; ///< whether Enterprise's own console is talked to
    bool
    writesEntities() const; ///< whether policies are objects there: compared, attached, blocked
    bool joinsOwnFile() const; ///< whether policies go beside the proxy's file, not into one
    bool attachesToOthers() const; ///< whether ours may be attached to routes of others there
    QUrl serviceUrl() const; ///< of the gRPC and ConfigService listener, without a path
};

// Keys of the secrets of a target, as SecretName::field.
inline constexpr QStringView kSharedSecretField = u"shared_secret";
inline constexpr QStringView kConsoleTokenField = u"console_token";
inline constexpr QStringView kProbeTokenField = u"probe_token";
inline constexpr QStringView kBundleTokenField = u"bundle_token";

/// The options form, the importer and the command line share these.
const std::vector<FieldDescriptor>& targetFields();

/// @return InvalidInput naming the field: a wrong value, or a channel that misses what it needs
Result<TargetOptions> readTargetOptions(const ProxyTarget& target);

/// Whether it is given what it lacks without being asked: automatic, not read only, not disabled.
bool isDeliveredByItself(const ProxyTarget& target);

/// What the policy checks may know of a target.
policy::Target policyTarget(const TargetOptions& options);

} // namespace portreeve
