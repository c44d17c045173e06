// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/targetoptions.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const FieldCondition kTalksToProxy { u"kind"_s, { u"core"_s, u"enterprise"_s, u"zero"_s } };

const FieldCondition kTalksToConsole { u"policy_channel"_s, { u"console_api"_s } };

FieldDescriptor flag(const QString& key, const char* label, const char* help, bool isOn)
{
    return { .key = key,
        .kind = FieldKind::Flag,
        .label = label,
        .help = help,
        .defaultValue = isOn ? u"true"_s : u"false"_s };
}

/// A file of the proxy's or of ours; it may be yet to be written.
FieldDescriptor path(
    const QString& key, const char* label, const char* help, const FieldCondition& visibleWhen)
{
    return { .key = key, .label = label, .help = help, .visibleWhen = visibleWhen };
}

FieldDescriptor file(
    const QString& key, const char* label, const char* help, const FieldCondition& visibleWhen)
{
    return { .key = key,
        .kind = FieldKind::File,
        .label = label,
        .help = help,
        .visibleWhen = visibleWhen };
}

FieldDescriptor limit(const QString& key, const char* label, const char* help, int standard)
{
    return { .key = key,
        .kind = FieldKind::Integer,
        .label = label,
        .help = help,
        .defaultValue = QString::number(standard),
        .minimum = 0,
        .maximum = 1'000'000,
        .advanced = true };
}

std::vector<FieldDescriptor> channelFields()
{
    return {
        { .key = u"kind"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "Proxy"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "What runs there. It decides which criteria and channels it can be given."),
            .required = true,
            .defaultValue = u"core"_s,
            .choices
            = { { u"core"_s, QT_TRANSLATE_NOOP("Connector", "Pomerium Core (open source)") },
                { u"enterprise"_s, QT_TRANSLATE_NOOP("Connector", "Pomerium Enterprise") },
                { u"zero"_s, QT_TRANSLATE_NOOP("Connector", "Pomerium Zero") },
                { u"kubernetes"_s, QT_TRANSLATE_NOOP("Connector", "Kubernetes (files only)") },
                { u"files"_s, QT_TRANSLATE_NOOP("Connector", "Files only") } } },
        { .key = u"core_version"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Version"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "The proxy's version, for example 0.33. Empty: the newest. What it can do is "
                "asked, and concluded from this only where the proxy does not tell."),
            .placeholder = u"0.33"_s,
            .pattern = u"^0\\.[0-9]{1,3}(\\.[0-9]{1,3})?$"_s,
            .example = u"0.33"_s,
            .visibleWhen = kTalksToProxy,
            .advanced = true },
        { .key = u"policy_channel"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "Policies by"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "How routes and policies reach the proxy. The configuration service and databroker "
                "records need version 0.33 or newer; compiled rules reach every version of Core, "
                "the console's API every Enterprise."),
            .defaultValue = u"config_service"_s,
            .choices
            = { { u"config_service"_s, QT_TRANSLATE_NOOP("Connector", "Configuration service") },
                { u"config_records"_s, QT_TRANSLATE_NOOP("Connector", "Databroker records") },
                { u"whole_config"_s,
                    QT_TRANSLATE_NOOP("Connector", "Compiled rules in one record") },
                { u"console_api"_s, QT_TRANSLATE_NOOP("Connector", "Enterprise console's API") },
                { u"config_file"_s, QT_TRANSLATE_NOOP("Connector", "Configuration file") },
                { u"kubernetes"_s, QT_TRANSLATE_NOOP("Connector", "Kubernetes manifests") },
                { u"terraform"_s, QT_TRANSLATE_NOOP("Connector", "Terraform file") },
                { u"none"_s, QT_TRANSLATE_NOOP("Connector", "Not at all") } } },
        { .key = u"directory_channel"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "Directory by"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "How people and groups reach the proxy. Without them a groups criterion admits "
                "nobody."),
            .defaultValue = u"databroker"_s,
            .choices = { { u"databroker"_s, QT_TRANSLATE_NOOP("Connector", "Databroker records") },
                { u"bundle_file"_s, QT_TRANSLATE_NOOP("Connector", "Bundle file") },
                { u"bundle_endpoint"_s, QT_TRANSLATE_NOOP("Connector", "Bundle over HTTPS") },
                { u"none"_s, QT_TRANSLATE_NOOP("Connector", "Not at all") } } },
    };
}

