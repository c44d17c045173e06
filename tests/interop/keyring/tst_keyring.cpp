// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/keychainsecretstore.h"
#include "tests/interop/keyring/keyringsession.h"
#include "tests/support/testregistry.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// The keychain store over an unlocked GNOME Keyring.
class TstKeyring : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void secretsComeBackAsTheyWere_data();
    void secretsComeBackAsTheyWere();
    void anotherStoreOfTheProcessReadsTheSame();
    void writingAgainReplaces();
    void removedSecretsAreGone();
    void connectionsAndFieldsAreKeptApart();
    void aProbeSucceedsAndLeavesNothingBehind();
};

namespace {
const SecretName kName { .connectionId = u"8a1c7f30-8f4b-4d7b-9d53-3a1f0f1f7a11"_s,
    .field = u"client_secret"_s };

QString randomLooking(qsizetype length)
{
    QString text;
    text.reserve(length);
    for (quint32 state = 1; text.size() < length;) {
        state = state * 1'664'525U + 1'013'904'223U;
        text += QChar(static_cast<char16_t>(u'!' + (state >> 24U) % ('~' - '!')));
    }
    return text;
}
} // namespace

void TstKeyring::initTestCase()
{
    PORTREEVE_NEED_KEYRING();
    QCOMPARE(keyringState(), u"ready"_s);
}

void TstKeyring::secretsComeBackAsTheyWere_data()
{
    QTest::addColumn<QString>("secret");

    QTest::addRow("16 bytes") << randomLooking(16);
    QTest::addRow("4 KB") << randomLooking(4 * 1024);
    QTest::addRow("64 KB") << randomLooking(64 * 1024);
    QTest::addRow("1 MB") << randomLooking(1024 * 1024);
    QTest::addRow("many scripts") << u"pässwörd 東京 \U0001F511 \"quoted\" \\ 100%"_s;
    QTest::addRow("a key in PEM") << u"-----BEGIN KEY-----\nMIIE\n-----END KEY-----\n"_s;
    QTest::addRow("spaces around") << u"  both ends  "_s;
}

void TstKeyring::secretsComeBackAsTheyWere()
{
    QFETCH(const QString, secret);
    KeychainSecretStore store;

    const auto written = store.write(kName, secret);
    QVERIFY2(written, qPrintable(written ? QString() : written.error().toText()));

    const auto read = store.read(kName);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().toText()));
    QVERIFY(read->has_value());
    QVERIFY(**read == secret); // QCOMPARE would print a megabyte
}

void TstKeyring::anotherStoreOfTheProcessReadsTheSame()
{
    QVERIFY(KeychainSecretStore().write(kName, u"first"_s));

    QCOMPARE(KeychainSecretStore().read(kName).value(), std::optional(u"first"_s));
}

void TstKeyring::writingAgainReplaces()
{
    KeychainSecretStore store;
    QVERIFY(store.write(kName, randomLooking(64 * 1024)));

    QVERIFY(store.write(kName, u"short"_s));

    QCOMPARE(store.read(kName).value(), std::optional(u"short"_s));
}

void TstKeyring::removedSecretsAreGone()
{
    KeychainSecretStore store;
    QVERIFY(store.write(kName, u"to be removed"_s));

    QVERIFY(store.remove(kName));

    QCOMPARE(store.read(kName).value(), std::optional<QString>());
    QVERIFY(store.remove(kName)); // nothing there is no error
    QVERIFY(store.write(kName, u"back"_s));
    QCOMPARE(store.read(kName).value(), std::optional(u"back"_s));
}

void TstKeyring::connectionsAndFieldsAreKeptApart()
{
    KeychainSecretStore store;
    auto otherField = kName;
    otherField.field = u"api_token"_s;
    auto otherConnection = kName;
    otherConnection.connectionId = u"8a1c7f30-8f4b-4d7b-9d53-3a1f0f1f7a12"_s;
    QVERIFY(store.write(kName, u"one"_s));
    QVERIFY(store.write(otherField, u"two"_s));
    QVERIFY(store.write(otherConnection, u"three"_s));

    QVERIFY(store.remove(otherField));

    QCOMPARE(store.read(kName).value(), std::optional(u"one"_s));
    QCOMPARE(store.read(otherField).value(), std::optional<QString>());
    QCOMPARE(store.read(otherConnection).value(), std::optional(u"three"_s));
}

void TstKeyring::aProbeSucceedsAndLeavesNothingBehind()
{
    KeychainSecretStore store;

    const auto probed = store.probe();

    QVERIFY2(probed, qPrintable(probed ? QString() : probed.error().toText()));
    const SecretName probe { .connectionId = u"probe"_s, .field = u"probe"_s };
    QCOMPARE(store.read(probe).value(), std::optional<QString>());
}

static const bool kKeyringRegistered = registerTestClass<TstKeyring>("keyring");

} // namespace portreeve::test

#include "tst_keyring.moc"
