// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/datadirectory.h"
#include "core/store/database.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// The audit log read, exported and checked, and the settings it tells of.
class TstCtlAudit : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void settingsAreListedReadSetAndReset();
    void settingsAreCheckedAsInTheWindow();
    void theLogIsExportedAsJsonLines();
    void anExportGoesOnWhereTheLastOneEnded();
    void aPersonSeesTheNewestEntries();
    void secretsAreNotInTheLog();
    void aChangeFromOutsideIsFound();

private:
    std::vector<QJsonObject> list(const QStringList& options = {}) const;

    CtlProcess m_ctl;
};

std::vector<QJsonObject> TstCtlAudit::list(const QStringList& options) const
{
    return m_ctl.run(QStringList { u"--json"_s, u"audit"_s, u"list"_s } + options).jsonLines();
}

void TstCtlAudit::initTestCase()
{
    QCOMPARE(
        m_ctl.run({ u"settings"_s, u"set"_s, u"administrator_name"_s, u"grace"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"20"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const auto added = m_ctl.run({ u"connection"_s, u"add"_s, u"Staff"_s, u"--provider"_s,
        u"keycloak"_s, u"--set"_s, u"url=https://sso.example.org"_s, u"--set"_s, u"realm=staff"_s,
        u"--set"_s, u"client_id=portreeve"_s, u"--secret"_s,
        u"client_secret=@"_s + m_ctl.write(u"token"_s, "planted-31c7") });
    QVERIFY2(added.exitCode == 0, added.err.constData());
    const auto edited
        = m_ctl.run({ u"connection"_s, u"edit"_s, u"Staff"_s, u"--set"_s, u"realm=people"_s,
            u"--secret"_s, u"client_secret=@"_s + m_ctl.write(u"token2"_s, "planted-99d0") });
    QVERIFY2(edited.exitCode == 0, edited.err.constData());
    QCOMPARE(m_ctl.run({ u"connection"_s, u"disable"_s, u"Staff"_s }).exitCode, 0);
}

void TstCtlAudit::settingsAreListedReadSetAndReset()
{
    const auto read = m_ctl.run({ u"settings"_s, u"get"_s, u"administrator_name"_s });
    const auto set
        = m_ctl.run({ u"--json"_s, u"settings"_s, u"set"_s, u"color_scheme"_s, u"dark"_s });
    const auto reset = m_ctl.run({ u"--json"_s, u"settings"_s, u"reset"_s, u"color_scheme"_s });
    const auto listed = m_ctl.run({ u"--json"_s, u"settings"_s, u"list"_s });

    QCOMPARE(read.out, QByteArray("grace\n"));
    QCOMPARE(set.json().value(u"value"_s).toString(), u"dark"_s);
    QCOMPARE(reset.json().value(u"value"_s).toString(), u"desktop"_s);
    QStringList names;
    for (const auto& setting : listed.json().value(u"settings"_s).toArray()) {
        names.append(setting.toObject().value(u"name"_s).toString());
    }
    QCOMPARE(names,
        QStringList({ u"color_scheme"_s, u"sync_in_background"_s, u"keep_in_tray"_s,
            u"notify_about_holds"_s, u"notify_about_failures"_s, u"administrator_name"_s }));
}

void TstCtlAudit::settingsAreCheckedAsInTheWindow()
{
    const QByteArray before = m_ctl.databaseBytes();

    const auto flag = m_ctl.run({ u"settings"_s, u"set"_s, u"keep_in_tray"_s, u"yes"_s });
    const auto choice = m_ctl.run({ u"settings"_s, u"set"_s, u"color_scheme"_s, u"pink"_s });
    const auto name = m_ctl.run({ u"settings"_s, u"get"_s, u"colour_scheme"_s });

    QCOMPARE(flag.exitCode, 4);
    QVERIFY2(flag.err.contains("true or false"), flag.err.constData());
    QCOMPARE(choice.exitCode, 4);
    QVERIFY2(choice.err.contains("desktop, light, dark"), choice.err.constData());
    QCOMPARE(name.exitCode, 4);
    QVERIFY2(name.err.contains("color_scheme?"), name.err.constData());
    QVERIFY(m_ctl.databaseBytes() == before);
}

void TstCtlAudit::theLogIsExportedAsJsonLines()
{
    const auto entries = list();

    QVERIFY(entries.size() > 5);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        QCOMPARE(entries[i].value(u"id"_s).toString(), QString::number(i + 1));
        QCOMPARE(entries[i].value(u"hash"_s).toString().size(), 64);
        QVERIFY(entries[i].value(u"at"_s).toString().endsWith(u'Z'));
    }
    const auto edited = std::ranges::find(entries, u"connection_edited"_s,
        [](const QJsonObject& entry) { return entry.value(u"event"_s).toString(); });
    QVERIFY(edited != entries.end());
    QCOMPARE(edited->value(u"actor"_s).toString(), u"grace"_s);
    QHash<QString, QJsonObject> changes;
    const auto details = edited->value(u"details"_s).toObject();
    for (const auto& value : details.value(u"changes"_s).toArray()) {
        changes.insert(value.toObject().value(u"field"_s).toString(), value.toObject());
    }
    QCOMPARE(details.value(u"name"_s).toString(), u"Staff"_s);
    QCOMPARE(changes.value(u"options.realm"_s).value(u"before"_s).toString(), u"staff"_s);
    QCOMPARE(changes.value(u"options.realm"_s).value(u"after"_s).toString(), u"people"_s);
    QCOMPARE(changes.value(u"replaced_secrets"_s).value(u"after"_s).toString(), u"client_secret"_s);
}

void TstCtlAudit::anExportGoesOnWhereTheLastOneEnded()
{
    const auto all = list();
    const auto first = list({ u"--since"_s, u"0"_s, u"--limit"_s, u"3"_s });
    const auto rest = list({ u"--since"_s, first.back().value(u"id"_s).toString() });

    QCOMPARE(first.size(), std::size_t(3));
    auto joined = first;
    joined.insert(joined.end(), rest.begin(), rest.end());
    QVERIFY(joined == all);
    QVERIFY(list({ u"--since"_s, all.back().value(u"id"_s).toString() }).empty());
}

void TstCtlAudit::aPersonSeesTheNewestEntries()
{
    const auto shown = m_ctl.run({ u"audit"_s, u"list"_s, u"--limit"_s, u"1"_s });

    const auto lines = shown.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.front().startsWith("ID"));
    const QString newest = list().back().value(u"id"_s).toString() + u' ';
    QVERIFY2(lines.back().startsWith(newest.toUtf8()), shown.out.constData());
    QCOMPARE(m_ctl.run({ u"audit"_s, u"list"_s, u"--limit"_s, u"0"_s }).exitCode, 4);
}

void TstCtlAudit::secretsAreNotInTheLog()
{
    const auto all = m_ctl.run({ u"--json"_s, u"audit"_s, u"list"_s });

    QVERIFY(all.out.contains("client_secret"));
    QVERIFY(!all.out.contains("planted"));
}

void TstCtlAudit::aChangeFromOutsideIsFound()
{
    const auto sound = m_ctl.run({ u"--json"_s, u"audit"_s, u"verify"_s });
    const auto door = Database::open({ .path = databasePath(m_ctl.file(u"data"_s)) });
    QVERIFY((*door)->execute(u"UPDATE audit SET actor = 'nobody' WHERE id = 3"_s));

    const auto broken = m_ctl.run({ u"--json"_s, u"audit"_s, u"verify"_s });

    QCOMPARE(sound.exitCode, 0);
    QCOMPARE(sound.json().value(u"unbroken"_s).toBool(), true);
    QCOMPARE(sound.json().value(u"entries"_s).toInteger(), qint64(list().size()));
    QCOMPARE(broken.exitCode, 1);
    QCOMPARE(broken.json().value(u"unbroken"_s).toBool(true), false);
    QCOMPARE(broken.json().value(u"first_broken"_s).toString(), u"3"_s);
    QVERIFY(m_ctl.run({ u"audit"_s, u"verify"_s }).out.contains("Entry 3 "));
}

static const bool kCtlAuditRegistered = registerTestClass<TstCtlAudit>("ctlaudit");

} // namespace portreeve::test

#include "tst_ctlaudit.moc"
