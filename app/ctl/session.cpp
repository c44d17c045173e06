// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/session.h"

#include "core/access/storedaccess.h"
#include "core/net/qthttpclient.h"
#include "core/settings/datadirectory.h"
#include "core/store/storedsettings.h"

namespace portreeve::ctl {

Session::Session(GlobalOptions options, std::stop_token stop)
    : m_options(std::move(options))
    , m_stop(std::move(stop))
    , m_output(m_options.output)
{
}

Session::~Session() = default;

Result<Store*> Session::store()
{
    if (!m_store) {
        auto opened = Store::open({ .path = databasePath(m_options.dataDirectory) }, m_clock);
        if (!opened) {
            return opened.error();
        }
        m_store = std::move(*opened);
    }
    return m_store.get();
}

Result<SecretStore*> Session::secrets()
{
    if (!m_secrets) {
        auto made = makeSecretStore(m_options.secrets);
        if (!made) {
            return made.error();
        }
        m_secrets = std::move(*made);
    }
    return m_secrets.get();
}

Result<SyncRunner> Session::runner()
{
    const auto opened = store();
    if (!opened) {
        return opened.error();
    }
    const auto made = secrets();
    if (!made) {
        return made.error();
    }
    SyncRunner runner({ .store = **opened,
        .secrets = **made,
        .clock = m_clock,
        .makeHttp = httpFactory(),
        .evaluateAccess = access::storedAccessImpact });
    if (const auto recovered = runner.recover(); !recovered) {
        return recovered.error();
    }
    return runner;
}

RunControl Session::control()
{
    return { .stop = m_stop,
        .progress = [this](const RunProgress& progress) { m_output.progress(progress); },
        .trigger = RunTrigger::CommandLine,
        .actor = actor() };
}

QString Session::actor()
{
    const auto opened = store();
    return opened ? currentActor(**opened) : QString();
}

HttpClientFactory Session::httpFactory() const
{
    return [&clock = m_clock](const HttpSettings& settings) -> std::unique_ptr<HttpClient> {
        return std::make_unique<QtHttpClient>(settings, clock);
    };
}

} // namespace portreeve::ctl
