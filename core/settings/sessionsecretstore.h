// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/memorysecretstore.h"

#include <atomic>
#include <memory>

namespace portreeve {

/// The store the administrator chose, until they decide to keep secrets in memory only. Never
/// changes over by itself.
class SessionSecretStore final : public SecretStore
{
public:
    explicit SessionSecretStore(std::unique_ptr<SecretStore> chosen);

    /// From now on reads and writes go to memory. What the chosen store holds stays there.
    void keepUntilQuit() { m_inMemory = true; }

    QString displayName() const override;
    Result<std::optional<QString>> read(const SecretName& name) override;
    Result<void> write(const SecretName& name, const QString& value) override;
    Result<void> remove(const SecretName& name) override;
    Result<void> probe() override;

private:
    SecretStore& current();

    std::unique_ptr<SecretStore> m_chosen;
    MemorySecretStore m_memory;
    std::atomic<bool> m_inMemory = false;
};

} // namespace portreeve
