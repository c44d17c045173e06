// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/secretchanges.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

std::vector<QString> fieldsOf(const QHash<QString, QString>& typed)
{
    std::vector<QString> fields(typed.keyBegin(), typed.keyEnd());
    std::sort(fields.begin(), fields.end());
    return fields;
}

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

Result<void> removeWithSecrets(
    SecretStore& secrets, const SecretOwner& owner, const std::function<Result<void>()>& removeRow)
{
    if (auto removed = removeRow(); !removed) {
        return removed;
    }
    QStringList fields;
    QStringList entries;
    std::optional<Error> refusal;
    for (const QString& field : owner.stored) {
        const SecretName name {
            .connectionId = owner.id, .connectionName = owner.name, .field = field
        };
        if (const auto gone = secrets.remove(name); !gone) {
            fields.append(field);
            entries.append(secretAccount(name));
            refusal = gone.error();
        }
    }
    if (!refusal) {
        return {};
    }
    Error error = refusal->wrappedIn(
        message(QT_TRANSLATE_NOOP("Message",
                    "“%1” is removed, but these secrets of it are still in the secret store: %2."),
            owner.name, fields.join(u", "_s)));
    error.remedy
        = message(QT_TRANSLATE_NOOP("Message",
                      "Nothing uses them any more. Unlock the store and delete there: %1."),
            entries.join(u", "_s));
    return error;
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

Error SecretChanges::takeBack(const Error& reason)
{
    QStringList changed;
    for (const auto& [field, before] : m_before) {
        if (!putBack(field, before)) {
            changed.append(field);
        }
    }
    m_before.clear();
    if (changed.isEmpty()) {
        return reason;
    }
    Error error = reason.wrappedIn(
        message(QT_TRANSLATE_NOOP(
                    "Message", "“%1” is as it was, but the secret store could not put back: %2."),
            m_ownerName, changed.join(u", "_s)));
    error.remedy = message(
        QT_TRANSLATE_NOOP("Message",
            "Unlock the secret store and allow access; then enter the old value of %1 again, or "
            "make the change once more."),
        changed.join(u", "_s));
    return error;
}

/// The write that was refused changed nothing as a rule, and putting that back would be refused
/// too: what counts is what the store holds.
bool SecretChanges::putBack(const QString& field, const std::optional<QString>& before)
{
    const auto now = m_secrets.read(nameOf(field));
    return (now && *now == before) || put(field, before).hasValue();
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
