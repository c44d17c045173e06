// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linkissuer.h"
#include "core/devices/linktexts.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/sharedsecret.h"
#include "tests/support/devicesfixture.h"
#include "tests/support/linkverifier.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace portreeve::test;

namespace portreeve::devices {

/// Links together with their records at a proxy; cases numbered as in devices.md 4.1. Cases 17, 19
/// and 23, and what the proxy answers in 21 and 22, are its own doing and need the whole proxy with
/// a browser: they belong to the interop tests.
class TstLinkIssuer : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void case1LinkAndPendingEnrollment();
    void case2TwoHundredUsersInTwoPuts();
    void case3UserWhoHasNotSignedInIsNoted();
    void case9RenewedLinkHasTheSameEnrollment();
    void case9UsedRevokedAndLostLinksAreNotRenewed();
    void case11WrongSecretMakesNoLink();
    void case13CustomTypeMustBeAtTheProxy();
    void case14SkewIsWarnedAbout();
    void case16DefaultRedirectIsWrittenOut();
    void case21ShortFormIsOfferedForAnyOnly();
    void sameTextIsGivenAgainWhileItIsValid();
    void revokedLinkHasNoEnrollment();
    void lostEnrollmentIsMadeAgain();
    void linkOfAnotherTargetIsNotTouched();
    void cancelledCreationLeavesNothing();
    void unreachableProxyLeavesNothing();
    void noLinkIsKeptAnywhere();

private:
    LinkIssuer issuer() const
    {
        return LinkIssuer({ .client = m_fixture->client(),
            .store = m_fixture->store(),
            .secret = m_fixture->secret(),
            .clock = m_fixture->clock(),
            .targetId = m_fixture->targetId() });
    }

    IssuedLink create() const;
    LinkOrder order() const;

    std::unique_ptr<DevicesFixture> m_fixture;
};

void TstLinkIssuer::init()
{
    m_fixture = std::make_unique<DevicesFixture>();
}

void TstLinkIssuer::cleanup()
{
    m_fixture.reset();
}

LinkOrder TstLinkIssuer::order() const
{
    return { .targetId = m_fixture->targetId(),
        .users = { { .id = u"u-ann"_s, .name = u"Ann Roe"_s, .email = u"ann@corp.test"_s } },
        .host = u"app.corp.test"_s,
        .routeHosts = { u"app.corp.test"_s },
        .approvedBy = u"admin-1"_s,
        .creator = u"admin-1"_s };
}

IssuedLink TstLinkIssuer::create() const
{
    const auto issued = issuer().create(order(), {});
    [&] { QVERIFY2(issued.hasValue(), issued ? "" : qPrintable(issued.error().toText())); }();
    return issued ? issued->links.front() : IssuedLink {};
}

void TstLinkIssuer::case1LinkAndPendingEnrollment()
{
    const auto made = create();

    const auto records = m_fixture->proxy().records(recordtype::kEnrollment);
    QCOMPARE(records.size(), std::size_t(1));
    const auto enrollment = enrollmentData(records.front());
    QCOMPARE(enrollment->id, made.link.enrollmentId);
    QCOMPARE(enrollment->userId, u"u-ann"_s);
    QCOMPARE(enrollment->typeId, u"any"_s);
    QCOMPARE(enrollment->approvedBy, u"admin-1"_s);
    QVERIFY(!enrollment->enrolledAt);
    QVERIFY(enrollment->credentialId.isEmpty());
    const LinkVerifier proxy(DevicesFixture::key());
    const auto now = std::chrono::floor<std::chrono::seconds>(m_fixture->clock().nowUtc())
                         .time_since_epoch()
                         .count();
    QCOMPARE(proxy.url(made.url, now), UrlVerdict::Valid);
    const auto token = proxy.token(
        LinkVerifier::parameter(made.url, u"pomerium_enrollment_token"_s), now * 1000);
    QCOMPARE(token.verdict, TokenVerdict::Valid);
    QCOMPARE(token.enrollmentId, QUuid(made.link.enrollmentId));
    QCOMPARE(token.expiryMs,
        LinkVerifier::parameter(made.url, u"pomerium_expiry"_s).toLongLong() * 1000);
}

