// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "core/settings/datadirectory.h"
#include "core/store/database.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTcpSocket>
#include <QTest>

#include <future>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// What becomes of secrets when the database or the file that holds them refuses in between.
class TstCtlSecrets : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aDatabaseThatIsBusyKeepsConnectionAndSecret();
    void aDatabaseThatIsBusyKeepsTargetAndSecret();
    void aSecretThatCannotBePutBackIsNamed();
    void aSecretThatOutlivesItsConnectionIsNamed();
    void aSecretThatOutlivesItsTargetIsNamed();
    void secretsOfTheEnvironmentAreUsedAndNeverWritten();

private:
    CtlAnswer run(const QStringList& arguments) const;
    std::future<CtlAnswer> start(const QStringList& arguments) const;
    QByteArray secrets() const;
    bool closeSecrets(bool closed) const;

    CtlProcess m_ctl;
};

CtlAnswer TstCtlSecrets::run(const QStringList& arguments) const
{
    return m_ctl.run(QStringList { u"--json"_s } + arguments);
}

std::future<CtlAnswer> TstCtlSecrets::start(const QStringList& arguments) const
{
    return std::async(std::launch::async, [this, arguments] { return run(arguments); });
}

QByteArray TstCtlSecrets::secrets() const
{
    QFile file(m_ctl.file(u"secrets.json"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A file that others may read is refused, also where the tests run as root.
bool TstCtlSecrets::closeSecrets(bool closed) const
{
    const auto own = QFile::ReadOwner | QFile::WriteOwner;
    return QFile::setPermissions(
        m_ctl.file(u"secrets.json"_s), closed ? own | QFile::ReadGroup : own);
}

void TstCtlSecrets::initTestCase()
{
    const auto connection = run({ u"connection"_s, u"add"_s, u"Staff"_s, u"--provider"_s,
        u"keycloak"_s, u"--set"_s, u"url=https://sso.example.org"_s, u"--set"_s, u"realm=staff"_s,
        u"--set"_s, u"client_id=portreeve"_s, u"--secret"_s,
        u"client_secret=@"_s + m_ctl.write(u"token"_s, "planted-31c7") });
    QVERIFY2(connection.exitCode == 0, connection.err.constData());
    const auto target = run({ u"target"_s, u"add"_s, u"Office"_s, u"--secret"_s,
        u"shared_secret=@"_s + m_ctl.write(u"shared"_s, QByteArray(32, 's').toBase64()) });
    QVERIFY2(target.exitCode == 0, target.err.constData());
}

void TstCtlSecrets::aDatabaseThatIsBusyKeepsConnectionAndSecret()
{
    const QByteArray before = secrets();
    QVERIFY(before.contains("planted-31c7"));
    const auto door = Database::open({ .path = databasePath(m_ctl.file(u"data"_s)) });
    {
        const auto busy = Transaction::begin(**door);
        QVERIFY(busy);

        const auto removed = run({ u"connection"_s, u"remove"_s, u"Staff"_s, u"--yes"_s });

        QCOMPARE(removed.exitCode, 1);
        QCOMPARE(removed.error().value(u"code"_s).toString(), u"storage"_s);
        QVERIFY(!removed.error().value(u"remedy"_s).toString().isEmpty());
    }
    QCOMPARE(secrets(), before);
    const auto shown = run({ u"connection"_s, u"show"_s, u"Staff"_s });
    QCOMPARE(shown.json().value(u"secrets"_s).toObject().value(u"client_secret"_s).toString(),
        u"stored"_s);
}

void TstCtlSecrets::aDatabaseThatIsBusyKeepsTargetAndSecret()
{
    const QByteArray before = secrets();
    const auto door = Database::open({ .path = databasePath(m_ctl.file(u"data"_s)) });
    {
        const auto busy = Transaction::begin(**door);
        QVERIFY(busy);

        const auto removed = run({ u"target"_s, u"remove"_s, u"Office"_s, u"--yes"_s });

        QCOMPARE(removed.exitCode, 1);
        QCOMPARE(removed.error().value(u"code"_s).toString(), u"storage"_s);
    }
    QCOMPARE(secrets(), before);
}

// The edit waits for the database, with its new secret written; by then others may read the file.
void TstCtlSecrets::aSecretThatCannotBePutBackIsNamed()
{
    const QString token = m_ctl.write(u"token"_s, "planted-99d0");
    const auto door = Database::open({ .path = databasePath(m_ctl.file(u"data"_s)) });
    CtlAnswer edited;
    {
        const auto busy = Transaction::begin(**door);
        QVERIFY(busy);
        auto editing = start({ u"connection"_s, u"edit"_s, u"Staff"_s, u"--secret"_s,
            u"client_secret=@"_s + token });
        QTRY_VERIFY(secrets().contains("planted-99d0"));
        QVERIFY(closeSecrets(true));
        edited = editing.get();
        QVERIFY(closeSecrets(false));
    }

    QCOMPARE(edited.exitCode, 1);
    const auto error = edited.error();
    QVERIFY2(error.value(u"what"_s).toString().contains(u"client_secret"), edited.err.constData());
    QVERIFY(error.value(u"what"_s).toString().contains(u"Staff"));
    QVERIFY(!error.value(u"remedy"_s).toString().isEmpty());
    QVERIFY(!edited.err.contains("planted"));
    QVERIFY(secrets().contains("planted-99d0")); // as it said
}

void TstCtlSecrets::aSecretThatOutlivesItsConnectionIsNamed()
{
    const QString id
        = run({ u"connection"_s, u"show"_s, u"Staff"_s }).json().value(u"id"_s).toString();
    QVERIFY(!id.isEmpty());
    QVERIFY(closeSecrets(true));

    const auto removed = run({ u"connection"_s, u"remove"_s, u"Staff"_s, u"--yes"_s });

    QVERIFY(closeSecrets(false));
    QCOMPARE(removed.exitCode, 1);
    const auto error = removed.error();
    QVERIFY2(error.value(u"what"_s).toString().contains(u"is removed"), removed.err.constData());
    const QString entry = id + u"/client_secret"_s;
    QVERIFY(error.value(u"remedy"_s).toString().contains(entry));
    QVERIFY(run({ u"connection"_s, u"list"_s }).json().value(u"connections"_s).toArray().isEmpty());
}

void TstCtlSecrets::aSecretThatOutlivesItsTargetIsNamed()
{
    QVERIFY(closeSecrets(true));

    const auto removed = run({ u"target"_s, u"remove"_s, u"Office"_s, u"--yes"_s });

    QVERIFY(closeSecrets(false));
    QCOMPARE(removed.exitCode, 1);
    QVERIFY2(removed.error().value(u"what"_s).toString().contains(u"is removed"),
        removed.err.constData());
    QVERIFY(run({ u"target"_s, u"list"_s }).json().value(u"targets"_s).toArray().isEmpty());
}

void TstCtlSecrets::secretsOfTheEnvironmentAreUsedAndNeverWritten()
{
    const QByteArray bundle = writeBundle({ .users = { { .id = u"ann"_s } } })->bytes;
    LoopbackServer server([&](const QByteArray&, QTcpSocket& socket) {
        socket.write(LoopbackServer::answer(200, bundle));
    });
    const QByteArray before = secrets();
    const QStringList env { u"--secrets"_s, u"env"_s };
    const QStringList add { u"connection"_s, u"add"_s, u"Web files"_s, u"--provider"_s, u"blob"_s,
        u"--set"_s, u"source="_s + server.url(u"/bundle.zip"_s).toString(), u"--set"_s,
        u"header_name=X-Key"_s };

    const auto refused = run(env + add
        + QStringList {
            u"--secret"_s, u"header_value=@"_s + m_ctl.write(u"token"_s, "planted-5e11") });
    qputenv("PORTREEVE_SECRET_WEB_FILES_HEADER_VALUE", "planted-77aa");
    const auto added = run(env + add);
    auto syncing = start(env + QStringList { u"sync"_s, u"Web files"_s });
    QTRY_VERIFY(syncing.wait_for(std::chrono::seconds(0)) == std::future_status::ready);
    qunsetenv("PORTREEVE_SECRET_WEB_FILES_HEADER_VALUE");

    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(
        refused.err.contains("PORTREEVE_SECRET_WEB_FILES_HEADER_VALUE"), refused.err.constData());
    QVERIFY2(added.exitCode == 0, added.err.constData());
    const auto synced = syncing.get();
    QVERIFY2(synced.exitCode == 0, synced.err.constData());
    QVERIFY(server.heads().back().contains("X-Key: planted-77aa"));
    QCOMPARE(secrets(), before);
    QVERIFY(!m_ctl.databaseBytes().contains("planted"));
    QVERIFY(!QByteArray(added.out + synced.out + synced.err).contains("planted"));
}

static const bool kCtlSecretsRegistered = registerTestClass<TstCtlSecrets>("ctlsecrets");

} // namespace portreeve::test

#include "tst_ctlsecrets.moc"
