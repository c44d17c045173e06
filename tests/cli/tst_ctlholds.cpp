// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// Held rows looked at, let through one by one, and found again among the removed.
class TstCtlHolds : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void thePlanShowsTheKeyOfEachHeldRow();
    void anUnknownKeyIsNamed_data();
    void anUnknownKeyIsNamed();
    void oneRowOfAPlanFileIsLetThrough();
    void rowsOfTheOpenHoldAreApproved();
    void anOldHashIsRefused();
    void theRestIsApprovedAtOnce();
    void nothingHeldNeedsNoApproval();
    void removedPeopleAndGroupsAreListed();

private:
    struct Planned
    {
        QString hash {};
        QStringList users {}; ///< keys of held people
        QStringList groups {};
    };

    Planned plan(); ///< into plan.json
    QStringList ids(const QStringList& options);

    CtlProcess m_ctl;
    QStringList m_gone; ///< keys let through so far
};

TstCtlHolds::Planned TstCtlHolds::plan()
{
    const auto answer = m_ctl.run(
        { u"--json"_s, u"plan"_s, u"Sample"_s, u"--out"_s, m_ctl.file(u"plan.json"_s) });
    Planned planned { .hash = answer.json().value(u"plan_hash"_s).toString() };
    for (const auto& value : answer.json().value(u"changes"_s).toArray()) {
        const auto change = value.toObject();
        const QString kind = change.value(u"kind"_s).toString();
        if (change.value(u"held"_s).toBool() && kind != u"membership") {
            (kind == u"user" ? planned.users : planned.groups)
                .append(change.value(u"key"_s).toString());
        }
    }
    return planned;
}

QStringList TstCtlHolds::ids(const QStringList& options)
{
    QStringList found;
    for (const auto& line :
        m_ctl.run(QStringList { u"--json"_s } + options + QStringList { u"--brief"_s })
            .jsonLines()) {
        found.append(line.value(u"id"_s).toString());
    }
    return found;
}

void TstCtlHolds::initTestCase()
{
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"200"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    QCOMPARE(
        m_ctl.run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"users=100"_s }).exitCode,
        0);
}

void TstCtlHolds::thePlanShowsTheKeyOfEachHeldRow()
{
    const Planned planned = plan();
    const auto shown = m_ctl.run({ u"plan"_s, u"Sample"_s });

    QCOMPARE(shown.exitCode, 3);
    QVERIFY(planned.users.size() > 50);
    for (const auto& key : planned.users) {
        QVERIFY(key.startsWith(u"user:"));
    }
    const QString row = u"held: remove %1 "_s.arg(planned.users.front());
    QVERIFY2(shown.out.contains(row.toUtf8()), shown.out.constData());
}

void TstCtlHolds::anUnknownKeyIsNamed_data()
{
    QTest::addColumn<bool>("approves");
    QTest::addRow("apply") << false;
    QTest::addRow("run approve") << true;
}

void TstCtlHolds::anUnknownKeyIsNamed()
{
    QFETCH(bool, approves);
    if (approves) {
        QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 3); // opens the hold
    }
    const Planned planned = plan();
    const QStringList words = approves
        ? QStringList { u"run"_s, u"approve"_s, u"Sample"_s, planned.hash }
        : QStringList { u"apply"_s, m_ctl.file(u"plan.json"_s) };
    const auto before = ids({ u"user"_s, u"list"_s });

    const auto answer = m_ctl.run(QStringList { u"--json"_s } + words
        + QStringList { u"--allow"_s, planned.users.front(), u"--allow"_s, u"user:nobody"_s });

    QCOMPARE(answer.exitCode, 4);
    QVERIFY2(answer.error().value(u"what"_s).toString().contains(u"“user:nobody”"),
        answer.err.constData());
    QCOMPARE(ids({ u"user"_s, u"list"_s }), before);
}

void TstCtlHolds::oneRowOfAPlanFileIsLetThrough()
{
    const Planned planned = plan();
    const auto before = ids({ u"user"_s, u"list"_s });

    const auto applied = m_ctl.run(
        { u"--json"_s, u"apply"_s, m_ctl.file(u"plan.json"_s), u"--allow"_s, planned.users.at(1) });

    QVERIFY2(applied.exitCode == 3, applied.err.constData()); // the rest still waits
    m_gone = { planned.users.at(1) };
    auto expected = before;
    expected.removeAll(planned.users.at(1).section(u':', 1));
    QCOMPARE(ids({ u"user"_s, u"list"_s }), expected);
    QVERIFY2(applied.err.contains("run approve Sample "), applied.err.constData());
}

