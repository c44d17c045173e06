// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/secretstore.h"

#include <QHash>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace portreeve {

/// What one edit of a connection or a target does to its secrets.
struct SecretsEdit
{
    QHash<QString, QString> typed {}; ///< new values by field
    std::vector<QString> removed {}; ///< fields
};

/// Which secrets were typed, sorted: all that the audit log may know of them.
std::vector<QString> fieldsOf(const QHash<QString, QString>& typed);

/// Whose secrets: a connection or a target.
struct SecretOwner
{
    QString id {};
    QString name {};
    std::vector<QString> stored {}; ///< fields that are in the store
};

/// Removes @p owner by @p removeRow, then its secrets: with the row first, nothing is ever listed
/// whose secrets are gone. Blocks.
/// @return what @p removeRow says, nothing being changed then; SecretStore naming what is left
Result<void> removeWithSecrets(
    SecretStore& secrets, const SecretOwner& owner, const std::function<Result<void>()>& removeRow);

/// Keys of the secrets that are in the store after @p edit; sorted.
std::vector<QString> secretsAfter(const std::vector<QString>& stored, const SecretsEdit& edit);

/// Writes the secrets of one edit and can put back what was there before. Blocks.
class SecretChanges
{
public:
    /// @param ownerId, ownerName  of the connection or target, as in SecretName
    SecretChanges(SecretStore& secrets, QString ownerId, QString ownerName);

    Result<void> make(const SecretsEdit& edit);

    /// Puts back what make() changed. The store that refused a write may refuse this one too.
    /// @return @p reason, wrapped in an error that names the secrets that could not be put back
    [[nodiscard]] Error takeBack(const Error& reason);

private:
    bool putBack(const QString& field, const std::optional<QString>& before);
    Result<void> change(const QString& field, const std::optional<QString>& value);
    Result<void> put(const QString& field, const std::optional<QString>& value);
    SecretName nameOf(const QString& field) const;

    SecretStore& m_secrets;
    QString m_ownerId;
    QString m_ownerName;
    std::vector<std::pair<QString, std::optional<QString>>> m_before;
};

} // namespace portreeve
