// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "tests/support/fakehttpclient.h"

#include <QByteArrayList>
#include <QJsonObject>
#include <QMap>
#include <QString>

#include <functional>
#include <mutex>
#include <vector>

namespace portreeve::test {

/// How the double may misbehave.
struct ConfigServiceFaults
{
    bool hasService = true; ///< false = a proxy before 0.33: 404 in plain text
    QString version = QStringLiteral("v0.33.0");
    bool honoursFilters = false; ///< the real one finds nothing but by id
    bool rearrangesJson = false; ///< other spacing and key order
    bool isSlow = false; ///< 408, as when a body does not arrive in 15 s
    int writesUntilBreak = -1; ///< then every exchange breaks off; -1 = never
    bool losesAnswerOfNextWrite = false; ///< the write is done, the exchange breaks off
    QString policyRefusal {}; ///< refuses policies with this message
    QString refusedPolicyName {}; ///< only that one; empty = all
    QStringList ignoredFields {}; ///< of entities, as if they were misspelt
    bool cutsLists = false; ///< the last object of a list is missing
    std::chrono::milliseconds clockAhead { 0 }; ///< of the proxy's clock
    /// Runs before each call is answered, outside the lock: the foreign writer.
    std::function<void(const QString& method)> beforeCall {};
};

/// A ConfigService as Core 0.33 has it (proxy.md 6, 14.1): token checks, filters that find nothing,
/// masks as one string, unknown fields ignored, `{}` for nothing. Safe to use from several threads.
class ConfigServiceDouble
{
public:
    using Entities = QMap<QString, QJsonObject>; // by id, as it lists them

    struct Call
    {
        QString method {};
        QJsonObject body {};
    };

    /// @param secret  the 32 bytes
    ConfigServiceDouble(QByteArray secret, const Clock& clock);

    FakeReply answer(const HttpRequest& request);

    /// The status that a visitor of its routes gets, by the Host header. Of a policy it reads no
    /// more than whether it denies, and whether it means everybody signed in or names the visitor.
    int visit(const HttpRequest& request) const;

    /// To be put behind FakeHttpClient::setServer().
    FakeHttpClient::Server server();

    ConfigServiceFaults faults {};

    Entities policies() const;
    Entities routes() const;
    Entities serviceAccounts() const;

    /// As somebody else, or a person at the proxy, would: nothing is checked.
    void putPolicy(const QJsonObject& policy);
    void putRoute(const QJsonObject& route);
    void removePolicy(const QString& id);

    /// Forgets everything, as memory storage does.
    void restart();

    std::vector<Call> calls() const;
    QStringList methods() const; ///< of the calls so far, reads too
    QStringList writes() const; ///< methods of the calls that may change something
    void forgetCalls();

    /// A token as a client of the proxy makes it.
    static QByteArray token(const QByteArray& secret, const QJsonObject& claims);

private:
    struct Kind;

    static const std::vector<Kind>& kinds();
    Entities& entitiesOf(const Kind& kind);

    FakeReply judge(const HttpRequest& request, const QString& method);
    std::optional<FakeReply> refuseToken(const HttpRequest& request) const;
    bool isSigned(const QByteArrayList& parts) const; ///< a token, cut at its dots
    std::optional<QString> visitor(const HttpRequest& request) const; ///< by a living account
    FakeReply dispatch(const QString& method, const QByteArray& text);
    FakeReply create(const Kind& kind, const QJsonObject& body);
    FakeReply get(const Kind& kind, const QJsonObject& body);
    FakeReply list(const Kind& kind, const QJsonObject& body);
    FakeReply update(const Kind& kind, const QJsonObject& body, const QByteArray& text);
    FakeReply remove(const Kind& kind, const QJsonObject& body);
    FakeReply entityReply(const Kind& kind, const QJsonObject& entity) const;
    std::optional<FakeReply> refuseContent(const Kind& kind, const QJsonObject& entity) const;
    QJsonObject known(const Kind& kind, const QJsonObject& given) const;
    FakeReply json(const QJsonObject& object) const;
    QString stamp() const;

    QByteArray m_secret;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    QMap<QString, Entities> m_entities; // by kind
    std::vector<Call> m_calls;
    int m_writes = 0;
};

} // namespace portreeve::test