void TstCtlHolds::rowsOfTheOpenHoldAreApproved()
{
    const Planned planned = plan();
    const auto before = ids({ u"user"_s, u"list"_s });

    const auto approved = m_ctl.run({ u"--json"_s, u"run"_s, u"approve"_s, u"Sample"_s,
        planned.hash, u"--allow"_s, planned.users.at(0), u"--allow"_s, planned.users.at(2) });

    QVERIFY2(approved.exitCode == 3, approved.err.constData());
    QCOMPARE(approved.jsonLines().front().value(u"trigger"_s).toString(), u"approval"_s);
    auto expected = before;
    for (const auto& key : { planned.users.at(0), planned.users.at(2) }) {
        expected.removeAll(key.section(u':', 1));
        m_gone.append(key);
    }
    QCOMPARE(ids({ u"user"_s, u"list"_s }), expected);
    const auto log = m_ctl.run({ u"--json"_s, u"audit"_s, u"list"_s }).jsonLines();
    const auto entry = std::ranges::find(log, u"hold_approved"_s,
        [](const QJsonObject& line) { return line.value(u"event"_s).toString(); });
    QVERIFY(entry != log.end());
}

void TstCtlHolds::anOldHashIsRefused()
{
    const auto refused = m_ctl.run({ u"--json"_s, u"run"_s, u"approve"_s, u"Sample"_s, u"0"_s });

    QCOMPARE(refused.exitCode, 1);
    QCOMPARE(refused.error().value(u"code"_s).toString(), u"stale"_s);
}

void TstCtlHolds::theRestIsApprovedAtOnce()
{
    const Planned planned = plan();

    const auto approved = m_ctl.run({ u"run"_s, u"approve"_s, u"Sample"_s, planned.hash });

    QVERIFY2(approved.exitCode == 0, approved.err.constData());
    m_gone += planned.users;
    QCOMPARE(m_ctl.run({ u"plan"_s, u"Sample"_s }).exitCode, 0);
}

void TstCtlHolds::nothingHeldNeedsNoApproval()
{
    const auto none = m_ctl.run({ u"run"_s, u"approve"_s, u"Sample"_s, u"0"_s });

    QCOMPARE(none.exitCode, 4);
    QVERIFY2(none.err.contains("waits for a decision"), none.err.constData());
}

void TstCtlHolds::removedPeopleAndGroupsAreListed()
{
    const auto users = m_ctl.run({ u"--json"_s, u"user"_s, u"list"_s, u"--removed"_s }).jsonLines();
    const auto groups
        = m_ctl.run({ u"--json"_s, u"group"_s, u"list"_s, u"--removed"_s }).jsonLines();
    const QString first = users.front().value(u"id"_s).toString();
    const auto searched = m_ctl.run({ u"user"_s, u"list"_s, u"--removed"_s, u"--search"_s, first });
    const auto wrong
        = m_ctl.run({ u"user"_s, u"list"_s, u"--removed"_s, u"--connection"_s, u"Sampel"_s });

    QStringList keys;
    for (const auto& user : users) {
        keys.append(u"user:"_s + user.value(u"id"_s).toString());
        QCOMPARE(user.value(u"state"_s).toString(), u"removed"_s);
        QVERIFY(!user.value(u"display_name"_s).toString().isEmpty());
        QVERIFY(user.value(u"removed_at"_s).toString().endsWith(u'Z'));
    }
    keys.sort();
    m_gone.sort();
    QCOMPARE(keys, m_gone);
    QVERIFY(!groups.empty());
    QVERIFY(!groups.front().value(u"name"_s).toString().isEmpty());
    QVERIFY2(searched.out.contains(first.toUtf8()), searched.out.constData());
    QCOMPARE(wrong.exitCode, 4);
    QVERIFY(!ids({ u"user"_s, u"list"_s }).contains(first));
}

static const bool kCtlHoldsRegistered = registerTestClass<TstCtlHolds>("ctlholds");

} // namespace portreeve::test

#include "tst_ctlholds.moc"
