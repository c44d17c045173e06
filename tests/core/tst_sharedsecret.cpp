// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/sharedsecret.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstSharedSecret : public QObject
{
    Q_OBJECT

private slots:
    void aTokenIsTheOneTheProxyAccepts();
    void fractionsOfASecondAreLeftOut();
    void onlyThirtyTwoBytesAreASecret_data();
    void onlyThirtyTwoBytesAreASecret();
};

namespace {
// The vector of proxy.md 3.2, made with the proxy's own code.
const QString kSecret = u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="_s;
constexpr auto kToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3NjcyMjU2MDB9."
                        "en0peWbZvrsRL_zxiCJlHWlztvfDKqnrfC7XQPNT0Ns";
} // namespace

void TstSharedSecret::aTokenIsTheOneTheProxyAccepts()
{
    const auto secret = SharedSecret::fromBase64(kSecret + u'\n');
    QVERIFY(secret);

    const QByteArray token = mintToken(*secret, UtcTime(std::chrono::seconds(1'767'225'600)));

    QCOMPARE(token, QByteArray(kToken));
}

void TstSharedSecret::fractionsOfASecondAreLeftOut()
{
    const auto secret = SharedSecret::fromBase64(kSecret);
    QVERIFY(secret);

    const QByteArray token
        = mintToken(*secret, UtcTime(std::chrono::milliseconds(1'767'225'600'999)));

    QCOMPARE(token, QByteArray(kToken));
}

void TstSharedSecret::onlyThirtyTwoBytesAreASecret_data()
{
    QTest::addColumn<QString>("text");
    QTest::addRow("empty") << QString();
    QTest::addRow("31 bytes") << u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg=="_s;
    QTest::addRow("33 bytes") << u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"_s;
    QTest::addRow("no base64") << u"this is not base64 at all, but long enough!!"_s;
    QTest::addRow("url alphabet") << u"__________________________________________8="_s;
}

void TstSharedSecret::onlyThirtyTwoBytesAreASecret()
{
    QFETCH(QString, text);

    const auto secret = SharedSecret::fromBase64(text);

    QVERIFY(!secret);
    QCOMPARE(secret.error().code, ErrorCode::InvalidInput);
    QCOMPARE(secret.error().field, u"shared_secret"_s);
    QVERIFY(!secret.error().remedy.isEmpty());
    QVERIFY(text.isEmpty() || !secret.error().toText().contains(text));
}

static const bool kSharedSecretRegistered
    = test::registerTestClass<TstSharedSecret>("sharedsecret");

} // namespace portreeve

#include "tst_sharedsecret.moc"
