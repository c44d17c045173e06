// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/registry.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// A connection carried to another one through a file, and one whose password is wrong.
class TstCtlConnections : public QObject
{
    Q_OBJECT

private slots:
    void optionsRoundTripThroughAFile_data();
    void optionsRoundTripThroughAFile();
    void whatStandsBesideTheFileWins();
    void aFileThatIsNoConnectionIsRefused_data();
    void aFileThatIsNoConnectionIsRefused();
    void aWrongPasswordEndsWithFive();

private:
    CtlProcess m_ctl;
};

void TstCtlConnections::optionsRoundTripThroughAFile_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("secret");
    const QHash<QString, std::pair<QStringList, QString>> known {
        { u"blob"_s,
            { { u"source=https://files.example.org/bundle.zip"_s, u"header_name=Authorization"_s },
                u"header_value"_s } },
        { u"keycloak"_s,
            { { u"url=https://sso.example.org"_s, u"realm=staff"_s, u"client_id=portreeve"_s,
                  u"group_name_source=name"_s, u"page_size=200"_s },
                u"client_secret"_s } },
        { u"ldap"_s,
            { { u"urls=ldaps://a.example.org,ldaps://b.example.org"_s, u"security=ldaps"_s,
                  u"bind_dn=cn=reader,dc=example,dc=org"_s,
                  u"user_base=ou=people,dc=example,dc=org"_s,
                  u"group_base=ou=groups,dc=example,dc=org"_s,
                  u"user_filter=(&(objectClass=person)(mail=*))"_s },
                u"bind_password"_s } },
        { u"sample"_s, { { u"users=40"_s, u"seed=7"_s, u"churn=2"_s }, {} } },
    };
    for (const auto& connector : connectorRegistry()) {
        // A provider that nobody entered above fails: it has no options.
        const auto [options, secret] = known.value(connector.id);
        QTest::addRow("%s", qPrintable(connector.id)) << options << secret;
    }
}

void TstCtlConnections::optionsRoundTripThroughAFile()
{
    QFETCH(QStringList, options);
    QFETCH(QString, secret);
    QVERIFY(!options.isEmpty());
    const QString provider = QString::fromLatin1(QTest::currentDataTag());
    const QStringList words { u"--json"_s, u"connection"_s };
    const QStringList token = secret.isEmpty()
        ? QStringList()
        : QStringList { u"--secret"_s,
              secret + u"=@"_s + m_ctl.write(u"secret"_s, "planted-7ab2") };
    QStringList add { u"add"_s, provider, u"--provider"_s, provider, u"--limit"_s,
        u"user_percent=7"_s, u"--limit"_s, u"single_group_minimum=25"_s, u"--rule"_s,
        u"group_filter=Eng*,Ops"_s, u"--rule"_s, u"require_email=true"_s, u"--rule"_s,
        u"tombstone_retention=60d"_s, u"--rule"_s, u"record_id=email"_s, u"--min-delay"_s, u"15m"_s,
        u"--max-delay"_s, u"2h"_s, u"--stall-timeout"_s, u"20m"_s, u"--recheck-delay"_s, u"90s"_s };
    for (const auto& option : options) {
        add += { u"--set"_s, option };
    }
    const auto added = m_ctl.run(words + add + token);
    QVERIFY2(added.exitCode == 0, added.err.constData());

    const auto shown = m_ctl.run(words + QStringList { u"show"_s, provider });
    const QString file = m_ctl.write(provider + u".json"_s, shown.out);
    const QString copy = provider + u" copy"_s;
    const auto again = m_ctl.run(words + QStringList { u"add"_s, copy, u"--from"_s, file } + token);

    QVERIFY2(again.exitCode == 0, again.err.constData());
    QVERIFY(!shown.out.contains("planted"));
    const auto copied = m_ctl.run(words + QStringList { u"show"_s, copy }).json();
    const auto original = shown.json();
    for (const auto* key : { "provider", "options", "secrets", "limits", "rules", "min_delay",
             "max_delay", "stall_timeout", "recheck_delay" }) {
        QCOMPARE(copied.value(QLatin1StringView(key)), original.value(QLatin1StringView(key)));
    }
    QCOMPARE(original.value(u"options"_s).toObject().size(), options.size());
    QCOMPARE(copied.value(u"limits"_s).toObject().value(u"user_percent"_s).toInt(), 7);
    QCOMPARE(copied.value(u"rules"_s).toObject().value(u"record_id"_s).toString(), u"email"_s);
    QCOMPARE(copied.value(u"rules"_s).toObject().value(u"tombstone_retention"_s).toString(),
        original.value(u"rules"_s).toObject().value(u"tombstone_retention"_s).toString());
    QCOMPARE(copied.value(u"stall_timeout"_s).toString(), u"20m"_s);
    QVERIFY(copied.value(u"id"_s) != original.value(u"id"_s));
}

