// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/environmentsecretstore.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
QString variablePart(const QString& text)
{
    QString part = text.toUpper();
    for (auto& character : part) {
        const bool isLetter = character >= u'A' && character <= u'Z';
        const bool isDigit = character >= u'0' && character <= u'9';
        if (!isLetter && !isDigit) {
            character = u'_';
        }
    }
    return part;
}
} // namespace

EnvironmentSecretStore::EnvironmentSecretStore(const QProcessEnvironment& environment)
    : m_environment(environment)
{
}

QString EnvironmentSecretStore::variableName(const SecretName& name)
{
    return u"PORTREEVE_SECRET_"_s + variablePart(name.connectionName) + u'_'
        + variablePart(name.field);
}

QString EnvironmentSecretStore::displayName() const
{
    return u"Environment variables"_s;
}

Result<std::optional<QString>> EnvironmentSecretStore::read(const SecretName& name)
{
    const QString value = m_environment.value(variableName(name));
    return value.isEmpty() ? std::optional<QString>() : std::optional(value);
}

Result<void> EnvironmentSecretStore::write(const SecretName& name, const QString&)
{
    return Error { .code = ErrorCode::SecretStore,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The secret %1 of %2 cannot be stored: environment variables are only "
                            "read."),
            name.field, name.connectionName),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
                              "Set the variable %1 before the program starts, or choose the "
                              "keychain or a file for secrets."),
            variableName(name)) };
}

Result<void> EnvironmentSecretStore::remove(const SecretName& name)
{
    // A connection without such a variable must still be removable.
    if (m_environment.value(variableName(name)).isEmpty()) {
        return {};
    }
    return Error { .code = ErrorCode::SecretStore,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The secret %1 of %2 cannot be removed: environment variables are only "
                            "read."),
            name.field, name.connectionName),
        .remedy = message(
            QT_TRANSLATE_NOOP("Message", "Take the variable %1 out of the program's environment."),
            variableName(name)) };
}

Result<void> EnvironmentSecretStore::probe()
{
    return {};
}

} // namespace portreeve
