// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/output.h"
#include "core/base/clock.h"
#include "core/settings/secretstore.h"
#include "core/store/store.h"
#include "core/sync/syncrunner.h"

#include <memory>
#include <stop_token>

namespace portreeve::ctl {

struct GlobalOptions
{
    QString dataDirectory {};
    QString secrets = QStringLiteral("keychain");
    Output::Options output {};
    QString logLevel = QStringLiteral("warning");
};

/// One invocation of the program: opens the store and the secret store when first asked for.
class Session
{
public:
    Session(GlobalOptions options, std::stop_token stop);
    ~Session();

    const GlobalOptions& options() const { return m_options; }

    Output& out() { return m_output; }

    Clock& clock() { return m_clock; }

    std::stop_token stopToken() const { return m_stop; }

    Result<Store*> store();
    Result<SecretStore*> secrets();

    /// Runs that a dead process left open are ended first, as the window and serve do at their
    /// start.
    Result<SyncRunner> runner();

    /// Cancels on SIGINT and SIGTERM, shows progress, names the command line as the trigger.
    RunControl control();

    /// currentActor() of the store; Storage where that cannot be opened is for others to say.
    QString actor();

    /// Borrows the session's clock.
    HttpClientFactory httpFactory() const;

private:
    GlobalOptions m_options;
    std::stop_token m_stop;
    Output m_output;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<SecretStore> m_secrets;
};

} // namespace portreeve::ctl
