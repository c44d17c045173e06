// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/base58.h"
#include "core/devices/enrollmentlink.h"
#include "core/devices/formescape.h"
#include "core/proxy/sharedsecret.h"
#include "tests/support/linkverifier.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

using test::LinkVerifier;
using test::TokenVerdict;
using test::UrlVerdict;

/// The vectors of devices.md 3.6, rows numbered as there.
class TstEnrollmentLink : public QObject
{
    Q_OBJECT

private slots:
    void tokenIsTheReference();
    void linkIsTheReference();
    void formEscapingIsTheReference();
    void sameFieldsGiveTheSameLink();
    void row1LinkIsValidWithinTheLeeway_data();
    void row1LinkIsValidWithinTheLeeway();
    void row2IssuedInTheFutureIsRejected();
    void row3ExpiredIsRejected();
    void row4AnotherPortBreaksTheSignature();
    void row5OrderAndKindOfSpaceDoNotMatter_data();
    void row5OrderAndKindOfSpaceDoNotMatter();
    void row6AnotherTypeBreaksTheSignature();
    void row7SignatureWithoutPaddingIsRejected();
    void row8ChangedTokenIsRejected();
    void row9ExpiryInSecondsIsLongPast();
    void row10LeadingZeroByteIsAOne();
    void row11TokenHasNoLeeway();
    void anotherSecretSignsAnotherLink();
    void shortFormCarriesTokenAndRedirect();
    void shortFormIsForAnyOnly();
    void base58IsReadBackAndRefusesForeignLetters();

private:
    static QString link() { return *signedLink(secret(), fields()); }

    static SharedSecret secret();
    static LinkFields fields();
    static QByteArray key();
};

namespace {
constexpr qint64 kIssued = 1767139200;
constexpr qint64 kExpiry = 1767225600;
const QString kToken
    = u"2i2k2Etq6PvbumKLL48hcsfFA46DUf8yNcHhmypqCC27wmsLRXcFYECt9yLhyg1GuarEtoHHdzHZr"_s;
const QString kLink
    = u"https://app.corp.test/.pomerium/webauthn?pomerium_device_type=enclave_only&pomerium_enrollment_token=2i2k2Etq6PvbumKLL48hcsfFA46DUf8yNcHhmypqCC27wmsLRXcFYECt9yLhyg1GuarEtoHHdzHZr&pomerium_expiry=1767225600&pomerium_issued=1767139200&pomerium_redirect_uri=https%3A%2F%2Fapp.corp.test%2Fwelcome+page%3Fx%3D1%26y%3D%C3%A9&pomerium_signature=NuRFcjBNVNTqZBFwQ2BBDp0XJDR8BN0yjjjRfCjUG4A%3D"_s;

UtcTime atSecond(qint64 seconds)
{
    return UtcTime(std::chrono::seconds(seconds));
}
} // namespace

QByteArray TstEnrollmentLink::key()
{
    QByteArray bytes;
    for (char byte = 0; byte < 32; ++byte) {
        bytes += byte;
    }
    return bytes;
}

