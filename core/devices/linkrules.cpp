// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linkrules.h"

#include "core/devices/enrollmentlink.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::devices {

namespace {
constexpr int kHttpsPort = 443;

Error invalid(const QString& field, const Message& what, const Message& remedy)
{
    return { .code = ErrorCode::InvalidInput,
        .what = what,
        .remedy = remedy,
        .detail = {},
        .cause = {},
        .field = field };
}

bool isAddress(const QString& name)
{
    return !QHostAddress(name).isNull();
}

QString withPort(const QString& name, int port)
{
    return port < 0 || port == kHttpsPort ? name : name + u':' + QString::number(port);
}

bool covers(const QString& routeHost, const QString& host)
{
    return routeHost == host
        || (routeHost.startsWith(u"*.") && host.endsWith(QStringView(routeHost).mid(1))
            && host.size() > routeHost.size() - 1);
}

bool hasHost(const QString& url)
{
    return !QUrl(url).host().isEmpty();
}

CheckedRedirect refused(const Message& reason)
{
    return { .verdict = RedirectVerdict::Refused, .url = {}, .reason = reason };
}
} // namespace

const std::vector<std::chrono::milliseconds>& validityChoices()
{
    static const std::vector<std::chrono::milliseconds> choices { 1h, 24h, kDefaultValidity,
        24h * 30 };
    return choices;
}

Result<void> checkValidity(std::chrono::milliseconds validity)
{
    if (validity >= 1s && validity <= kLongestValidity) {
        return {};
    }
    return invalid(u"valid"_s,
        message(QT_TRANSLATE_NOOP("Message", "A link cannot be valid for %1."),
            formatDuration(validity)),
        message(QT_TRANSLATE_NOOP("Message", "Choose a time up to %1."),
            formatDuration(kLongestValidity)));
}

Result<CheckedHost> checkHost(const QString& host, const std::vector<QString>& routeHosts)
{
    const QString field = u"host"_s;
    const QUrl url(u"https://"_s + host.trimmed());
    const QString name = QString::fromLatin1(QUrl::toAce(url.host()));
    if (isAddress(url.host()) || (host.trimmed().startsWith(u'[') && !name.isEmpty())) {
        return invalid(field,
            message(QT_TRANSLATE_NOOP("Message", "%1 is an IP address."), host.trimmed()),
            message(QT_TRANSLATE_NOOP("Message",
                "Browsers enroll no device on an IP address; use a host name that has a route.")));
    }
    const bool plain = !name.isEmpty() && url.userInfo().isEmpty() && url.path().isEmpty()
        && !url.hasQuery() && !url.hasFragment() && !name.contains(u'*');
    if (!plain) {
        return invalid(field,
            message(QT_TRANSLATE_NOOP("Message", "“%1” is not a host."), host.trimmed()),
            message(QT_TRANSLATE_NOOP(
                "Message", "Give the host of a route, such as app.example.com.")));
    }
    CheckedHost checked { .host = withPort(name, url.port()), .warnings = {} };
    const bool routed = std::ranges::any_of(
        routeHosts, [&](const QString& routeHost) { return covers(routeHost, checked.host); });
    if (!routed) {
        return invalid(field,
            message(
                QT_TRANSLATE_NOOP("Message", "No route of this proxy leads to %1."), checked.host),
            message(QT_TRANSLATE_NOOP("Message",
                "Choose the host of a route: people must be able to reach it, and its domain "
                "decides where the device counts.")));
    }
    if (!name.contains(u'.')) {
        checked.warnings.push_back(message(
            QT_TRANSLATE_NOOP("Message",
                "%1 has no domain: a device enrolled there counts on that host only, and some "
                "browsers refuse it."),
            name));
    }
    return checked;
}

std::vector<QString> routeHosts(const std::vector<StoredRoute>& routes)
{
    std::vector<QString> hosts;
    for (const auto& route : routes) {
        // QUrl takes no star in a host.
        const bool wildcard = route.from.startsWith(u"https://*.", Qt::CaseInsensitive);
        const QUrl url(wildcard ? u"https://"_s + route.from.mid(qsizetype(10)) : route.from);
        const QString name = QString::fromLatin1(QUrl::toAce(url.host()));
        if (url.scheme() == u"https" && !name.isEmpty()) {
            hosts.push_back((wildcard ? u"*."_s : QString()) + withPort(name, url.port()));
        }
    }
    std::ranges::sort(hosts);
    const auto repeated = std::ranges::unique(hosts);
    hosts.erase(repeated.begin(), repeated.end());
    return hosts;
}

CheckedRedirect checkRedirect(const QString& text, const QString& host)
{
    const QString typed = text.trimmed();
    if (typed.isEmpty()) {
        return { .verdict = RedirectVerdict::Accepted, .url = defaultRedirect(host), .reason = {} };
    }
    // "wiki:8443/x" names a port, not a scheme.
    static const QRegularExpression scheme(
        u"^([a-z][a-z0-9+.-]*):(?![0-9]+([/?#]|$))"_s, QRegularExpression::CaseInsensitiveOption);
    const QString name = scheme.match(typed).captured(1).toLower();
    if (name.isEmpty()) {
        const QString completed = u"https://"_s + typed;
        return hasHost(completed)
            ? CheckedRedirect { .verdict = RedirectVerdict::NoScheme,
                  .url = completed,
                  .reason = message(
                      QT_TRANSLATE_NOOP("Message", "The redirect has no scheme; did you mean %1?"),
                      completed) }
            : refused(message(QT_TRANSLATE_NOOP("Message", "The redirect is no web address.")));
    }
    if (name != u"https" && name != u"http") {
        return refused(
            message(QT_TRANSLATE_NOOP("Message", "A redirect cannot have the scheme “%1”."), name));
    }
    if (!hasHost(typed)) {
        return refused(message(QT_TRANSLATE_NOOP("Message", "The redirect names no host.")));
    }
    if (name == u"http") {
        return { .verdict = RedirectVerdict::NeedsConfirmation,
            .url = typed,
            .reason = message(QT_TRANSLATE_NOOP("Message",
                "The redirect is not encrypted: others can read and change that page.")) };
    }
    return { .verdict = RedirectVerdict::Accepted, .url = typed, .reason = {} };
}

Result<QString> acceptedRedirect(const QString& text, const QString& host, bool plainHttpConfirmed)
{
    const auto checked = checkRedirect(text, host);
    const bool confirmed
        = checked.verdict == RedirectVerdict::NeedsConfirmation && plainHttpConfirmed;
    if (checked.verdict == RedirectVerdict::Accepted || confirmed) {
        return checked.url;
    }
    return invalid(u"redirect"_s, checked.reason,
        message(QT_TRANSLATE_NOOP(
            "Message", "Give a whole address such as https://app.example.com/start.")));
}

} // namespace portreeve::devices
