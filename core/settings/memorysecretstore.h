// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/secretstore.h"

#include <QHash>

#include <mutex>

namespace portreeve {

/// Keeps secrets until the program ends; the administrator's explicit choice where there is no
/// keychain.
class MemorySecretStore : public SecretStore
{
public:
    QString displayName() const override;
    Result<std::optional<QString>> read(const SecretName& name) override;
    Result<void> write(const SecretName& name, const QString& value) override;
    Result<void> remove(const SecretName& name) override;
    Result<void> probe() override;

private:
    std::mutex m_mutex;
    QHash<QString, QString> m_secrets;
};

} // namespace portreeve
