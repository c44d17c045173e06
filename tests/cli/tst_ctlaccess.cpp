// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/clock.h"
#include "core/base/time.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

constexpr QByteArrayView kEverybody = "allow:\n  or:\n    - authenticated_user: true\n";
constexpr QByteArrayView kNobody = "[]\n";

} // namespace

/// `access diff`: who gains or loses which route between two states.
class TstCtlAccess : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aPlanTellsWhoWillGetIn();
    void anotherPolicyTellsWhoIsLeftOut();
    void thePastIsComparedWithNow();
    void wrongQuestionsAreRefused();
    void removingAConnectionSaysWhoLosesWhat();
    void aRouteSaysWhatItsPoliciesDoTogether();

private:
    CtlAnswer diff(const QStringList& options) const;

    std::unique_ptr<CtlProcess> m_ctl;
};

/// A connection that was never synced, and a route that everybody may use.
void TstCtlAccess::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    QCOMPARE(m_ctl->run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    const QString file = m_ctl->write(u"staff.yaml"_s, kEverybody.toByteArray());
    QCOMPARE(m_ctl->run({ u"policy"_s, u"add"_s, u"Staff"_s, u"--file"_s, file }).exitCode, 0);
    QCOMPARE(
        m_ctl
            ->run({ u"route"_s, u"add"_s, u"Wiki"_s, u"--from"_s, u"https://wiki.example.org"_s,
                u"--to"_s, u"http://127.0.0.1:8080"_s, u"--policy"_s, u"Staff"_s })
            .exitCode,
        0);
}

CtlAnswer TstCtlAccess::diff(const QStringList& options) const
{
    return m_ctl->run(QStringList { u"--json"_s, u"access"_s, u"diff"_s } + options);
}

void TstCtlAccess::aPlanTellsWhoWillGetIn()
{
    const QString file = m_ctl->file(u"plan.json"_s);
    QCOMPARE(m_ctl->run({ u"plan"_s, u"Sample"_s, u"--out"_s, file }).exitCode, 2);

    const auto gained = diff({ u"--plan"_s, file });
    const auto shown = m_ctl->run({ u"access"_s, u"diff"_s, u"--plan"_s, file });
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const auto stale = diff({ u"--plan"_s, file });

    QVERIFY2(gained.exitCode == 2, gained.err.constData());
    const auto lines = gained.jsonLines();
    QVERIFY(lines.size() >= 50);
    for (const auto& line : lines) {
        QVERIFY(!line.value(u"user"_s).toString().isEmpty());
        QCOMPARE(line.value(u"route"_s).toString(), u"Wiki"_s);
        QCOMPARE(line.value(u"before"_s).toString(), u"no"_s);
        QCOMPARE(line.value(u"after"_s).toString(), u"yes"_s);
        QVERIFY(!line.value(u"because"_s).toArray().isEmpty());
    }
    QCOMPARE(shown.exitCode, 2);
    QVERIFY2(shown.out.contains("BEFORE"), shown.out.constData());
    QCOMPARE(stale.exitCode, 1);
    QCOMPARE(stale.error().value(u"code"_s).toString(), u"stale"_s);
}

void TstCtlAccess::anotherPolicyTellsWhoIsLeftOut()
{
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const QString nobody = m_ctl->write(u"nobody.yaml"_s, kNobody.toByteArray());

    const auto same = diff({ u"--policy"_s, m_ctl->file(u"staff.yaml"_s) });
    const auto lost = diff({ u"--policy"_s, nobody, u"--policy-name"_s, u"staff"_s });
    const auto unknown = diff({ u"--policy"_s, nobody });

    QVERIFY2(same.exitCode == 0, same.err.constData());
    QVERIFY(same.out.isEmpty());
    QVERIFY2(lost.exitCode == 2, lost.err.constData());
    const auto lines = lost.jsonLines();
    QVERIFY(std::ranges::all_of(lines, [](const QJsonObject& line) {
        return line.value(u"before"_s).toString() == u"yes"
            && line.value(u"after"_s).toString() == u"no";
    }));
    QCOMPARE(unknown.exitCode, 4);
    QVERIFY2(unknown.err.contains("--policy-name"), unknown.err.constData());
    // A question changes nothing.
    QVERIFY(m_ctl->run({ u"policy"_s, u"show"_s, u"Staff"_s }).out.contains("authenticated_user"));
}

