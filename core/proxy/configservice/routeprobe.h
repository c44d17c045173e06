// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/configservice/blocknow.h"
#include "core/proxy/configservice/configserviceeditor.h"

#include <QHash>

namespace portreeve::configservice {

/// Tries routes out as a user, with accounts that expire by themselves after ten minutes. An
/// account the proxy has forgotten (memory storage, restart) is made again. Same thread as the
/// editor.
class AccountProbe
{
public:
    /// @param listener  where the proxy serves its routes, for example http://127.0.0.1:8000;
    /// empty = the address of each route itself
    AccountProbe(HttpClient& http, ConfigServiceEditor& editor, const Clock& clock, QUrl listener);

    /// @return BadResponse when the answer tells neither yes nor no
    Result<ProbeAnswer> ask(
        const RouteEntity& route, const QString& userId, const std::stop_token& stop);

    /// Removes the accounts it made.
    Result<void> finish(const std::stop_token& stop);

private:
    Result<int> statusAs(
        const RouteEntity& route, const QString& userId, const std::stop_token& stop);

    HttpClient& m_http;
    ConfigServiceEditor& m_editor;
    const Clock& m_clock;
    QUrl m_listener;
    QHash<QString, ServiceAccount> m_accounts; // by user
};

} // namespace portreeve::configservice
