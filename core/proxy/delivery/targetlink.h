// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"
#include "core/proxy/console/consoleaccess.h"
#include "core/proxy/databroker/databrokerrecord.h"
#include "core/proxy/delivery/targettest.h"
#include "core/proxy/sharedsecret.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/secretstore.h"

#include <memory>

namespace portreeve {

class ConsoleConfigClient;
class DatabrokerClient;
class RecordConfigClient;

namespace configservice {
class ConfigClient;
class ConfigEditor;
class ConfigServiceClient;
} // namespace configservice

/// The way to one target: options read, secrets fetched when first needed, clients made when first
/// asked for. Opens no connection by itself. One thread; blocks in the secret store.
class TargetLink
{
public:
    struct Services
    {
        SecretStore& secrets;
        const Clock& clock;
        const HttpClientFactory& makeHttp;
    };

    /// @return InvalidInput naming the field
    static Result<std::unique_ptr<TargetLink>> open(const Services& services, TargetDraft draft);
    ~TargetLink();
    TargetLink(const TargetLink&) = delete;
    TargetLink& operator=(const TargetLink&) = delete;

    const ProxyTarget& target() const { return m_draft.target; }

    const TargetOptions& options() const { return m_options; }

    UtcTime now() const { return m_services.clock.nowUtc(); }

    /// @return Auth when none is stored, InvalidInput when it is no such secret, SecretStore
    Result<SharedSecret> sharedSecret();

    /// @return nothing when there is none
    Result<std::optional<QString>> secret(QStringView field) const;

    HttpClient& http(); ///< trusts what the target's TLS options say

    /// Another one for each call: watchers keep theirs. @return as sharedSecret()
    Result<std::unique_ptr<DatabrokerClient>> openDatabroker();
    Result<configservice::ConfigServiceClient*> configService();

    /// Enterprise's own console. @return Auth when neither a service account's token nor the shared
    /// secret is stored; else as sharedSecret()
    Result<ConsoleConfigClient*> console();

    /// The token that signs in there; nothing where the shared secret does. @return InvalidInput
    Result<std::optional<QByteArray>> consoleToken() const;

    /// Where to watch policies and routes from that travel as records; empty before they were read.
    RecordPositions configPositions() const;

    /// To policies and routes as the policy channel has them, which must be one with entities; and
    /// to write them, which a read-only target must not ask for. @return as sharedSecret()
    Result<configservice::ConfigClient*> config();
    Result<configservice::ConfigEditor*> configEditor();

private:
    TargetLink(const Services& services, TargetDraft draft, TargetOptions options);
    Result<RecordConfigClient*> configRecords();
    SecretReader secrets() const; ///< as typed, else as stored

    Services m_services;
    TargetDraft m_draft;
    TargetOptions m_options;
    std::optional<SharedSecret> m_secret;
    std::unique_ptr<HttpClient> m_http;
    std::unique_ptr<configservice::ConfigServiceClient> m_service;
    std::unique_ptr<RecordConfigClient> m_records;
    std::unique_ptr<ConsoleConfigClient> m_console;
    std::unique_ptr<configservice::ConfigEditor> m_editor;
};

} // namespace portreeve
