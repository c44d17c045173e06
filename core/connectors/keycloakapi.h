// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/net/retryingclient.h"
#include "core/net/tokensource.h"

#include <QJsonArray>
#include <QUrl>

namespace portreeve {

/// A request below the realm's admin address: "users" and its query.
struct KeycloakCall
{
    QString path {};
    QList<std::pair<QString, QString>> query {};
};

/// The calls of Keycloak 22 to 26 that a directory needs, with its sign-in and its errors in words
/// (facts and wording: seen on 26.7.3, 2026-11).
class KeycloakApi
{
public:
    /// What our own access token says about the role `view-users`.
    enum class Role { Held, Missing, Unknown };

    KeycloakApi(const ConnectorOptions& options, RunContext& run, RetryPolicy policy);

    /// Finds the realm. @return NotFound for a wrong realm or a surplus /auth
    Result<void> discover();

    /// Fetches a token. @return Auth for a wrong client or secret, Permission for a client without
    /// a service account and for a disabled realm
    Result<void> signIn();

    Role role() const { return m_role; }

    Error missingRole() const;

    QString issuer() const { return m_issuer; }

    QString host() const { return m_base.host(); }

    bool isIssuerElsewhere() const;

    std::optional<std::chrono::milliseconds> clockSkew() const { return m_clockSkew; }

    Result<QJsonArray> list(const KeycloakCall& call);
    Result<std::int64_t> count(const QString& path);

    /// Answers in the order of the calls. A 404 is NotFound: the object went while we read.
    std::vector<Result<QJsonArray>> listAll(const std::vector<KeycloakCall>& calls);

    void setPhase(RunProgress::Phase phase) { m_phase = phase; }

private:
    QUrl address(const QString& path) const;
    HttpRequest adminRequest(const KeycloakCall& call) const;
    Result<AccessToken> fetchToken();
    Result<HttpResponse> expectOk(const HttpRequest& request, Result<HttpResponse> answer) const;
    Error realmError(const HttpRequest& request, const HttpResponse& response) const;
    Error tokenError(const HttpRequest& request, const HttpResponse& response) const;
    Error adminError(const HttpRequest& request, const HttpResponse& response) const;
    QString technical(const HttpRequest& request, const HttpResponse& response) const;
    void readToken(const QString& token);

    RunContext& m_run;
    QUrl m_base;
    QString m_realm;
    QString m_clientId;
    QString m_secret;
    RunProgress::Phase m_phase = RunProgress::Phase::Connect;
    RetryingClient m_http;
    TokenSource m_tokens;
    AuthorizedClient m_admin;
    Role m_role = Role::Unknown;
    QString m_issuer;
    std::optional<std::chrono::milliseconds> m_clockSkew;
};

/// The server's root out of what was entered: without a trailing slash and without "/realms/...".
QUrl keycloakRoot(const QString& entered);

} // namespace portreeve