std::vector<FieldDescriptor> proxyFields()
{
    return {
        { .key = u"address"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Address"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Host and port of the proxy's grpc_address. Bind it to 127.0.0.1, or switch TLS "
                "on. For the console's API: of the proxy's route to it, with TLS."),
            .placeholder = u"127.0.0.1:5443"_s,
            .required = true,
            .defaultValue = u"127.0.0.1:5443"_s,
            .visibleWhen = kTalksToProxy },
        { .key = u"shared_secret"_s,
            .kind = FieldKind::Secret,
            .label = QT_TRANSLATE_NOOP("Connector", "Shared secret"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "shared_secret of the proxy's configuration: base64 of 32 bytes. It gives full "
                "control of the proxy and stays in the secret store."),
            .visibleWhen = kTalksToProxy },
        { .key = kConsoleTokenField.toString(),
            .kind = FieldKind::Secret,
            .label = QT_TRANSLATE_NOOP("Connector", "Service account's token"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Of an account with the role Manager in the namespace. Without one the shared "
                "secret signs in, where the console runs with BOOTSTRAP_SERVICE_ACCOUNT=true."),
            .visibleWhen = kTalksToConsole },
        { .key = u"console_namespace"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Target namespace"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Name or id of the namespace where new policies and routes go; what is there "
                "already stays where it is. Empty: Global."),
            .placeholder = u"Global"_s,
            .visibleWhen = kTalksToConsole },
        { .key = u"tls"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "TLS"),
            .help = QT_TRANSLATE_NOOP(
                "Connector", "Off is for a proxy on this computer or behind a tunnel only."),
            .defaultValue = u"off"_s,
            .choices = { { u"off"_s, QT_TRANSLATE_NOOP("Connector", "Off") },
                { u"system"_s, QT_TRANSLATE_NOOP("Connector", "System's certificates") },
                { u"pinned"_s, QT_TRANSLATE_NOOP("Connector", "A certificate file") } },
            .visibleWhen = kTalksToProxy },
        file(u"ca_file"_s, QT_TRANSLATE_NOOP("Connector", "Trusted certificate"),
            QT_TRANSLATE_NOOP("Connector", "PEM file with the authority that signed the proxy's."),
            { u"tls"_s, { u"pinned"_s } }),
        { .key = u"originator"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Originator"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Marks what is ours at the proxy. Empty: portreeve- and the beginning of the "
                "target's id."),
            .pattern = u"^[A-Za-z0-9._-]{1,64}$"_s,
            .example = u"portreeve-office"_s,
            .visibleWhen = kTalksToProxy,
            .advanced = true },
    };
}

std::vector<FieldDescriptor> healthFields()
{
    return {
        { .key = u"health_url"_s,
            .kind = FieldKind::Url,
            .label = QT_TRANSLATE_NOOP("Connector", "Health address"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "The proxy's health_check_addr, where it can be reached from here. It tells "
                "whether a delivery was taken up."),
            .placeholder = u"http://127.0.0.1:28080"_s,
            .advanced = true },
        { .key = u"probe_url"_s,
            .kind = FieldKind::Url,
            .label = QT_TRANSLATE_NOOP("Connector", "Probe address"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "The proxy's main listener. With a probe token, a changed route is asked after "
                "each delivery."),
            .placeholder = u"https://proxy.example.org"_s,
            .advanced = true },
        { .key = u"probe_token"_s,
            .kind = FieldKind::Secret,
            .label = QT_TRANSLATE_NOOP("Connector", "Probe token"),
            .help = QT_TRANSLATE_NOOP(
                "Connector", "Token of a service account at the proxy, used for probes only."),
            .advanced = true },
    };
}

std::vector<FieldDescriptor> fileFields()
{
    const FieldCondition configFile { u"policy_channel"_s, { u"config_file"_s } };
    const FieldCondition anyFile { u"policy_channel"_s,
        { u"config_file"_s, u"kubernetes"_s, u"terraform"_s } };
    const FieldCondition besideAFile { u"policy_channel"_s,
        { u"config_service"_s, u"config_records"_s, u"whole_config"_s, u"console_api"_s } };
    return {
        { .key = u"file_mode"_s,
            .kind = FieldKind::Choice,
            .label = QT_TRANSLATE_NOOP("Connector", "Write"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "A merged file is written whole, without the base file's comments. A block is "
                "replaced between two marker lines of your own file."),
            .defaultValue = u"merge"_s,
            .choices = { { u"merge"_s, QT_TRANSLATE_NOOP("Connector", "A merged file") },
                { u"block"_s, QT_TRANSLATE_NOOP("Connector", "A block of your file") } },
            .visibleWhen = configFile },
        { .key = u"base_file"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Base file"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "The proxy's own config.yaml, where it can be read from here; it is only read. "
                "Its routes win over ours."),
            .visibleWhen = FieldCondition { u"file_mode"_s, { u"merge"_s } },
            .alsoVisibleWhen = besideAFile },
        path(u"output_file"_s, QT_TRANSLATE_NOOP("Connector", "Output file"),
            QT_TRANSLATE_NOOP(
                "Connector", "Replaced in one step; the version before stays as .bak."),
            anyFile),
    };
}