void TstLinkIssuer::case2TwoHundredUsersInTwoPuts()
{
    auto many = order();
    many.users.clear();
    for (int i = 200; i > 0; --i) {
        many.users.push_back({ .id = u"u-"_s + QString::number(i) });
    }

    const auto issued = issuer().create(many, {});

    QVERIFY2(issued.hasValue(), issued ? "" : qPrintable(issued.error().toText()));
    QSet<QString> ids;
    for (const auto& one : issued->links) {
        ids.insert(one.link.enrollmentId);
    }
    QCOMPARE(ids.size(), 200);
    QCOMPARE(m_fixture->proxy().records(recordtype::kEnrollment).size(), std::size_t(200));
    QVERIFY(m_fixture->proxy().count(u"Put"_s) <= 2);
    const auto lines = linksCsv(issued->links).trimmed().split('\n');
    QCOMPARE(lines.size(), 201);
    for (qsizetype i = 1; i < lines.size(); ++i) {
        QCOMPARE(
            lines.at(i).split(',').constFirst(), QByteArray("u-" + QByteArray::number(201 - i)));
    }
    QCOMPARE(
        m_fixture->store().deviceLinks().list(m_fixture->targetId())->size(), std::size_t(200));
}

void TstLinkIssuer::case3UserWhoHasNotSignedInIsNoted()
{
    m_fixture->proxy().write({ userRecord(u"u-bob"_s, u"Bob"_s, {}, {}) });
    auto both = order();
    both.users.push_back({ .id = u"u-bob"_s });

    const auto issued = issuer().create(both, {});

    QVERIFY(issued.hasValue());
    QVERIFY(!issued->links.at(0).knownToProxy);
    QVERIFY(issued->links.at(1).knownToProxy);
}

void TstLinkIssuer::case9RenewedLinkHasTheSameEnrollment()
{
    const auto made = create();
    m_fixture->advance(kDefaultValidity + 1h);
    QCOMPARE(issuer().url(made.link).error().code, ErrorCode::Stale);

    const auto renewed = issuer().renew(made.link.enrollmentId, 1h, u"admin-1"_s, {});

    QVERIFY2(renewed.hasValue(), renewed ? "" : qPrintable(renewed.error().toText()));
    QCOMPARE(renewed->link.enrollmentId, made.link.enrollmentId);
    const QString token = u"pomerium_enrollment_token"_s;
    QVERIFY(
        LinkVerifier::parameter(renewed->url, token) != LinkVerifier::parameter(made.url, token));
    const LinkVerifier proxy(DevicesFixture::key());
    const auto now = m_fixture->clock().nowUtc().time_since_epoch().count() / 1000;
    QCOMPARE(proxy.url(renewed->url, now), UrlVerdict::Valid);
    QCOMPARE(proxy.url(made.url, now), UrlVerdict::Expired);
    QCOMPARE(m_fixture->proxy().records(recordtype::kEnrollment).size(), std::size_t(1));
}

void TstLinkIssuer::case9UsedRevokedAndLostLinksAreNotRenewed()
{
    const auto used = create();
    m_fixture->proxy().write({ enrollmentRecord({ .enrollmentId = used.link.enrollmentId,
        .credentialId = u"C1"_s,
        .userId = u"u-ann"_s }) });
    const auto revoked = create();
    QVERIFY(issuer().revoke(revoked.link.enrollmentId, u"admin-1"_s, {}).hasValue());
    const auto lost = create();
    m_fixture->proxy().write({ tombstone(recordtype::kEnrollment, lost.link.enrollmentId) });
    const auto renew = [this](const IssuedLink& link) {
        return issuer().renew(link.link.enrollmentId, 1h, u"admin-1"_s, {}).error();
    };

    QCOMPARE(renew(used).code, ErrorCode::InvalidInput);
    QVERIFY(renew(used).what.english().contains(u"was used"));
    QVERIFY(renew(revoked).what.english().contains(u"was revoked"));
    QCOMPARE(renew(lost).code, ErrorCode::Stale);
    QVERIFY(!issuer().revoke(used.link.enrollmentId, u"admin-1"_s, {}).hasValue());
}

