// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokeraccess.h"

namespace portreeve {

namespace {
Result<SharedSecret> readSecret(const ProxyTarget& target, SecretStore& secrets)
{
    const auto text = secrets.read({ .connectionId = target.id,
        .connectionName = target.name,
        .field = kSharedSecretField.toString() });
    if (!text) {
        return text.error();
    }
    if (!*text) {
        return Error { .code = ErrorCode::SecretStore,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "No shared secret is stored for the target %1."),
                target.name),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Enter the shared_secret of that proxy's configuration in the target's "
                "settings.")) };
    }
    return SharedSecret::fromBase64(**text);
}
} // namespace

DatabrokerEndpoint endpointOf(const TargetOptions& options)
{
    return { .host = options.host,
        .port = options.port,
        .tls = options.tls != TlsMode::Off,
        .caFile = options.tls == TlsMode::PinnedCa ? options.caFile : QString() };
}

Result<DatabrokerAccess> openDatabroker(
    const ProxyTarget& target, SecretStore& secrets, const Clock& clock)
{
    const auto options = readTargetOptions(target);
    if (!options) {
        return options.error();
    }
    const auto secret = readSecret(target, secrets);
    if (!secret) {
        return secret.error();
    }
    auto client = DatabrokerClient::open(
        endpointOf(*options),
        [secret = *secret](UtcTime now) { return mintToken(secret, now + kTokenLife); }, clock);
    if (!client) {
        return client.error();
    }
    return DatabrokerAccess { .secret = *secret, .client = std::move(*client) };
}

} // namespace portreeve