void TstCtlConnections::whatStandsBesideTheFileWins()
{
    const QString file = m_ctl.write(u"sample.json"_s,
        R"({"provider": "sample", "options": {"users": "40", "seed": "3"}, "id": "x"})");

    const auto added = m_ctl.run({ u"--json"_s, u"connection"_s, u"add"_s, u"Own"_s, u"--from"_s,
        file, u"--set"_s, u"users=60"_s });

    QVERIFY2(added.exitCode == 0, added.err.constData());
    const QJsonObject expected { { u"users"_s, u"60"_s }, { u"seed"_s, u"3"_s } };
    QCOMPARE(added.json().value(u"options"_s).toObject(), expected);
    QVERIFY(added.json().value(u"id"_s).toString() != u"x");
}

void TstCtlConnections::aFileThatIsNoConnectionIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("named");
    QTest::addRow("no JSON") << QByteArray("provider: sample") << QByteArray("no connection");
    QTest::addRow("no provider") << QByteArray(R"({"options": {}})") << QByteArray("provider");
    QTest::addRow("unknown provider")
        << QByteArray(R"({"provider": "nosuch", "options": {}})") << QByteArray("nosuch");
    QTest::addRow("unknown option")
        << QByteArray(R"({"provider": "sample", "options": {"colour": "red"}})")
        << QByteArray("colour");
    QTest::addRow("wrong limit") << QByteArray(
        R"({"provider": "sample", "options": {}, "limits": {"user_percent": 101}})")
                                 << QByteArray("user_percent");
    QTest::addRow("unknown rule") << QByteArray(
        R"({"provider": "sample", "options": {}, "rules": {"sing": true}})")
                                  << QByteArray("sing");
    QTest::addRow("short retention") << QByteArray(
        R"({"provider": "sample", "options": {}, "rules": {"tombstone_retention": "1h"}})")
                                     << QByteArray("tombstone_retention");
    QTest::addRow("a secret's place") << QByteArray(
        R"({"provider": "keycloak", "options": {"client_secret": "planted", "realm": "r"}})")
                                      << QByteArray("client_secret");
}

void TstCtlConnections::aFileThatIsNoConnectionIsRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, named);
    const QString file = m_ctl.write(u"wrong.json"_s, text);

    const auto answer = m_ctl.run({ u"connection"_s, u"add"_s, u"Wrong"_s, u"--from"_s, file });

    QCOMPARE(answer.exitCode, 4);
    QVERIFY2(answer.err.contains(named), answer.err.constData());
    QVERIFY(!answer.err.contains("planted"));
    QCOMPARE(m_ctl.run({ u"connection"_s, u"show"_s, u"Wrong"_s }).exitCode, 1);
}

// The directory as last committed stays what it was, whatever the new password does.
void TstCtlConnections::aWrongPasswordEndsWithFive()
{
    const CtlProcess ctl;
    QCOMPARE(ctl.run({ u"sample"_s, u"--users"_s, u"30"_s }).exitCode, 0);
    QCOMPARE(ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const QString bundle = ctl.file(u"bundle.zip"_s);
    const auto exported = ctl.run({ u"export"_s, u"bundle"_s, u"--out"_s, bundle });
    QVERIFY2(exported.exitCode == 0, exported.err.constData());
    LoopbackServer server([](const QByteArray& head, QTcpSocket& socket) {
        const bool isRight = head.contains("Bearer right");
        socket.write(LoopbackServer::answer(isRight ? 404 : 401, "{}"));
    });
    const auto add
        = ctl.run({ u"connection"_s, u"add"_s, u"Files"_s, u"--provider"_s, u"blob"_s, u"--set"_s,
            u"source=file://"_s + ctl.directory(), u"--set"_s, u"header_name=Authorization"_s,
            u"--secret"_s, u"header_value=@"_s + ctl.write(u"token"_s, "Bearer wrong") });
    QVERIFY2(add.exitCode == 0, add.err.constData());
    QCOMPARE(ctl.run({ u"sync"_s, u"Files"_s }).exitCode, 0);
    const auto edit = ctl.run({ u"connection"_s, u"edit"_s, u"Files"_s, u"--set"_s,
        u"source="_s + server.url(u"/bundle.zip"_s).toString() });
    QVERIFY2(edit.exitCode == 0, edit.err.constData());
    const QStringList show { u"--json"_s, u"connection"_s, u"show"_s, u"Files"_s };
    const auto before = ctl.run(show).json().value(u"generation"_s).toInteger();
    const QStringList people { u"--json"_s, u"user"_s, u"list"_s, u"--connection"_s, u"Files"_s };
    const QByteArray listed = ctl.run(people).out;

    for (const QStringList& words :
        { QStringList { u"connection"_s, u"test"_s }, { u"plan"_s }, { u"sync"_s } }) {
        QProcess process; // beside this thread's event loop, in which the server works
        process.start(QStringLiteral(PORTREEVE_CTL),
            ctl.globalOptions() + words + QStringList { u"Files"_s });
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 30'000);
        QCOMPARE(process.exitCode(), 5);
    }

    QVERIFY(before > 0);
    QCOMPARE(ctl.run(show).json().value(u"generation"_s).toInteger(), before);
    QCOMPARE(ctl.run(people).out, listed);
}

static const bool kCtlConnectionsRegistered
    = registerTestClass<TstCtlConnections>("ctlconnections");

} // namespace portreeve::test

#include "tst_ctlconnections.moc"