void TstLinkIssuer::case11WrongSecretMakesNoLink()
{
    const auto foreign
        = SharedSecret::fromBase64(u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh4="_s);
    const auto wrong = DatabrokerClient::open(
        m_fixture->proxy().endpoint(),
        [&foreign](UtcTime now) { return mintToken(*foreign, now + kTokenLife); },
        m_fixture->clock());
    LinkIssuer other({ .client = **wrong,
        .store = m_fixture->store(),
        .secret = m_fixture->secret(),
        .clock = m_fixture->clock(),
        .targetId = m_fixture->targetId() });

    const auto issued = other.create(order(), {});

    QVERIFY(!issued.hasValue());
    QCOMPARE(issued.error().code, ErrorCode::Auth);
    QVERIFY(m_fixture->store().deviceLinks().list(m_fixture->targetId())->empty());
}

void TstLinkIssuer::case13CustomTypeMustBeAtTheProxy()
{
    auto custom = order();
    custom.deviceType = u"corp_key"_s;
    const auto refused = issuer().create(custom, {});
    m_fixture->proxy().write({ typeRecord(u"corp_key"_s, u"Corporate key"_s) });

    const auto issued = issuer().create(custom, {});

    QCOMPARE(refused.error().field, u"device_type"_s);
    QVERIFY(issued.hasValue());
    QCOMPARE(LinkVerifier::parameter(issued->links.front().url, u"pomerium_device_type"_s),
        u"corp_key"_s);
}

void TstLinkIssuer::case14SkewIsWarnedAbout()
{
    QVERIFY(issuer().create(order(), {})->warnings.empty());
    m_fixture->setProxyAhead(-40s);
    const auto behind = issuer().create(order(), {});
    const UtcTime made = m_fixture->clock().nowUtc();
    m_fixture->setProxyAhead(40s);
    const auto ahead = issuer().create(order(), {});
    m_fixture->setProxyAhead(20s);
    const auto close = issuer().create(order(), {});

    QCOMPARE(behind->warnings.size(), std::size_t(1));
    QVERIFY(behind->warnings.front().english().contains(u"behind"));
    QCOMPARE(ahead->warnings.size(), std::size_t(1));
    QVERIFY(ahead->warnings.front().english().contains(u"ahead"));
    QVERIFY(close->warnings.empty());
    const auto& link = behind->links.front().link;
    QVERIFY(link.issuedAt <= made - 30s);
}

void TstLinkIssuer::case16DefaultRedirectIsWrittenOut()
{
    QCOMPARE(LinkVerifier::parameter(create().url, u"pomerium_redirect_uri"_s),
        u"https://app.corp.test/.pomerium/device-enrolled"_s);
}

void TstLinkIssuer::case21ShortFormIsOfferedForAnyOnly()
{
    const auto any = create();
    auto enclave = order();
    enclave.deviceType = u"enclave_only"_s;
    const auto other = issuer().create(enclave, {});

    const auto brief = issuer().shortUrl(any.link);

    QVERIFY(brief->startsWith(u"https://app.corp.test/.pomerium/?pomerium_enrollment_token="));
    QVERIFY(brief->size() < any.url.size());
    QCOMPARE(issuer().shortUrl(other->links.front().link).error().code, ErrorCode::InvalidInput);
}

void TstLinkIssuer::sameTextIsGivenAgainWhileItIsValid()
{
    const auto made = create();
    m_fixture->advance(kDefaultValidity - 1min);

    const auto stored = m_fixture->store().deviceLinks().byEnrollment(made.link.enrollmentId);

    QCOMPARE(*issuer().url(*stored), made.url);
    m_fixture->advance(1min);
    QCOMPARE(issuer().url(*stored).error().code, ErrorCode::Stale);
}

void TstLinkIssuer::revokedLinkHasNoEnrollment()
{
    const auto made = create();

    QVERIFY(issuer().revoke(made.link.enrollmentId, u"admin-1"_s, {}).hasValue());

    QVERIFY(m_fixture->proxy().records(recordtype::kEnrollment).empty());
    const auto stored = m_fixture->store().deviceLinks().byEnrollment(made.link.enrollmentId);
    QVERIFY(stored->revokedAt.has_value());
    QCOMPARE(issuer().url(*stored).error().code, ErrorCode::Stale);
}

void TstLinkIssuer::lostEnrollmentIsMadeAgain()
{
    const auto made = create();
    QCOMPARE(issuer().recreate(made.link.enrollmentId, 1h, u"admin-2"_s, {}).error().code,
        ErrorCode::InvalidInput);
    m_fixture->proxy().write({ tombstone(recordtype::kEnrollment, made.link.enrollmentId) });

    const auto again = issuer().recreate(made.link.enrollmentId, 1h, u"admin-2"_s, {});

    QVERIFY2(again.hasValue(), again ? "" : qPrintable(again.error().toText()));
    QCOMPARE(again->url, made.url); // what was handed out works again
    const auto enrollment
        = enrollmentData(m_fixture->proxy().records(recordtype::kEnrollment).front());
    QCOMPARE(enrollment->id, made.link.enrollmentId);
    QCOMPARE(enrollment->approvedBy, u"admin-2"_s);
    m_fixture->advance(kDefaultValidity);
    m_fixture->proxy().write({ tombstone(recordtype::kEnrollment, made.link.enrollmentId) });
    QVERIFY(issuer().recreate(made.link.enrollmentId, 1h, u"admin-2"_s, {})->url != made.url);
}

void TstLinkIssuer::linkOfAnotherTargetIsNotTouched()
{
    const auto made = create();
    const QString id = made.link.enrollmentId;
    m_fixture->proxy().write({ tombstone(recordtype::kEnrollment, id) });
    const auto name = m_fixture->store().targets().byId(m_fixture->targetId())->name;
    LinkIssuer other({ .client = m_fixture->client(),
        .store = m_fixture->store(),
        .secret = m_fixture->secret(),
        .clock = m_fixture->clock(),
        .targetId = u"another"_s });

    const std::vector<Error> refused { other.url(made.link).error(),
        other.shortUrl(made.link).error(), other.renew(id, 1h, u"admin-1"_s, {}).error(),
        other.recreate(id, 1h, u"admin-1"_s, {}).error(),
        other.revoke(id, u"admin-1"_s, {}).error() };

    for (const auto& error : refused) {
        QCOMPARE(error.code, ErrorCode::InvalidInput);
        QVERIFY2(error.remedy.english().contains(name), qPrintable(error.toText()));
    }
    QVERIFY(m_fixture->proxy().records(recordtype::kEnrollment).empty());
}

void TstLinkIssuer::cancelledCreationLeavesNothing()
{
    std::stop_source stop;
    stop.request_stop();

    const auto issued = issuer().create(order(), stop.get_token());

    QCOMPARE(issued.error().code, ErrorCode::Cancelled);
    QVERIFY(m_fixture->store().deviceLinks().list(m_fixture->targetId())->empty());
    QVERIFY(m_fixture->proxy().records(recordtype::kEnrollment).empty());
}

void TstLinkIssuer::unreachableProxyLeavesNothing()
{
    m_fixture->proxy().goAway();

    const auto issued = issuer().create(order(), {});

    QVERIFY(!issued.hasValue());
    QVERIFY(m_fixture->store().deviceLinks().list(m_fixture->targetId())->empty());
}

void TstLinkIssuer::noLinkIsKeptAnywhere()
{
    const auto made = create();
    QVERIFY(issuer().renew(made.link.enrollmentId, 1h, u"admin-1"_s, {}).hasValue());

    const QByteArray bytes = m_fixture->databaseBytes();

    QVERIFY(bytes.contains(made.link.enrollmentId.toUtf8())); // the search finds what is there
    for (const auto* name : { "pomerium_enrollment_token", "pomerium_signature" }) {
        const QString value = LinkVerifier::parameter(made.url, QString::fromLatin1(name));
        QVERIFY(!value.isEmpty());
        QVERIFY(!bytes.contains(value.toUtf8()));
        QVERIFY(!bytes.contains(name));
    }
    const auto entries = m_fixture->store().audit().list(1, 10); // after the target
    QCOMPARE(entries->front().event, u"device_link_created"_s);
    QCOMPARE(entries->front().actor, u"admin-1"_s);
    QCOMPARE(entries->at(1).event, u"device_link_renewed"_s);
}

static const bool kLinkIssuerRegistered = test::registerTestClass<TstLinkIssuer>("linkissuer");

} // namespace portreeve::devices

#include "tst_linkissuer.moc"
