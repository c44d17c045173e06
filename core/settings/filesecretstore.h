// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/secretstore.h"

#include <QJsonObject>

#include <functional>

namespace portreeve {

/// A JSON file only its owner can read; any other file is refused, not repaired: what was readable
/// is no longer secret. Processes may share it; a change is a whole new file put in its place.
class FileSecretStore final : public SecretStore
{
public:
    explicit FileSecretStore(QString path);

    QString displayName() const override;
    Result<std::optional<QString>> read(const SecretName& name) override;
    Result<void> write(const SecretName& name, const QString& value) override;
    Result<void> remove(const SecretName& name) override;
    Result<void> probe() override;

private:
    using Change = std::function<bool(QJsonObject&)>; ///< false: nothing to do

    Result<QJsonObject> load() const;
    Result<void> save(const QJsonObject& secrets) const;
    Result<void> change(const Change& change);

    QString m_path;
};

} // namespace portreeve
