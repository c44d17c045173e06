// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/sampledirectory.h"
#include "core/directory/snapshotbuilder.h"
#include "core/settings/datadirectory.h"
#include "core/store/store.h"
#include "core/sync/diff.h"
#include "tests/cli/ctlprocess.h"
#include "tests/cli/ctlterminal.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <random>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

constexpr int kKills = 200;
constexpr unsigned kSeed = 20'261'121;
constexpr int kFirstImports = 20; // of them
constexpr std::int64_t kUsers = 1'500;
const QStringList kSync { u"sync"_s, u"--all"_s };
const QByteArray kApplying = "applying";

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

void addCompany(const CtlProcess& ctl)
{
    const auto added
        = ctl.run({ u"sample"_s, u"--users"_s, QString::number(kUsers), u"--seed"_s, u"1"_s });
    QVERIFY2(added.exitCode == 0, added.err.constData());
}

} // namespace

/// Point 9 of sync-lifecycle.md 8, against the real program: whenever it dies, the old generation
/// or the new one is there, whole.
class TstCrash : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void point9AFirstImportKilledAtAnyMomentIsWholeOrNotThere();
    void point9KilledAtAnyMomentEitherGenerationIsThere();

private:
    void measure(const CtlProcess& ctl);
    void killAtSomeMoment(const CtlProcess& ctl);
    void verifySound(const CtlProcess& ctl, int kill);
    std::unique_ptr<Store> open(const CtlProcess& ctl);
    SnapshotPtr storedIn(const CtlProcess& ctl);
    void setDay(std::int64_t day);

    CtlProcess m_ctl; ///< the one that changes from day to day
    SystemClock m_clock;
    std::mt19937 m_random { kSeed };
    qint64 m_readingUs = 0; ///< until an undisturbed sync begins to apply
    qint64 m_applyingUs = 0; ///< and from there to its end
    int m_kills = 0;
    int m_killsInApply = 0;
};

void TstCrash::initTestCase()
{
    addCompany(m_ctl);
    measure(m_ctl);
    QVERIFY(same(storedIn(m_ctl), companyOn(0)));
}

/// An undisturbed sync, to know how long there is to kill in.
void TstCrash::measure(const CtlProcess& ctl)
{
    QElapsedTimer timer;
    timer.start();
    CtlTerminal sync(ctl, kSync);
    QVERIFY2(sync.waitFor(kApplying), sync.said().constData());
    m_readingUs = timer.nsecsElapsed() / 1000;
    QCOMPARE(sync.wait(), 0);
    m_applyingUs = timer.nsecsElapsed() / 1000 - m_readingUs;
}

/// Half of the kills come while it writes, which is the shorter part of a sync by far.
void TstCrash::killAtSomeMoment(const CtlProcess& ctl)
{
    const bool inApply = ++m_kills % 2 == 0;
    const qint64 span = inApply ? m_applyingUs : m_readingUs + m_applyingUs;
    std::uniform_int_distribution<qint64> moment(0, span * 11 / 10);
    CtlTerminal sync(ctl, kSync);
    if (inApply) {
        QVERIFY2(sync.waitFor(kApplying), sync.said().constData());
    }
    std::this_thread::sleep_for(std::chrono::microseconds(moment(m_random)));
    sync.send(SIGKILL);
    if (sync.wait() == -SIGKILL && sync.said().contains(kApplying)) {
        ++m_killsInApply;
    }
}

std::unique_ptr<Store> TstCrash::open(const CtlProcess& ctl)
{
    return Store::open({ .path = databasePath(ctl.file(u"data"_s)) }, m_clock).value();
}

SnapshotPtr TstCrash::storedIn(const CtlProcess& ctl)
{
    const auto store = open(ctl);
    const QString id = store->connections().list().value().front().id;
    return store->directory().load(id).value().snapshot;
}

void TstCrash::verifySound(const CtlProcess& ctl, int kill)
{
    constexpr int kProgramEvery = 10;
    const auto faults = open(ctl)->check();
    QVERIFY2(faults.hasValue() && faults->empty(),
        qPrintable(
            faults ? faults->empty() ? QString() : faults->front() : faults.error().toText()));
    if (kill % kProgramEvery == 0) {
        const auto checked = ctl.run({ u"selfcheck"_s });
        QVERIFY2(checked.exitCode == 0, QByteArray(checked.out + checked.err).constData());
    }
}

/// Through the store, since only the sync is to be killed.
void TstCrash::setDay(std::int64_t day)
{
    const auto store = open(m_ctl);
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

// From nothing: the largest change a store ever takes over in one piece.
void TstCrash::point9AFirstImportKilledAtAnyMomentIsWholeOrNotThere()
{
    const SnapshotPtr company = companyOn(0);
    m_killsInApply = 0;
    int nothing = 0;
    for (int kill = 1; kill <= kFirstImports; ++kill) {
        const CtlProcess ctl;
        addCompany(ctl);

        killAtSomeMoment(ctl);

        verifySound(ctl, kill);
        const SnapshotPtr stored = storedIn(ctl);
        const bool isEmpty = stored->userCount() == 0 && stored->groupCount() == 0;
        QVERIFY2(isEmpty || same(stored, company), qPrintable(u"torn by kill %1"_s.arg(kill)));
        nothing += isEmpty ? 1 : 0;
    }
    qInfo("killed %d first imports, %d while they wrote: %d times nothing, %d times everything",
        kFirstImports, m_killsInApply, nothing, kFirstImports - nothing);
    QVERIFY(nothing > 0);
    QCOMPARE_GE(m_killsInApply, kFirstImports / 4);
}

void TstCrash::point9KilledAtAnyMomentEitherGenerationIsThere()
{
    setDay(1);
    measure(m_ctl);
    SnapshotPtr old = companyOn(1);
    m_killsInApply = 0;
    int survivedOld = 0;
    int reachedNew = 0;
    for (int kill = 1; kill <= kKills - kFirstImports; ++kill) {
        const std::int64_t day = kill + 1;
        setDay(day);

        killAtSomeMoment(m_ctl);

        verifySound(m_ctl, kill);
        const SnapshotPtr stored = storedIn(m_ctl);
        const SnapshotPtr listed = companyOn(day);
        if (same(stored, listed)) {
            old = listed;
            ++reachedNew;
        } else {
            QVERIFY2(same(stored, old), qPrintable(u"torn by kill %1"_s.arg(kill)));
            ++survivedOld;
        }
    }
    qInfo("killed %d times, %d while it wrote: %d times the old generation, %d times the new one",
        kKills - kFirstImports, m_killsInApply, survivedOld, reachedNew);
    QVERIFY(survivedOld > 0);
    QVERIFY(reachedNew > 0);
    QCOMPARE_GE(m_killsInApply, kKills / 10);
    QCOMPARE(m_ctl.run(kSync).exitCode, 0);
    verifySound(m_ctl, 0);
}

static const bool kCrashRegistered = registerTestClass<TstCrash>("crash");

} // namespace portreeve::test

#include "tst_crash.moc"
