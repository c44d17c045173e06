// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/settings/secretstore.h"

#include <QObject>
#include <QThreadPool>

#include <functional>
#include <optional>

namespace portreeve {

/// Whether the secret store in use can be used now, for the status bar and the Settings page.
class SecretWatch final : public QObject
{
    Q_OBJECT

public:
    enum class State { Unknown, Probing, Ready, Failed };

    /// @param keepUntilQuit  makes the store hold secrets in memory from now on; empty when the
    /// store in use has no such mode
    SecretWatch(SecretStore& store, QThreadPool& workers, std::function<void()> keepUntilQuit,
        QObject* parent = nullptr);

    State state() const { return m_state; }

    const std::optional<Error>& error() const { return m_error; }

    QString storeName() const { return m_store.displayName(); }

    bool canKeepUntilQuit() const { return m_keepUntilQuit && !m_isKeptUntilQuit; }

    bool isKeptUntilQuit() const { return m_isKeptUntilQuit; }

    void probe(); ///< answers by changed()
    void keepUntilQuit();

signals:
    void changed();

private:
    SecretStore& m_store;
    QThreadPool& m_workers;
    std::function<void()> m_keepUntilQuit;
    State m_state = State::Unknown;
    std::optional<Error> m_error;
    bool m_isKeptUntilQuit = false;
    int m_request = 0;
};

} // namespace portreeve
