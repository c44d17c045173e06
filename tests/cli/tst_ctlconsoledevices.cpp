// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"
#include "tests/support/consoledevicestore.h"
#include "tests/support/consoledouble.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// Devices that Enterprise's own console keeps, as a script looks after them.
class TstCtlConsoleDevices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aLinkIsTheConsoles();
    void howLongALinkWorksIsNotAskedFor();
    void devicesAreListedApprovedAndRevoked();
    void whatAConsoleCannotDoIsRefusedWithTheReason_data();
    void whatAConsoleCannotDoIsRefusedWithTheReason();
    void withoutTheConsolesApiTheReasonIsSaid();
    void nothingOfALinkIsKept();

private:
    CtlAnswer device(const QStringList& arguments) const
    {
        return m_ctl.run(QStringList { u"--json"_s, u"device"_s } + arguments
            + QStringList { u"--target"_s, u"Office"_s });
    }

    CtlProcess m_ctl;
    ConsoleDouble m_console;
};

void TstCtlConsoleDevices::initTestCase()
{
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    m_console.put(ConsoleDouble::Kind::Route,
        { .name = u"Wiki"_s, .from = u"https://wiki.example.org"_s, .to = { u"http://wiki"_s } });
    const auto token = m_ctl.write(u"token"_s, ConsoleDouble::token());
    const auto add = [&](const QString& name, const QStringList& more) {
        return m_ctl
            .run(QStringList { u"target"_s, u"add"_s, name, u"--set"_s, u"kind=enterprise"_s,
                     u"--set"_s, u"directory_channel=none"_s, u"--set"_s,
                     u"address="_s + m_console.endpoint().address() }
                + more)
            .exitCode;
    };
    QCOMPARE(add(u"Office"_s,
                 { u"--set"_s, u"policy_channel=console_api"_s, u"--secret"_s,
                     u"console_token=@"_s + token }),
        0);
    QCOMPARE(add(u"Newer"_s, { u"--set"_s, u"policy_channel=config_service"_s }), 0);
}

void TstCtlConsoleDevices::aLinkIsTheConsoles()
{
    const auto link = device({ u"link"_s, u"john"_s, u"--route"_s, u"wiki.example.org"_s });

    QVERIFY2(link.exitCode == 0, link.err.constData());
    const auto url = link.json().value(u"url"_s).toString();
    QVERIFY(url.startsWith(u"https://wiki.example.org/.pomerium/webauthn?"));
    QCOMPARE(link.json().value(u"expires_at"_s).toString(), u"2026-01-01T00:00:00Z"_s);
    QCOMPARE(m_console.devices().enrollmentIds(),
        QStringList { link.json().value(u"enrollment_id"_s).toString() });
    QVERIFY2(link.err.contains("approves the device"), link.err.constData());
    QVERIFY(m_ctl
                .run({ u"device"_s, u"link"_s, u"john"_s, u"--route"_s, u"nowhere.example.org"_s,
                    u"--target"_s, u"Office"_s })
                .exitCode
        != 0);
}

void TstCtlConsoleDevices::howLongALinkWorksIsNotAskedFor()
{
    const auto refused = device(
        { u"link"_s, u"john"_s, u"--route"_s, u"wiki.example.org"_s, u"--valid"_s, u"1d"_s });

    QCOMPARE(refused.exitCode, 4);
    QVERIFY(refused.error().value(u"remedy"_s).toString().contains(u"--valid"));
}

void TstCtlConsoleDevices::devicesAreListedApprovedAndRevoked()
{
    m_console.devices().addDevice(u"e-kim"_s, u"CKim"_s, u"u-kim"_s);
    const auto statusOf = [this](const QString& enrollmentId) {
        for (const auto& row : device({ u"list"_s }).jsonLines()) {
            if (row.value(u"enrollment_id"_s).toString() == enrollmentId) {
                return row.value(u"status"_s).toString();
            }
        }
        return QString();
    };
    QCOMPARE(statusOf(u"e-kim"_s), u"pending_approval"_s);

    QCOMPARE(device({ u"approve"_s, u"e-kim"_s }).exitCode, 0);
    QCOMPARE(statusOf(u"e-kim"_s), u"approved"_s);
    const auto records = device({ u"show"_s, u"CKim"_s }).json().value(u"records"_s).toArray();
    QCOMPARE(records.size(), 2);
    const auto revoked = device({ u"revoke"_s, u"CKim"_s });

    QVERIFY2(revoked.exitCode == 0, revoked.err.constData());
    QVERIFY(revoked.json().value(u"complete"_s).toBool());
    QCOMPARE(statusOf(u"e-kim"_s), QString());
}

void TstCtlConsoleDevices::whatAConsoleCannotDoIsRefusedWithTheReason_data()
{
    QTest::addColumn<QStringList>("arguments");

    QTest::newRow("undo") << QStringList { u"approve"_s, u"e-1"_s, u"--undo"_s };
    QTest::newRow("renew") << QStringList { u"renew"_s, u"e-1"_s };
    QTest::newRow("url") << QStringList { u"url"_s, u"e-1"_s };
    QTest::newRow("housekeep") << QStringList { u"housekeep"_s };
    QTest::newRow("housekeep, delete") << QStringList { u"housekeep"_s, u"--delete"_s };
}

void TstCtlConsoleDevices::whatAConsoleCannotDoIsRefusedWithTheReason()
{
    QFETCH(const QStringList, arguments);
    m_console.forgetCalls();

    const auto refused = device(arguments);

    QCOMPARE(refused.exitCode, 4);
    QVERIFY(refused.error().value(u"what"_s).toString().contains(u"console"));
    QVERIFY(!refused.error().value(u"remedy"_s).toString().isEmpty());
    QCOMPARE(m_console.writes(), QStringList());
}

void TstCtlConsoleDevices::withoutTheConsolesApiTheReasonIsSaid()
{
    const auto refused
        = m_ctl.run({ u"--json"_s, u"device"_s, u"list"_s, u"--target"_s, u"Newer"_s });

    QCOMPARE(refused.exitCode, 4);
    QVERIFY(refused.error().value(u"remedy"_s).toString().contains(u"console's API"));
}

void TstCtlConsoleDevices::nothingOfALinkIsKept()
{
    const auto link = device({ u"link"_s, u"john"_s, u"--route"_s, u"wiki.example.org"_s });

    QCOMPARE(link.exitCode, 0);
    QVERIFY(link.out.contains("planted-link"));
    QVERIFY(!link.err.contains("planted-link"));
    QVERIFY(!m_ctl.databaseBytes().contains("planted-link"));
    QCOMPARE(device({ u"links"_s }).jsonLines().size(), std::size_t { 0 });
}

static const bool kCtlConsoleDevicesRegistered
    = registerTestClass<TstCtlConsoleDevices>("ctlconsoledevices");

} // namespace portreeve::test

#include "tst_ctlconsoledevices.moc"