void TstCtlAccess::thePastIsComparedWithNow()
{
    SystemClock clock;
    const QString before = toRfc3339(clock.nowUtc() - std::chrono::minutes(1));
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const QString after = toRfc3339(clock.nowUtc());

    const auto gained = diff({ u"--as-of"_s, before });
    const auto none = diff({ u"--as-of"_s, after });

    QVERIFY2(gained.exitCode == 2, gained.err.constData());
    QVERIFY(gained.jsonLines().size() >= 50);
    QVERIFY2(none.exitCode == 0, none.err.constData());
    QVERIFY(none.out.isEmpty());
}

void TstCtlAccess::wrongQuestionsAreRefused()
{
    const QString notAPlan = m_ctl->write(u"plan.json"_s, "{}");

    for (const QStringList& options : { QStringList {}, { u"--as-of"_s, u"yesterday"_s },
             { u"--as-of"_s, u"2999-01-01T00:00:00Z"_s }, { u"--plan"_s, notAPlan } }) {
        const auto answer = diff(options);

        QCOMPARE(answer.exitCode, 4);
        QVERIFY(!answer.error().value(u"remedy"_s).toString().isEmpty());
        QVERIFY(answer.out.isEmpty());
    }
}

void TstCtlAccess::removingAConnectionSaysWhoLosesWhat()
{
    const QStringList remove { u"--json"_s, u"connection"_s, u"remove"_s, u"Sample"_s };
    QCOMPARE(m_ctl->run({ u"sync"_s, u"Sample"_s }).exitCode, 0);

    const auto asked = m_ctl->run(remove);
    const auto shown = m_ctl->run({ u"connection"_s, u"remove"_s, u"Sample"_s });
    const auto still = m_ctl->run({ u"connection"_s, u"show"_s, u"Sample"_s });
    const auto done = m_ctl->run(remove + QStringList { u"--yes"_s });

    QCOMPARE(asked.exitCode, 4);
    const auto impact = asked.json();
    QCOMPARE(impact.value(u"removed"_s).toBool(true), false);
    QVERIFY(impact.value(u"people_losing_all_access"_s).toInt() >= 40);
    QVERIFY(impact.value(u"access"_s).toObject().value(u"lost"_s).toInt() >= 40);
    QVERIFY2(shown.out.contains("loses  "), shown.out.constData());
    QVERIFY2(shown.err.contains("--yes"), shown.err.constData());
    QCOMPARE(still.exitCode, 0);
    QVERIFY2(done.exitCode == 0, done.err.constData());
    QVERIFY(done.json().value(u"removed"_s).toBool());
    QVERIFY(m_ctl->run({ u"connection"_s, u"show"_s, u"Sample"_s }).exitCode != 0);
}

void TstCtlAccess::aRouteSaysWhatItsPoliciesDoTogether()
{
    const QString file
        = m_ctl->write(u"lock.yaml"_s, "deny:\n  or:\n    - domain: {is: rival.example}\n");
    QCOMPARE(m_ctl->run({ u"policy"_s, u"add"_s, u"Lock"_s, u"--file"_s, file }).exitCode, 0);
    const QStringList edit { u"--json"_s, u"route"_s, u"edit"_s, u"Wiki"_s, u"--policy"_s };

    const auto locked = m_ctl->run(edit + QStringList { u"Lock"_s });
    const auto opened = m_ctl->run(edit + QStringList { u"Lock"_s, u"--policy"_s, u"Staff"_s });

    QVERIFY2(locked.exitCode == 0, locked.err.constData());
    QVERIFY2(locked.err.contains("no allow rule"), locked.err.constData());
    const auto findings = locked.json().value(u"diagnostics"_s).toArray();
    QCOMPARE(findings.size(), 1);
    QCOMPARE(findings.at(0).toObject().value(u"code"_s).toString(), u"lint_7_5"_s);
    QVERIFY(opened.json().value(u"diagnostics"_s).toArray().isEmpty());
}

static const bool kCtlAccessRegistered = registerTestClass<TstCtlAccess>("ctlaccess");

} // namespace portreeve::test

#include "tst_ctlaccess.moc"