std::vector<FieldDescriptor> bundleFields()
{
    const FieldCondition endpoint { u"directory_channel"_s, { u"bundle_endpoint"_s } };
    return {
        path(u"bundle_file"_s, QT_TRANSLATE_NOOP("Connector", "Bundle file"),
            QT_TRANSLATE_NOOP("Connector", "A zip with people and groups, replaced in one step."),
            { u"directory_channel"_s, { u"bundle_file"_s } }),
        { .key = u"bundle_listen"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Listen on"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Address and port of the bundle's HTTPS listener. It is open while "
                "portreevectl serve runs."),
            .defaultValue = u"127.0.0.1:8743"_s,
            .visibleWhen = endpoint },
        file(u"bundle_certificate"_s, QT_TRANSLATE_NOOP("Connector", "Certificate"),
            QT_TRANSLATE_NOOP("Connector", "PEM chain the listener shows."), endpoint),
        file(u"bundle_key"_s, QT_TRANSLATE_NOOP("Connector", "Private key"),
            QT_TRANSLATE_NOOP("Connector", "PEM key of that certificate."), endpoint),
        file(u"bundle_client_ca"_s, QT_TRANSLATE_NOOP("Connector", "Client authority"),
            QT_TRANSLATE_NOOP("Connector",
                "PEM file. With it, only clients with a certificate of this authority are served."),
            endpoint),
        { .key = u"bundle_token"_s,
            .kind = FieldKind::Secret,
            .label = QT_TRANSLATE_NOOP("Connector", "Access token"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "At least 16 random letters and digits. Clients send it as Authorization: Bearer. "
                "Without one nobody is served."),
            .visibleWhen = endpoint },
        { .key = u"bundle_token_header"_s,
            .label = QT_TRANSLATE_NOOP("Connector", "Token header"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Name of the header that carries the access token. In any other than "
                "Authorization it stands bare, without Bearer."),
            .defaultValue = u"Authorization"_s,
            .pattern = u"^[A-Za-z0-9-]{1,64}$"_s,
            .example = u"X-Api-Key"_s,
            .visibleWhen = endpoint,
            .advanced = true },
    };
}

std::vector<FieldDescriptor> ruleFields()
{
    return {
        flag(u"automatic"_s, QT_TRANSLATE_NOOP("Connector", "Deliver automatically"),
            QT_TRANSLATE_NOOP("Connector",
                "After each sync, and again when the proxy has lost what it was given."),
            true),
        flag(u"read_only"_s, QT_TRANSLATE_NOOP("Connector", "Read only"),
            QT_TRANSLATE_NOOP("Connector", "Compare and show, never write."), false),
        flag(u"revocation_first"_s, QT_TRANSLATE_NOOP("Connector", "Removals first"),
            QT_TRANSLATE_NOOP("Connector",
                "Take access away before giving any. A renamed group may be missing for a moment."),
            false),
        limit(u"delete_percent"_s, QT_TRANSLATE_NOOP("Connector", "Hold above (percent)"),
            QT_TRANSLATE_NOOP("Connector",
                "A delivery that deletes more than this share of the records waits for you."),
            PushLimits {}.deletePercent),
        limit(u"delete_count"_s, QT_TRANSLATE_NOOP("Connector", "But never below (records)"),
            QT_TRANSLATE_NOOP("Connector", "So many deletions never make a delivery wait."),
            static_cast<int>(PushLimits {}.deleteCount)),
    };
}

} // namespace

const std::vector<FieldDescriptor>& targetFields()
{
    static const std::vector<FieldDescriptor> all = [] {
        std::vector<FieldDescriptor> fields = channelFields();
        for (auto* part :
            { &proxyFields, &healthFields, &fileFields, &bundleFields, &ruleFields }) {
            auto more = part();
            fields.insert(fields.end(), more.begin(), more.end());
        }
        return fields;
    }();
    return all;
}

} // namespace portreeve
