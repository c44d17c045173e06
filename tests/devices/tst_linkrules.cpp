// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicetype.h"
#include "core/devices/linkrules.h"
#include "core/devices/qrmatrix.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::devices {

/// What a link may say; cases numbered as in devices.md 4.1.
class TstLinkRules : public QObject
{
    Q_OBJECT

private slots:
    void case4RedirectIsCheckedAsTyped_data();
    void case4RedirectIsCheckedAsTyped();
    void case4PlainHttpWantsConfirmation();
    void case5HostMustHaveARoute_data();
    void case5HostMustHaveARoute();
    void case5SingleLabelHostIsWarnedAbout();
    void case13CustomTypeIsOfferedByItsName();
    void case16EmptyRedirectIsTheProxysOwnPage();
    void case24HostWithoutRouteIsRefusedThoughTheProxyWouldAnswer();
    void hostsOfRoutesAreThoseABrowserReaches();
    void validityHasLimits_data();
    void validityHasLimits();
    void qrCodeHasItsThreeFinders();
    void qrCodeOfTooMuchTextIsEmpty();

private:
    static std::vector<QString> hosts()
    {
        return { u"app.corp.test"_s, u"wiki.corp.test:8443"_s, u"intranet"_s, u"*.apps.corp.test"_s,
            u"10.0.0.7"_s, u"xn--bcher-kva.test"_s };
    }
};

void TstLinkRules::case4RedirectIsCheckedAsTyped_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<RedirectVerdict>("verdict");
    QTest::addColumn<QString>("url");
    const auto row
        = [](const char* name, const QString& typed, RedirectVerdict verdict, const QString& url) {
              QTest::addRow("%s", name) << typed << verdict << url;
          };
    row("https", u"https://app.corp.test/x?y=1"_s, RedirectVerdict::Accepted,
        u"https://app.corp.test/x?y=1"_s);
    row("no scheme", u"app.corp.test/x"_s, RedirectVerdict::NoScheme, u"https://app.corp.test/x"_s);
    row("port is no scheme", u"wiki.corp.test:8443/x"_s, RedirectVerdict::NoScheme,
        u"https://wiki.corp.test:8443/x"_s);
    row("javascript", u"javascript:alert(1)"_s, RedirectVerdict::Refused, {});
    row("javascript in capitals", u" JavaScript:alert(1)"_s, RedirectVerdict::Refused, {});
    row("data", u"data:text/html,x"_s, RedirectVerdict::Refused, {});
    row("ftp", u"ftp://app.corp.test/x"_s, RedirectVerdict::Refused, {});
    row("no host", u"https:///x"_s, RedirectVerdict::Refused, {});
    row("http", u"http://app.corp.test/x"_s, RedirectVerdict::NeedsConfirmation,
        u"http://app.corp.test/x"_s);
}

void TstLinkRules::case4RedirectIsCheckedAsTyped()
{
    QFETCH(QString, typed);
    QFETCH(RedirectVerdict, verdict);
    QFETCH(QString, url);

    const auto checked = checkRedirect(typed, u"app.corp.test"_s);

    QCOMPARE(checked.verdict, verdict);
    QCOMPARE(checked.url, url);
    QCOMPARE(checked.reason.isEmpty(), verdict == RedirectVerdict::Accepted);
}

void TstLinkRules::case4PlainHttpWantsConfirmation()
{
    const QString plain = u"http://app.corp.test/x"_s;

    const auto unconfirmed = acceptedRedirect(plain, u"app.corp.test"_s, false);
    const auto confirmed = acceptedRedirect(plain, u"app.corp.test"_s, true);

    QVERIFY(!unconfirmed.hasValue());
    QCOMPARE(unconfirmed.error().field, u"redirect"_s);
    QCOMPARE(*confirmed, plain);
    QVERIFY(!acceptedRedirect(u"javascript:alert(1)"_s, u"app.corp.test"_s, true).hasValue());
}

void TstLinkRules::case5HostMustHaveARoute_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("refusal");
    QTest::addRow("route") << u"app.corp.test"_s << u"app.corp.test"_s << QString();
    QTest::addRow("capitals and default port")
        << u"App.Corp.test:443"_s << u"app.corp.test"_s << QString();
    QTest::addRow("with its port")
        << u"wiki.corp.test:8443"_s << u"wiki.corp.test:8443"_s << QString();
    QTest::addRow("wildcard") << u"one.apps.corp.test"_s << u"one.apps.corp.test"_s << QString();
    QTest::addRow("umlaut") << u"bücher.test"_s << u"xn--bcher-kva.test"_s << QString();
    QTest::addRow("other port") << u"app.corp.test:8443"_s << QString() << u"No route"_s;
    QTest::addRow("no route") << u"mail.corp.test"_s << QString() << u"No route"_s;
    QTest::addRow("wildcard itself") << u"apps.corp.test"_s << QString() << u"No route"_s;
    QTest::addRow("IPv4") << u"10.0.0.7"_s << QString() << u"IP address"_s;
    QTest::addRow("IPv6") << u"[::1]:8443"_s << QString() << u"IP address"_s;
    QTest::addRow("URL") << u"https://app.corp.test"_s << QString() << u"not a host"_s;
    QTest::addRow("path") << u"app.corp.test/x"_s << QString() << u"not a host"_s;
    QTest::addRow("star") << u"*.apps.corp.test"_s << QString() << u"not a host"_s;
    QTest::addRow("empty") << QString() << QString() << u"not a host"_s;
}