SharedSecret TstEnrollmentLink::secret()
{
    return *SharedSecret::fromBase64(u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="_s);
}

LinkFields TstEnrollmentLink::fields()
{
    return { .enrollmentId = QUuid(u"3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f"_s),
        .host = u"app.corp.test"_s,
        .deviceType = u"enclave_only"_s,
        .redirect = u"https://app.corp.test/welcome page?x=1&y=é"_s,
        .issuedAt = atSecond(kIssued),
        .expiresAt = atSecond(kExpiry) };
}

void TstEnrollmentLink::tokenIsTheReference()
{
    const auto token = enrollmentToken(secret(), fields().enrollmentId, fields().expiresAt);

    QVERIFY(token.hasValue());
    QCOMPARE(*token, kToken);
    QCOMPARE(fromBase58(*token)->toHex(),
        QByteArray(
            "3f0c2d649c1e4b7a8f526a1b2c3d4e5f0000019b76daa800fa792534e3c66f03047c8fc25b7711dd"
            "0ae174908c74c4aa221a9a9b6a7f34d9"));
}

void TstEnrollmentLink::linkIsTheReference()
{
    QCOMPARE(link(), kLink);
}

void TstEnrollmentLink::formEscapingIsTheReference()
{
    QCOMPARE(formEscape(u" ~-_.!*'()+/é%\"<>#&=:,;@[]|\\^`{}$?"_s),
        u"+~-_.%21%2A%27%28%29%2B%2F%C3%A9%25%22%3C%3E%23%26%3D%3A%2C%3B%40%5B%5D%7C%5C%5E%60%7B%7D%24%3F"_s);
}

void TstEnrollmentLink::sameFieldsGiveTheSameLink()
{
    auto laterInTheSecond = fields();
    laterInTheSecond.issuedAt += std::chrono::milliseconds(999);
    laterInTheSecond.expiresAt += std::chrono::milliseconds(999);

    QCOMPARE(*signedLink(secret(), laterInTheSecond), link());
}

void TstEnrollmentLink::row1LinkIsValidWithinTheLeeway_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addRow("59 s before it was issued") << qint64(1767139141);
    QTest::addRow("at once") << kIssued;
    QTest::addRow("59 s after its end") << qint64(1767225659);
}

void TstEnrollmentLink::row1LinkIsValidWithinTheLeeway()
{
    QFETCH(qint64, now);

    QCOMPARE(LinkVerifier(key()).url(link(), now), UrlVerdict::Valid);
}

void TstEnrollmentLink::row2IssuedInTheFutureIsRejected()
{
    QCOMPARE(LinkVerifier(key()).url(link(), 1767139139), UrlVerdict::IssuedInFuture);
}

void TstEnrollmentLink::row3ExpiredIsRejected()
{
    QCOMPARE(LinkVerifier(key()).url(link(), 1767225661), UrlVerdict::Expired);
}

void TstEnrollmentLink::row4AnotherPortBreaksTheSignature()
{
    const QString moved
        = link().replace(u"app.corp.test/.pomerium"_s, u"app.corp.test:8443/.pomerium"_s);

    QCOMPARE(LinkVerifier(key()).url(moved, kIssued), UrlVerdict::BadSignature);
    auto withPort = fields();
    withPort.host += u":8443"_s;
    QCOMPARE(LinkVerifier(key()).url(*signedLink(secret(), withPort), kIssued), UrlVerdict::Valid);
}

void TstEnrollmentLink::row5OrderAndKindOfSpaceDoNotMatter_data()
{
    QTest::addColumn<QString>("text");
    const qsizetype question = kLink.indexOf(u'?') + 1;
    auto parameters = kLink.mid(question).split(u'&');
    std::reverse(parameters.begin(), parameters.end());
    QTest::addRow("reversed") << kLink.left(question) + parameters.join(u'&');
    QTest::addRow("%%20 for +") << QString(kLink).replace(u'+', u"%20"_s);
}

void TstEnrollmentLink::row5OrderAndKindOfSpaceDoNotMatter()
{
    QFETCH(QString, text);

    QVERIFY(text != link());
    QCOMPARE(LinkVerifier(key()).url(text, kIssued), UrlVerdict::Valid);
}

void TstEnrollmentLink::row6AnotherTypeBreaksTheSignature()
{
    const QString changed = link().replace(u"enclave_only"_s, u"any"_s);

    QCOMPARE(LinkVerifier(key()).url(changed, kIssued), UrlVerdict::BadSignature);
}

void TstEnrollmentLink::row7SignatureWithoutPaddingIsRejected()
{
    QString cut = link();
    QVERIFY(cut.endsWith(u"%3D"));
    cut.chop(3);

    QCOMPARE(LinkVerifier(key()).url(cut, kIssued), UrlVerdict::BadSignature);
}

