// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerclient.h"

#include <QString>

#include <functional>
#include <optional>

namespace portreeve {

class SecretStore;
struct ProxyTarget;

/// A target's secret by field; nothing when there is none. Blocks in the secret store.
using SecretReader = std::function<Result<std::optional<QString>>(QStringView field)>;

/// @param secrets  outlives the answer
SecretReader storedSecretsOf(const ProxyTarget& target, SecretStore& secrets);

/// The token that signs in at Enterprise's console; nothing where the shared secret does.
/// @return InvalidInput naming console_token for what is no token
Result<std::optional<QByteArray>> consoleToken(const SecretReader& secret);

/// Gives the token of each call: that of a service account, else of the bootstrap account.
/// @return Auth when neither a service account's token nor the shared secret is stored
Result<DatabrokerClient::TokenMint> consoleMint(
    const SecretReader& secret, const QString& targetName);

} // namespace portreeve
