// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/secretstore.h"

#include <atomic>

namespace portreeve {

/// The desktop's keychain. Every call blocks until it answers, at most two minutes (it may be
/// asking the administrator to unlock it): never call it on the GUI thread.
class KeychainSecretStore final : public SecretStore
{
public:
    QString displayName() const override;
    Result<std::optional<QString>> read(const SecretName& name) override;
    Result<void> write(const SecretName& name, const QString& value) override;
    Result<void> remove(const SecretName& name) override;
    Result<void> probe() override;

private:
    struct Job;
    struct Answer;

    Answer ask(const Job& job);

    std::atomic<bool> m_hasAnswered = false;
};

} // namespace portreeve