void TstEnrollmentLink::row8ChangedTokenIsRejected()
{
    QString token = kToken;
    token[40] = token.at(40) == u'A' ? u'B' : u'A';
    const QString changed = link().replace(kToken, token);

    QCOMPARE(LinkVerifier(key()).url(changed, kIssued), UrlVerdict::BadSignature);
    QCOMPARE(LinkVerifier(key()).token(token, kIssued * 1000).verdict, TokenVerdict::BadSignature);
}

void TstEnrollmentLink::row9ExpiryInSecondsIsLongPast()
{
    // What a writer of seconds into the field of milliseconds would have signed.
    const auto token = enrollmentToken(
        secret(), fields().enrollmentId, UtcTime(std::chrono::milliseconds(kExpiry)));

    const auto verified = LinkVerifier(key()).token(*token, kIssued * 1000);
    QCOMPARE(verified.verdict, TokenVerdict::Expired);
    QVERIFY(verified.expiryMs < qint64(1000) * 3600 * 24 * 365);
}

void TstEnrollmentLink::row10LeadingZeroByteIsAOne()
{
    const auto token = enrollmentToken(
        secret(), QUuid(u"000c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f"_s), fields().expiresAt);

    QVERIFY(token->startsWith(u'1'));
    QCOMPARE(test::decodeBase58(*token)->size(), 56);
    QCOMPARE(LinkVerifier(key()).token(*token, kIssued * 1000).verdict, TokenVerdict::Valid);
}

void TstEnrollmentLink::row11TokenHasNoLeeway()
{
    const LinkVerifier proxy(key());

    QCOMPARE(proxy.url(link(), 1767225630), UrlVerdict::Valid);
    QCOMPARE(proxy.token(kToken, 1767225630000).verdict, TokenVerdict::Expired);
    QCOMPARE(proxy.token(kToken, kExpiry * 1000).verdict, TokenVerdict::Valid);
    QCOMPARE(proxy.token(kToken, kExpiry * 1000).enrollmentId, fields().enrollmentId);
}

void TstEnrollmentLink::anotherSecretSignsAnotherLink()
{
    const auto other = SharedSecret::fromBase64(u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh4="_s);

    const auto foreign = signedLink(*other, fields());

    QCOMPARE(LinkVerifier(key()).url(*foreign, kIssued), UrlVerdict::BadSignature);
}

void TstEnrollmentLink::shortFormCarriesTokenAndRedirect()
{
    auto any = fields();
    any.deviceType = u"any"_s;

    const auto text = shortLink(secret(), any);

    QCOMPARE(*text,
        u"https://app.corp.test/.pomerium/?pomerium_enrollment_token="_s + kToken
            + u"&pomerium_redirect_uri=https%3A%2F%2Fapp.corp.test%2Fwelcome+page%3Fx%3D1%26y%3D%C3%A9"_s);
}

void TstEnrollmentLink::shortFormIsForAnyOnly()
{
    const auto text = shortLink(secret(), fields());

    QVERIFY(!text.hasValue());
    QCOMPARE(text.error().field, u"device_type"_s);
}

void TstEnrollmentLink::base58IsReadBackAndRefusesForeignLetters()
{
    const QByteArray bytes = QByteArray::fromHex("0000ff00017f80");

    QCOMPARE(fromBase58(toBase58(bytes)), bytes);
    QCOMPARE(test::decodeBase58(toBase58(bytes)), bytes);
    QCOMPARE(toBase58({}), QString());
    QVERIFY(!fromBase58(u"1O0Il"_s));
    QVERIFY(!fromBase58(u"2i2k é"_s));
}

static const bool kEnrollmentLinkRegistered
    = test::registerTestClass<TstEnrollmentLink>("enrollmentlink");

} // namespace portreeve::devices

#include "tst_enrollmentlink.moc"