void TstLinkRules::case5HostMustHaveARoute()
{
    QFETCH(QString, typed);
    QFETCH(QString, host);
    QFETCH(QString, refusal);

    const auto checked = checkHost(typed, hosts());

    QCOMPARE(checked.hasValue(), refusal.isEmpty());
    if (checked) {
        QCOMPARE(checked->host, host);
        QVERIFY(checked->warnings.empty());
    } else {
        QCOMPARE(checked.error().field, u"host"_s);
        QVERIFY2(checked.error().what.english().contains(refusal),
            qPrintable(checked.error().what.english()));
    }
}

void TstLinkRules::case5SingleLabelHostIsWarnedAbout()
{
    const auto checked = checkHost(u"intranet"_s, hosts());

    QVERIFY(checked.hasValue());
    QCOMPARE(checked->warnings.size(), std::size_t(1));
    QVERIFY(checked->warnings.front().english().contains(u"no domain"));
}

void TstLinkRules::case13CustomTypeIsOfferedByItsName()
{
    const auto types = withBuiltIn({ customDeviceType(u"corp_key"_s, u"Corporate key"_s),
        customDeviceType(u"any"_s, u"x"_s) });

    QCOMPARE(types.size(), std::size_t(3));
    QCOMPARE(findType(types, u"corp_key"_s)->label.english(), u"Corporate key"_s);
    QCOMPARE(findType(types, u"any"_s)->label.english(), u"Any"_s);
    QCOMPARE(customDeviceType(u"bare"_s, {}).label.english(), u"bare"_s);
}

void TstLinkRules::case16EmptyRedirectIsTheProxysOwnPage()
{
    QCOMPARE(*acceptedRedirect(u"  "_s, u"app.corp.test:8443"_s, false),
        u"https://app.corp.test:8443/.pomerium/device-enrolled"_s);
}

void TstLinkRules::case24HostWithoutRouteIsRefusedThoughTheProxyWouldAnswer()
{
    const auto checked = checkHost(u"authenticate.corp.test"_s, hosts());

    QVERIFY(!checked.hasValue());
    QVERIFY(checked.error().remedy.english().contains(u"host of a route"));
}

void TstLinkRules::hostsOfRoutesAreThoseABrowserReaches()
{
    const auto route = [](const QString& from) {
        StoredRoute made;
        made.from = from;
        return made;
    };

    const auto found
        = routeHosts({ route(u"https://Wiki.corp.test:8443"_s), route(u"https://app.corp.test/"_s),
            route(u"https://app.corp.test"_s), route(u"tcp+https://ssh.corp.test:22"_s),
            route(u"https://*.Apps.corp.test"_s), route(u"broken"_s) });

    QCOMPARE(found,
        std::vector<QString>(
            { u"*.apps.corp.test"_s, u"app.corp.test"_s, u"wiki.corp.test:8443"_s }));
}

void TstLinkRules::validityHasLimits_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<bool>("allowed");
    QTest::addRow("nothing") << qint64(0) << false;
    QTest::addRow("a second") << qint64(1) << true;
    QTest::addRow("90 days") << qint64(90 * 86400) << true;
    QTest::addRow("90 days and a second") << qint64(90 * 86400 + 1) << false;
}

void TstLinkRules::validityHasLimits()
{
    QFETCH(qint64, seconds);
    QFETCH(bool, allowed);

    QCOMPARE(checkValidity(std::chrono::seconds(seconds)).hasValue(), allowed);
    QVERIFY(std::ranges::find(validityChoices(), kDefaultValidity) != validityChoices().end());
}

void TstLinkRules::qrCodeHasItsThreeFinders()
{
    const auto matrix = qrMatrix(u"https://app.corp.test/.pomerium/webauthn?x=é"_s);

    QVERIFY(matrix.size >= 21);
    QCOMPARE(matrix.modules.size(), qsizetype(matrix.size) * matrix.size);
    const int last = matrix.size - 7;
    for (const auto& [column, row] : { std::pair(0, 0), std::pair(last, 0), std::pair(0, last) }) {
        for (int i = 0; i < 7; ++i) {
            QVERIFY(matrix.isDark(column + i, row));
            QVERIFY(matrix.isDark(column, row + i));
            QVERIFY(matrix.isDark(column + i, row + 3) == (i != 1 && i != 5));
        }
    }
}

void TstLinkRules::qrCodeOfTooMuchTextIsEmpty()
{
    QCOMPARE(qrMatrix(QString(3000, u'x')).size, 0);
}

static const bool kLinkRulesRegistered = test::registerTestClass<TstLinkRules>("linkrules");

} // namespace portreeve::devices

#include "tst_linkrules.moc"
