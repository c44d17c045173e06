// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/secretchanges.h"

#include <algorithm>

namespace portreeve {

std::vector<QString> secretsAfter(const std::vector<QString>& stored, const SecretsEdit& edit)
{
    std::vector<QString> fields = stored;
    const auto typed = edit.typed.keys();
    fields.insert(fields.end(), typed.begin(), typed.end());
    std::sort(fields.begin(), fields.end());
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    std::erase_if(fields, [&edit](const QString& field) {
        return std::find(edit.removed.begin(), edit.removed.end(), field) != edit.removed.end();
    });
    return fields;
}

SecretChanges::SecretChanges(SecretStore& secrets, QString ownerId, QString ownerName)
    : m_secrets(secrets)
    , m_ownerId(std::move(ownerId))
    , m_ownerName(std::move(ownerName))
{
}

Result<void> SecretChanges::make(const SecretsEdit& edit)
{
    for (auto typed = edit.typed.begin(); typed != edit.typed.end(); ++typed) {
        if (const auto done = change(typed.key(), typed.value()); !done) {
            return done;
        }
    }
    for (const QString& field : edit.removed) {
        if (const auto done = change(field, std::nullopt); !done) {
            return done;
        }
    }
    return {};
}

void SecretChanges::takeBack()
{
    for (const auto& [field, before] : m_before) {
        const auto restored = put(field, before);
        Q_UNUSED(restored)
    }
}

Result<void> SecretChanges::change(const QString& field, const std::optional<QString>& value)
{
    const auto before = m_secrets.read(nameOf(field));
    if (!before) {
        return before.error();
    }
    m_before.emplace_back(field, *before);
    return put(field, value);
}

Result<void> SecretChanges::put(const QString& field, const std::optional<QString>& value)
{
    const SecretName name = nameOf(field);
    return value ? m_secrets.write(name, *value) : m_secrets.remove(name);
}

SecretName SecretChanges::nameOf(const QString& field) const
{
    return { .connectionId = m_ownerId, .connectionName = m_ownerName, .field = field };
}

} // namespace portreeve
