// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/memorysecretstore.h"

using namespace Qt::StringLiterals;

namespace portreeve {

QString MemorySecretStore::displayName() const
{
    return u"Memory, until the program ends"_s;
}

Result<std::optional<QString>> MemorySecretStore::read(const SecretName& name)
{
    const std::lock_guard lock(m_mutex);
    const auto it = m_secrets.constFind(secretAccount(name));
    if (it == m_secrets.constEnd()) {
        return std::optional<QString>();
    }
    return std::optional(it.value());
}

Result<void> MemorySecretStore::write(const SecretName& name, const QString& value)
{
    const std::lock_guard lock(m_mutex);
    m_secrets.insert(secretAccount(name), value);
    return {};
}

Result<void> MemorySecretStore::remove(const SecretName& name)
{
    const std::lock_guard lock(m_mutex);
    m_secrets.remove(secretAccount(name));
    return {};
}

Result<void> MemorySecretStore::probe()
{
    return {};
}

} // namespace portreeve
