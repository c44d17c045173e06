// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/targetlink.h"

#include "core/proxy/capabilities.h"
#include "core/proxy/configservice/configserviceeditor.h"
#include "core/proxy/console/consoleconfigeditor.h"
#include "core/proxy/databroker/databrokeraccess.h"
#include "core/proxy/databroker/recordconfigeditor.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Error noSecret(const QString& target)
{
    return { .code = ErrorCode::Auth,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "No shared secret is stored for “%1”."), target),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Give the target the shared_secret of the proxy's configuration; it goes into the "
            "secret store.")),
        .field = kSharedSecretField.toString() };
}

} // namespace

TargetLink::TargetLink(const Services& services, TargetDraft draft, TargetOptions options)
    : m_services(services)
    , m_draft(std::move(draft))
    , m_options(std::move(options))
{
}

TargetLink::~TargetLink() = default;

Result<std::unique_ptr<TargetLink>> TargetLink::open(const Services& services, TargetDraft draft)
{
    auto options = readTargetOptions(draft.target);
    if (!options) {
        return options.error();
    }
    if (const auto able = checkChannels(*options); !able) {
        return able.error();
    }
    return std::unique_ptr<TargetLink>(
        new TargetLink(services, std::move(draft), *std::move(options)));
}

Result<std::optional<QString>> TargetLink::secret(QStringView field) const
{
    const QString key = field.toString();
    if (const auto typed = m_draft.typedSecrets.constFind(key);
        typed != m_draft.typedSecrets.cend()) {
        return typed->isEmpty() ? std::optional<QString>() : *typed;
    }
    return m_services.secrets.read(
        { .connectionId = m_draft.target.id, .connectionName = m_draft.target.name, .field = key });
}

Result<SharedSecret> TargetLink::sharedSecret()
{
    if (m_secret) {
        return *m_secret;
    }
    const auto text = secret(kSharedSecretField);
    if (!text) {
        return text.error();
    }
    if (!*text) {
        return noSecret(m_draft.target.name);
    }
    auto decoded = SharedSecret::fromBase64(**text);
    if (decoded) {
        m_secret = *decoded;
    }
    return decoded;
}

HttpClient& TargetLink::http()
{
    if (!m_http) {
        m_http = m_services.makeHttp(
            { .caFile = m_options.tls == TlsMode::PinnedCa ? m_options.caFile : QString() });
    }
    return *m_http;
}

Result<std::unique_ptr<DatabrokerClient>> TargetLink::openDatabroker()
{
    const auto secret = sharedSecret();
    if (!secret) {
        return secret.error();
    }
    return DatabrokerClient::open(
        endpointOf(m_options),
        [key = *secret](UtcTime now) { return mintToken(key, now + kTokenLife); },
        m_services.clock);
}

Result<configservice::ConfigServiceClient*> TargetLink::configService()
{
    if (!m_service) {
        const auto secret = sharedSecret();
        if (!secret) {
            return secret.error();
        }
        m_service = std::make_unique<configservice::ConfigServiceClient>(http(),
            configservice::ServiceAddress { .targetName = m_draft.target.name,
                .url = m_options.serviceUrl(),
                .mint = [key = *secret, &clock = m_services.clock] {
                    return mintToken(key, clock.nowUtc() + kTokenLife);
                } });
    }
    return m_service.get();
}

Result<RecordConfigClient*> TargetLink::configRecords()
{
    if (!m_records) {
        auto databroker = openDatabroker();
        if (!databroker) {
            return databroker.error();
        }
        m_records
            = std::make_unique<RecordConfigClient>(m_draft.target.name, *std::move(databroker));
    }
    return m_records.get();
}

RecordPositions TargetLink::configPositions() const
{
    return m_records ? m_records->positions() : RecordPositions {};
}

SecretReader TargetLink::secrets() const
{
    return [this](QStringView field) { return secret(field); };
}

Result<std::optional<QByteArray>> TargetLink::consoleToken() const
{
    return portreeve::consoleToken(secrets());
}

Result<ConsoleConfigClient*> TargetLink::console()
{
    if (!m_console) {
        auto mint = consoleMint(secrets(), m_draft.target.name);
        if (!mint) {
            return mint.error();
        }
        auto client
            = ConsoleClient::open(endpointOf(m_options), *std::move(mint), m_services.clock);
        if (!client) {
            return client.error();
        }
        m_console = std::make_unique<ConsoleConfigClient>(
            m_draft.target.name, m_options.consoleNamespace, *std::move(client));
    }
    return m_console.get();
}

Result<configservice::ConfigClient*> TargetLink::config()
{
    Q_ASSERT(m_options.writesEntities());
    const auto base = [](const auto& client) -> Result<configservice::ConfigClient*> {
        return client ? Result<configservice::ConfigClient*>(*client) : client.error();
    };
    if (m_options.usesConsole()) {
        return base(console());
    }
    return m_options.policyChannel == PolicyChannel::ConfigRecords ? base(configRecords())
                                                                   : base(configService());
}

Result<configservice::ConfigEditor*> TargetLink::configEditor()
{
    Q_ASSERT(m_options.writesEntities() && !m_options.readOnly);
    if (m_editor) {
        return m_editor.get();
    }
    const auto make
        = [this](const auto& client, auto editorOf) -> Result<configservice::ConfigEditor*> {
        if (!client) {
            return client.error();
        }
        m_editor = editorOf(**client);
        return m_editor.get();
    };
    if (m_options.usesConsole()) {
        return make(console(), [](ConsoleConfigClient& client) {
            return std::make_unique<ConsoleConfigEditor>(client);
        });
    }
    if (m_options.policyChannel == PolicyChannel::ConfigRecords) {
        return make(configRecords(), [](RecordConfigClient& client) {
            return std::make_unique<RecordConfigEditor>(client);
        });
    }
    return make(configService(), [](configservice::ConfigServiceClient& client) {
        return std::make_unique<configservice::ConfigServiceEditor>(client);
    });
}

} // namespace portreeve
