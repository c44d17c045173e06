// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/environmentsecretstore.h"
#include "core/settings/filesecretstore.h"
#include "core/settings/memorysecretstore.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
const SecretName kName { .connectionId = u"4711"_s,
    .connectionName = u"Main directory (Zürich)"_s,
    .field = u"client_secret"_s };

constexpr auto kOwnerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser
    | QFileDevice::WriteUser;
} // namespace

class TstSecretStores : public QObject
{
    Q_OBJECT

private slots:
    void secretsAreReadBack_data();
    void secretsAreReadBack();
    void theFileIsForItsOwnerOnly();
    void aFileOthersMayReadIsRefused();
    void aForeignFileIsNotOverwritten();
    void aFolderThatIsMissingIsNamed();
    void twoWritersLoseNothing();
    void environmentVariablesAreFoundByName();
    void environmentVariablesAreNotWritten();
    void placesForSecretsAreParsed();
};

void TstSecretStores::secretsAreReadBack_data()
{
    QTest::addColumn<bool>("inFile");
    QTest::addRow("file") << true;
    QTest::addRow("memory") << false;
}

void TstSecretStores::secretsAreReadBack()
{
    QFETCH(bool, inFile);
    const QTemporaryDir folder;
    std::unique_ptr<SecretStore> store = std::make_unique<MemorySecretStore>();
    if (inFile) {
        store = std::make_unique<FileSecretStore>(folder.filePath(u"secrets.json"_s));
    }
    const QString large = QString(1024 * 1024, u'ü');
    QVERIFY(store->read(kName).valueOr(u"?"_s) == std::nullopt);

    QVERIFY(store->write(kName, u"first"_s).hasValue());
    QVERIFY(store->write(kName, large).hasValue());
    QCOMPARE(store->read(kName).valueOr({}).value_or(QString()), large);
    QVERIFY(store->probe().hasValue());
    QVERIFY(store->remove(kName).hasValue());
    QVERIFY(store->remove(kName).hasValue());

    QVERIFY(store->read(kName).valueOr(u"?"_s) == std::nullopt);
}

void TstSecretStores::theFileIsForItsOwnerOnly()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"secrets.json"_s);
    FileSecretStore store(path);

    QVERIFY(store.write(kName, u"planted"_s).hasValue());

    QCOMPARE(QFileInfo(path).permissions(), QFileDevice::Permissions(kOwnerOnly));
    QVERIFY(!store.displayName().contains(u"planted"_s));
}

void TstSecretStores::aFileOthersMayReadIsRefused()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"secrets.json"_s);
    FileSecretStore store(path);
    QVERIFY(store.write(kName, u"planted"_s).hasValue());
    QVERIFY(QFile::setPermissions(path, kOwnerOnly | QFileDevice::ReadGroup));

    const auto read = store.read(kName);
    const auto written = store.write(kName, u"new"_s);

    QVERIFY(!read && !written);
    QCOMPARE(read.error().code, ErrorCode::SecretStore);
    QVERIFY(read.error().remedy.english().contains(u"chmod 600"_s));
    QVERIFY(!read.error().toText().contains(u"planted"_s));
}

void TstSecretStores::aForeignFileIsNotOverwritten()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"letter.txt"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Dear Sir") > 0);
    file.close();
    QVERIFY(file.setPermissions(kOwnerOnly));
    FileSecretStore store(path);

    const auto written = store.write(kName, u"new"_s);

    QVERIFY(!written);
    QVERIFY(written.error().what.english().contains(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "Dear Sir");
}

void TstSecretStores::aFolderThatIsMissingIsNamed()
{
    const QTemporaryDir folder;
    FileSecretStore store(folder.filePath(u"none/secrets.json"_s));

    const auto written = store.write(kName, u"new"_s);

    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::SecretStore);
    QVERIFY(written.error().remedy.english().contains(u"folder exists"_s));
}

void TstSecretStores::twoWritersLoseNothing()
{
    constexpr int each = 20;
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"secrets.json"_s);
    const auto writeAll = [&](const QString& connection) {
        FileSecretStore store(path);
        for (int i = 0; i < each; ++i) {
            const SecretName name { .connectionId = connection, .field = QString::number(i) };
            if (!store.write(name, u"value"_s)) {
                return;
            }
        }
    };

    std::thread other([&] { writeAll(u"a"_s); });
    writeAll(u"b"_s);
    other.join();

    FileSecretStore store(path);
    for (const auto& connection : { u"a"_s, u"b"_s }) {
        for (int i = 0; i < each; ++i) {
            const SecretName name { .connectionId = connection, .field = QString::number(i) };
            QCOMPARE(store.read(name).valueOr({}).value_or(QString()), u"value"_s);
        }
    }
}

void TstSecretStores::environmentVariablesAreFoundByName()
{
    QProcessEnvironment environment;
    environment.insert(u"PORTREEVE_SECRET_MAIN_DIRECTORY__Z_RICH__CLIENT_SECRET"_s, u"value"_s);
    EnvironmentSecretStore store(environment);

    QCOMPARE(store.read(kName).valueOr({}).value_or(QString()), u"value"_s);
    QVERIFY(store.read({ .connectionName = u"other"_s, .field = u"x"_s }).valueOr(u"?"_s)
        == std::nullopt);
}

void TstSecretStores::environmentVariablesAreNotWritten()
{
    EnvironmentSecretStore store { QProcessEnvironment() };

    const auto written = store.write(kName, u"planted"_s);

    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::SecretStore);
    QVERIFY(written.error().remedy.english().contains(
        u"PORTREEVE_SECRET_MAIN_DIRECTORY__Z_RICH__CLIENT_SECRET"_s));
    QVERIFY(!written.error().toText().contains(u"planted"_s));
    QVERIFY(store.remove(kName).hasValue());
}

void TstSecretStores::placesForSecretsAreParsed()
{
    QCOMPARE((*makeSecretStore(u"keychain"_s))->displayName(), u"System keychain"_s);
    QCOMPARE(
        (*makeSecretStore(u"file:/tmp/secrets.json"_s))->displayName(), u"File secrets.json"_s);
    QCOMPARE((*makeSecretStore(u"env"_s))->displayName(), u"Environment variables"_s);
    for (const auto& wrong : { u""_s, u"file:"_s, u"memory"_s, u"Keychain"_s }) {
        const auto store = makeSecretStore(wrong);
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::InvalidInput);
    }
}

static const bool kSecretStoresRegistered
    = test::registerTestClass<TstSecretStores>("secretstores");

} // namespace portreeve

#include "tst_secretstores.moc"
