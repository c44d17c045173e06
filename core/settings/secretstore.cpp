// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/secretstore.h"

#include "core/settings/environmentsecretstore.h"
#include "core/settings/filesecretstore.h"
#include "core/settings/keychainsecretstore.h"

#include <QProcessEnvironment>

using namespace Qt::StringLiterals;

namespace portreeve {

QString secretAccount(const SecretName& name)
{
    return name.connectionId + u'/' + name.field;
}

Result<std::unique_ptr<SecretStore>> makeSecretStore(const QString& specification)
{
    constexpr auto filePrefix = "file:"_L1;
    if (specification == u"keychain") {
        return std::unique_ptr<SecretStore>(std::make_unique<KeychainSecretStore>());
    }
    if (specification == u"env") {
        return std::unique_ptr<SecretStore>(
            std::make_unique<EnvironmentSecretStore>(QProcessEnvironment::systemEnvironment()));
    }
    if (specification.startsWith(filePrefix) && specification.size() > filePrefix.size()) {
        return std::unique_ptr<SecretStore>(
            std::make_unique<FileSecretStore>(specification.mid(filePrefix.size())));
    }
    return Error { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "There is no place for secrets called %1."),
            specification),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "Use keychain, file:PATH or env.")),
        .field = u"secrets"_s };
}

} // namespace portreeve
