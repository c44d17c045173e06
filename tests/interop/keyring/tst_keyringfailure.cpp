// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/keychainsecretstore.h"
#include "tests/interop/keyring/keyringsession.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>

#include <functional>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// The keychain store where no keychain can be used; session.sh names the state.
class TstKeyringFailure : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyCallNamesTheStateWithinSeconds_data();
    void everyCallNamesTheStateWithinSeconds();
    void aSecretThatWasNotTakenIsWrittenNowhere();

private:
    bool lockKeyring();

    QString m_what;
    QString m_remedy;
};

namespace {
using Call = std::function<std::optional<Error>(SecretStore&)>;

const SecretName kStored { .connectionId = u"8a1c7f30-8f4b-4d7b-9d53-3a1f0f1f7a11"_s,
    .field = u"client_secret"_s };
const SecretName kNew { .connectionId = u"8a1c7f30-8f4b-4d7b-9d53-3a1f0f1f7a12"_s,
    .field = u"client_secret"_s };
const auto kSecret = u"n3ver-in-plain-text"_s;

template <typename T> std::optional<Error> errorOf(const Result<T>& result)
{
    return result ? std::nullopt : std::optional(result.error());
}

QStringList filesHolding(const QString& folder, const QByteArray& text)
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text)) {
            found.append(file.fileName());
        }
    }
    return found;
}
} // namespace

void TstKeyringFailure::initTestCase()
{
    PORTREEVE_NEED_KEYRING();
    QVERIFY(keyringState() != u"ready");
    if (keyringState() == u"locked") {
        m_what = u"The system keychain is locked."_s;
        m_remedy = u"Unlock it"_s;
        QVERIFY(lockKeyring());
        return;
    }
    m_what = u"No system keychain answers."_s;
    m_remedy = u"choose another place for secrets"_s;
}

/// With one secret in it, so that reading has something to be refused.
bool TstKeyringFailure::lockKeyring()
{
    constexpr int limitMs = 10'000;
    if (!KeychainSecretStore().write(kStored, kSecret)) {
        return false;
    }
    QProcess lock;
    lock.start(u"dbus-send"_s,
        { u"--session"_s, u"--print-reply"_s, u"--dest=org.freedesktop.secrets"_s,
            u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service.Lock"_s,
            u"array:objpath:/org/freedesktop/secrets/collection/login"_s });
    return lock.waitForFinished(limitMs) && lock.exitCode() == 0;
}

void TstKeyringFailure::everyCallNamesTheStateWithinSeconds_data()
{
    QTest::addColumn<Call>("call");

    QTest::addRow("probe") << Call([](SecretStore& store) { return errorOf(store.probe()); });
    QTest::addRow("write") << Call(
        [](SecretStore& store) { return errorOf(store.write(kNew, kSecret)); });
    QTest::addRow("overwrite") << Call(
        [](SecretStore& store) { return errorOf(store.write(kStored, kSecret)); });
    QTest::addRow("read") << Call([](SecretStore& store) { return errorOf(store.read(kStored)); });
    QTest::addRow("remove") << Call(
        [](SecretStore& store) { return errorOf(store.remove(kStored)); });
}

void TstKeyringFailure::everyCallNamesTheStateWithinSeconds()
{
    constexpr int limitMs = 15'000; // two seconds of them are our own wait for a late keychain
    QFETCH(const Call, call);
    KeychainSecretStore store;
    QElapsedTimer timer;
    timer.start();

    const auto error = call(store);

    QVERIFY(error);
    QVERIFY2(timer.elapsed() < limitMs, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(error->code, ErrorCode::SecretStore);
    QCOMPARE(error->what.english(), m_what);
    QVERIFY2(error->remedy.english().contains(m_remedy), qPrintable(error->remedy.english()));
    QVERIFY2(error->detail.startsWith(u"keychain error "), qPrintable(error->detail));
    QVERIFY(!error->toText().contains(kSecret));
}

void TstKeyringFailure::aSecretThatWasNotTakenIsWrittenNowhere()
{
    KeychainSecretStore store;

    QVERIFY(!store.write(kNew, kSecret));

    QVERIFY(!store.read(kNew).valueOr(std::nullopt).has_value());
    QCOMPARE(filesHolding(QDir::homePath(), kSecret.toUtf8()), QStringList());
    QCOMPARE(
        filesHolding(qEnvironmentVariable("XDG_RUNTIME_DIR"), kSecret.toUtf8()), QStringList());
}

static const bool kKeyringFailureRegistered
    = registerTestClass<TstKeyringFailure>("keyringfailure");

} // namespace portreeve::test

#include "tst_keyringfailure.moc"
