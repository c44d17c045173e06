// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/sampledirectory.h"
#include "core/directory/snapshotbuilder.h"
#include "core/settings/datadirectory.h"
#include "core/store/store.h"
#include "core/sync/diff.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <random>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

constexpr int kKills = 200;
constexpr unsigned kSeed = 20'261'121;
constexpr int kRunLimitMs = 30'000;
constexpr std::int64_t kUsers = 3'000;

/// What the made-up company looks like on a day, as its connector reads it.
SnapshotPtr companyOn(std::int64_t day)
{
    const SampleDirectory directory({ .users = kUsers, .seed = 1, .day = day });
    SnapshotBuilder builder;
    for (std::int64_t index = 0; index < directory.userCount(); ++index) {
        const UserRecord user = directory.user(index);
        builder.addUser(user);
        for (const QString& group : directory.groupsOfUser(index)) {
            builder.addMember(group, user.id, MemberKind::User);
        }
    }
    for (std::int64_t index = 0; index < directory.groupCount(); ++index) {
        builder.addGroup(directory.group(index));
    }
    for (const auto& nesting : directory.nestings()) {
        builder.addMember(nesting.groupId, nesting.memberGroupId, MemberKind::Group);
    }
    builder.markUsersComplete();
    builder.markGroupsComplete();
    builder.markMembershipsComplete();
    return builder.build().value();
}

bool same(const SnapshotPtr& stored, const SnapshotPtr& listed)
{
    return diffSnapshots(stored, listed).isEmpty() && diffSnapshots(listed, stored).isEmpty();
}

} // namespace

/// Point 9 of sync-lifecycle.md 8, against the real program: whenever it dies, the old generation
/// or the new one is there, whole.
class TstCrash : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void point9KilledAtAnyMomentEitherGenerationIsThere();

private:
    QString database() const { return databasePath(m_ctl.file(u"data"_s)); }

    void setDay(std::int64_t day);
    std::unique_ptr<QProcess> startSync();

    CtlProcess m_ctl;
    SystemClock m_clock;
};

void TstCrash::initTestCase()
{
    const auto added
        = m_ctl.run({ u"sample"_s, u"--users"_s, QString::number(kUsers), u"--seed"_s, u"1"_s });
    QVERIFY2(added.exitCode == 0, added.err.constData());
    const auto first = m_ctl.run({ u"sync"_s, u"--all"_s });
    QVERIFY2(first.exitCode == 0, first.err.constData());
}

/// Through the store, since only the sync is to be killed.
void TstCrash::setDay(std::int64_t day)
{
    const auto store = Store::open({ .path = database() }, m_clock).value();
    Connection connection = store->connections().list().value().front();
    connection.options.insert(u"churn"_s, QString::number(day));
    connection.limits = { .userPercent = 0,
        .userCount = 0,
        .groupPercent = 0,
        .groupCount = 0,
        .membershipPercent = 0,
        .singleGroupPercent = 0,
        .suspensionPercent = 0,
        .suspensionCount = 0,
        .churnPercent = 0 };
    QVERIFY(store->connections().updateSettings(connection).hasValue());
}

std::unique_ptr<QProcess> TstCrash::startSync()
{
    auto process = std::make_unique<QProcess>();
    process->start(QStringLiteral(PORTREEVE_CTL),
        { u"--data-dir"_s, m_ctl.file(u"data"_s), u"--secrets"_s,
            u"file:"_s + m_ctl.file(u"secrets.json"_s), u"sync"_s, u"--all"_s });
    return process;
}

void TstCrash::point9KilledAtAnyMomentEitherGenerationIsThere()
{
    std::mt19937 random(kSeed);
    SnapshotPtr old = companyOn(0);
    qint64 wholeRunUs = 0;
    int survivedOld = 0;
    int reachedNew = 0;
    for (int kill = 0; kill <= kKills; ++kill) {
        const std::int64_t day = kill + 1;
        setDay(day);
        QElapsedTimer timer;
        timer.start();
        const auto process = startSync();
        QVERIFY(process->waitForStarted(kRunLimitMs));
        if (kill == 0) { // an undisturbed one, to know how long there is to kill in
            QVERIFY(process->waitForFinished(kRunLimitMs));
            wholeRunUs = timer.nsecsElapsed() / 1000;
        } else {
            std::uniform_int_distribution<qint64> moment(0, wholeRunUs * 11 / 10);
            std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
            process->kill();
            QVERIFY(process->waitForFinished(kRunLimitMs));
        }

        const auto store = Store::open({ .path = database() }, m_clock).value();
        const auto faults = store->check();
        QVERIFY2(faults.hasValue() && faults->empty(),
            qPrintable(
                faults ? faults->empty() ? QString() : faults->front() : faults.error().toText()));
        const QString id = store->connections().list().value().front().id;
        const SnapshotPtr stored = store->directory().load(id).value().snapshot;
        const SnapshotPtr listed = companyOn(day);
        if (same(stored, listed)) {
            old = listed;
            ++reachedNew;
        } else {
            QVERIFY2(same(stored, old), qPrintable(u"torn by kill %1"_s.arg(kill)));
            ++survivedOld;
        }
    }
    qInfo("killed %d times: %d times the old generation, %d times the new one", kKills, survivedOld,
        reachedNew);
    QVERIFY(survivedOld > 0);
    QVERIFY(reachedNew > 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"--all"_s }).exitCode, 0);
}

static const bool kCrashRegistered = registerTestClass<TstCrash>("crash");

} // namespace portreeve::test

#include "tst_crash.moc"
