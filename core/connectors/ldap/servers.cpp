// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/servers.h"

#include <QDnsLookup>
#include <QEventLoop>
#include <QRegularExpression>
#include <QTimer>
#include <QUrl>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::ldap {

namespace {
constexpr quint16 kPlainPort = 389;
constexpr quint16 kTlsPort = 636;
constexpr auto kLookupLimit = 10s;
constexpr auto kLookupPoll = 100ms;

/// The controllers a domain lists in DNS; no such zone was at hand: (unverified here).
Result<std::vector<Server>> controllersOf(
    const QString& domain, Security security, const RunContext& run)
{
    QDnsLookup lookup(QDnsLookup::SRV, u"_ldap._tcp.dc._msdcs."_s + domain);
    QEventLoop loop;
    QTimer poll;
    const auto deadline = run.clock.monotonic() + kLookupLimit;
    QObject::connect(&lookup, &QDnsLookup::finished, &loop, &QEventLoop::quit);
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        if (run.stop.stop_requested() || run.clock.monotonic() > deadline) {
            loop.quit();
        }
    });
    lookup.lookup();
    poll.start(kLookupPoll);
    if (!lookup.isFinished()) {
        loop.exec();
    }
    if (run.stop.stop_requested()) {
        return cancelledError();
    }
    std::vector<Server> servers;
    const auto records = lookup.isFinished() ? lookup.serviceRecords() : QList<QDnsServiceRecord>();
    for (const auto& record : records) { // ordered by priority and weight
        const bool tls = security == Security::Ldaps;
        servers.push_back({ .host = record.target(),
            .port = tls ? kTlsPort : record.port(),
            .tlsFromStart = tls });
    }
    if (servers.empty()) {
        return Error { .code = ErrorCode::Network,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "No domain controller is listed in DNS for the domain %1."),
                domain),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Check the domain's name and that this computer uses the domain's DNS server, or "
                "enter the address of a controller.")),
            .detail = lookup.errorString(),
            .field = u"urls"_s };
    }
    return servers;
}
} // namespace

QString Server::url() const
{
    const QString name = host.contains(u':') ? QString(u'[' + host + u']') : host;
    return (tlsFromStart ? u"ldaps://"_s : u"ldap://"_s) + name + u':' + QString::number(port);
}

std::optional<Server> parseServer(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool tls = url.scheme() == u"ldaps";
    const bool bare = (url.path().isEmpty() || url.path() == u"/") && !url.hasQuery()
        && !url.hasFragment() && url.userInfo().isEmpty();
    if (!url.isValid() || (!tls && url.scheme() != u"ldap") || url.host().isEmpty() || !bare) {
        return std::nullopt;
    }
    const int port = url.port(tls ? kTlsPort : kPlainPort);
    return Server { .host = url.host(), .port = static_cast<quint16>(port), .tlsFromStart = tls };
}

bool isDomainName(const QString& text)
{
    static const QRegularExpression pattern(u"^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
                                            "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$"_s);
    return pattern.match(text).hasMatch();
}

Result<std::vector<Server>> resolveServers(const Settings& settings, const RunContext& run)
{
    std::vector<Server> servers;
    std::optional<Error> failure;
    for (const auto& text : settings.servers) {
        if (auto server = parseServer(text)) {
            servers.push_back(*std::move(server));
            continue;
        }
        auto controllers = controllersOf(text, settings.security, run);
        if (controllers) {
            servers.insert(servers.end(), controllers->begin(), controllers->end());
        } else if (controllers.error().code == ErrorCode::Cancelled) {
            return controllers.error();
        } else {
            failure = controllers.error();
        }
    }
    if (servers.empty() && failure) {
        return *failure;
    }
    return servers;
}

} // namespace portreeve::ldap
