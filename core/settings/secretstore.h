// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

#include <memory>
#include <optional>

namespace portreeve {

/// Name of one secret: a connection's id (a uuid, never reused) and the key of its field.
struct SecretName
{
    QString connectionId {};
    QString connectionName {}; ///< only the environment store looks by name
    QString field {};
};

/// "<connection id>/<field>": the account of a secret in every store that keeps it by id.
QString secretAccount(const SecretName& name);

/// Where secrets live. Blocks; call it on a worker thread. No fallback from one store to another.
class SecretStore
{
public:
    SecretStore() = default;
    SecretStore(const SecretStore&) = delete;
    SecretStore& operator=(const SecretStore&) = delete;
    virtual ~SecretStore() = default;

    /// What the screen and selfcheck call it: "System keychain", "File secrets.json", ...
    virtual QString displayName() const = 0;

    /// @return nullopt when nothing is stored under that name; SecretStore when the store cannot
    /// answer
    virtual Result<std::optional<QString>> read(const SecretName& name) = 0;
    virtual Result<void> write(const SecretName& name, const QString& value) = 0;
    virtual Result<void> remove(const SecretName& name) = 0;

    /// Whether it can be used now: a write, read and remove of a probe entry where that is
    /// possible.
    virtual Result<void> probe() = 0;
};

/// @param specification  "keychain", "file:PATH" or "env", as the command line's --secrets takes it
/// @return InvalidInput for anything else; that the store can be used is for probe() to say
Result<std::unique_ptr<SecretStore>> makeSecretStore(const QString& specification);

} // namespace portreeve
