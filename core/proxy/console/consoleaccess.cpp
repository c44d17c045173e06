// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleaccess.h"

#include "core/proxy/console/consoletoken.h"
#include "core/proxy/sharedsecret.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/secretstore.h"

namespace portreeve {

namespace {

Error noConsoleToken(const QString& target)
{
    return { .code = ErrorCode::Auth,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "No token of a service account is stored for “%1”."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Make a service account in the Enterprise console and give its token to the target; it "
            "goes into the secret store.")),
        .field = kConsoleTokenField.toString() };
}

} // namespace

SecretReader storedSecretsOf(const ProxyTarget& target, SecretStore& secrets)
{
    return [id = target.id, name = target.name, &secrets](QStringView field) {
        return secrets.read(
            { .connectionId = id, .connectionName = name, .field = field.toString() });
    };
}

Result<std::optional<QByteArray>> consoleToken(const SecretReader& secret)
{
    using Token = std::optional<QByteArray>;
    const auto text = secret(kConsoleTokenField);
    if (!text || !*text) {
        return text ? Result<Token>(Token()) : text.error();
    }
    const auto token = readConsoleToken(**text);
    return token ? Result<Token>(Token(*token)) : token.error();
}

Result<DatabrokerClient::TokenMint> consoleMint(
    const SecretReader& secret, const QString& targetName)
{
    using Mint = DatabrokerClient::TokenMint;
    const auto token = consoleToken(secret);
    if (!token) {
        return token.error();
    }
    if (*token) {
        return Mint([known = **token](UtcTime) { return known; });
    }
    const auto shared = secret(kSharedSecretField);
    if (!shared) {
        return shared.error();
    }
    if (!*shared) {
        return noConsoleToken(targetName);
    }
    const auto key = SharedSecret::fromBase64(**shared);
    return key
        ? Result<Mint>(Mint([key = *key](UtcTime now) { return mintBootstrapToken(key, now); }))
        : key.error();
}

} // namespace portreeve
