// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/sessionsecretstore.h"

#include <utility>

namespace portreeve {

SessionSecretStore::SessionSecretStore(std::unique_ptr<SecretStore> chosen)
    : m_chosen(std::move(chosen))
{
}

QString SessionSecretStore::displayName() const
{
    return m_inMemory ? m_memory.displayName() : m_chosen->displayName();
}

Result<std::optional<QString>> SessionSecretStore::read(const SecretName& name)
{
    return current().read(name);
}

Result<void> SessionSecretStore::write(const SecretName& name, const QString& value)
{
    return current().write(name, value);
}

Result<void> SessionSecretStore::remove(const SecretName& name)
{
    return current().remove(name);
}

Result<void> SessionSecretStore::probe()
{
    return current().probe();
}

SecretStore& SessionSecretStore::current()
{
    return m_inMemory ? static_cast<SecretStore&>(m_memory) : *m_chosen;
}

} // namespace portreeve
