// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/secretstore.h"

#include <QProcessEnvironment>

namespace portreeve {

/// Reads PORTREEVE_SECRET_<CONNECTION>_<FIELD>; cannot write. An empty variable is none.
class EnvironmentSecretStore final : public SecretStore
{
public:
    explicit EnvironmentSecretStore(const QProcessEnvironment& environment);

    /// Upper case; every character but ASCII letters and digits becomes "_". Names that differ only
    /// there share a variable.
    static QString variableName(const SecretName& name);

    QString displayName() const override;
    Result<std::optional<QString>> read(const SecretName& name) override;
    Result<void> write(const SecretName& name, const QString& value) override;
    Result<void> remove(const SecretName& name) override;
    Result<void> probe() override;

private:
    QProcessEnvironment m_environment;
};

} // namespace portreeve
