// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "tests/support/connectorrun.h"
#include "tests/support/fakekeycloak.h"
#include "tests/support/httprun.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTest>
#include <QUrlQuery>

#include <malloc.h>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::ConnectorRun;
using test::FakeClock;
using test::FakeReply;
using test::HttpRun;

namespace {

constexpr int kUsers = 200'000;
constexpr int kGroups = 20'000;
constexpr int kMembers = 100; // of each group: two million in all
constexpr qint64 kMegabyte = 1024 * 1024;
constexpr qint64 kMost = 300 * kMegabyte;

/// A value of /proc/self/status in bytes.
qint64 statusBytes(const QByteArray& key)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith(QByteArray(key + ':'))) {
            return line.sliced(key.size() + 1).chopped(3).trimmed().toLongLong() * 1024;
        }
    }
    return 0;
}

/// How far memory rose above what was in use when this was made.
class MemoryWatch
{
public:
    MemoryWatch()
    {
        malloc_trim(0);
        QFile peak(u"/proc/self/clear_refs"_s);
        m_isReset = peak.open(QIODevice::WriteOnly) && peak.write("5") == 1;
        peak.close();
        m_before = statusBytes("VmRSS");
    }

    /// False where the kernel does not let the peak be set back.
    bool canTell() const { return m_isReset && m_before > 0; }

    qint64 risen() const { return statusBytes("VmHWM") - m_before; }

private:
    bool m_isReset = false;
    qint64 m_before = 0;
};

QByteArray userId(int user)
{
    return "7c0d5b1e-4a6f-4a53-9d3e-" + QByteArray::number(user).rightJustified(12, '0');
}

QByteArray groupId(int group)
{
    return "1f9e2c40-77aa-4b0d-8a11-" + QByteArray::number(group).rightJustified(12, '0');
}

/// A realm of that size whose pages are made when asked for, so that it takes no memory itself.
class LargeRealm
{
public:
    std::optional<FakeReply> answer(const HttpRequest& request)
    {
        const QString path = request.url.path();
        const QString realm = QString::fromLatin1(test::FakeKeycloak::kRealmPath);
        if (!path.startsWith(realm)) {
            return m_door.answer(request);
        }
        const QString what = path.sliced(realm.size());
        const QUrlQuery query(request.url);
        const int first = query.queryItemValue(u"first"_s).toInt();
        const int most = query.queryItemValue(u"max"_s).toInt();
        if (what == u"users/count") {
            return FakeReply { .body = QByteArray::number(kUsers) };
        }
        if (what == u"groups/count") {
            return FakeReply { .body = "{\"count\":" + QByteArray::number(kGroups) + '}' };
        }
        if (what == u"users") {
            return page(first, most, kUsers, userRow);
        }
        if (what == u"groups") {
            return page(first, most, kGroups, groupRow);
        }
        const int group = QStringView(what).mid(sizeof "groups/" - 1, 36).right(12).toInt();
        return page(first, most, kMembers, [group](int place) {
            return userRow(static_cast<int>((std::int64_t { group } * 7919 + place) % kUsers));
        });
    }

private:
    template <typename Row> static FakeReply page(int first, int most, int count, Row row)
    {
        QByteArray body = "[";
        for (int i = first; i < std::min(first + most, count); ++i) {
            body += (i == first ? "" : ",") + row(i);
        }
        return { .body = body + ']' };
    }

    static QByteArray userRow(int user)
    {
        const QByteArray number = QByteArray::number(user);
        return "{\"id\":\"" + userId(user) + "\",\"username\":\"person" + number
            + "\",\"firstName\":\"Person\",\"lastName\":\"Number " + number
            + "\",\"email\":\"person" + number
            + "@example.org\",\"emailVerified\":true,\"createdTimestamp\":1764000000000,"
              "\"enabled\":true,\"totp\":false,\"disableableCredentialTypes\":[],"
              "\"requiredActions\":[],\"notBefore\":0}";
    }

    static QByteArray groupRow(int group)
    {
        const QByteArray name = "Group " + QByteArray::number(group);
        return "{\"id\":\"" + groupId(group) + "\",\"name\":\"" + name + "\",\"path\":\"/" + name
            + "\",\"subGroupCount\":0,\"subGroups\":[]}";
    }

    test::FakeKeycloak m_door;
};

QByteArray largeBundle()
{
    constexpr int groupsOfUser = kGroups * kMembers / kUsers;
    Bundle bundle;
    for (int group = 0; group < kGroups; ++group) {
        bundle.groups.push_back(
            { .id = QString::fromLatin1(groupId(group)), .name = u"Group %1"_s.arg(group) });
    }
    for (int user = 0; user < kUsers; ++user) {
        BundleUser record { .id = QString::fromLatin1(userId(user)),
            .displayName = u"Person Number %1"_s.arg(user),
            .email = u"person%1@example.org"_s.arg(user) };
        for (int i = 0; i < groupsOfUser; ++i) {
            record.groupIds.push_back(
                bundle.groups[static_cast<std::size_t>((user * groupsOfUser + i) % kGroups)].id);
        }
        bundle.users.push_back(std::move(record));
    }
    return writeBundle(std::move(bundle))->bytes;
}

} // namespace

/// Point 7 of what every connector has to keep: 200,000 users, 20,000 groups and 2,000,000
/// memberships in less than 300 MB.
class TstConnectorMemory : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void keycloakStaysWithinItsShare();
    void aBundleStaysWithinItsShare();
    void aSampleStaysWithinItsShare();

private:
    static void verifyLarge(const std::function<Result<SnapshotPtr>()>& fetch,
        std::size_t leastMemberships = std::size_t(kGroups) * kMembers);
    static void verifyMillions(const Snapshot& snapshot, std::size_t leastMemberships);
};

void TstConnectorMemory::initTestCase()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("memory is judged without sanitizers");
#endif
}

void TstConnectorMemory::verifyLarge(
    const std::function<Result<SnapshotPtr>()>& fetch, std::size_t leastMemberships)
{
    const MemoryWatch watch;
    if (!watch.canTell()) {
        QSKIP("this kernel does not tell the peak of a part of a run");
    }

    const auto snapshot = fetch();

    const qint64 risen = watch.risen();
    QVERIFY2(snapshot.hasValue(), snapshot ? "" : qUtf8Printable(snapshot.error().toText()));
    verifyMillions(**snapshot, leastMemberships);
    qInfo("memory rose by %lld MB", static_cast<long long>(risen / kMegabyte));
    QCOMPARE_LT(risen, kMost);
}

void TstConnectorMemory::verifyMillions(const Snapshot& snapshot, std::size_t leastMemberships)
{
    QCOMPARE(snapshot.userCount(), Row(kUsers));
    QCOMPARE_GE(snapshot.groupCount(), Row(kGroups));
    QCOMPARE_GE(snapshot.userMembershipCount(), leastMemberships);
}

void TstConnectorMemory::keycloakStaysWithinItsShare()
{
    LargeRealm realm;
    HttpRun run(u"keycloak"_s,
        { { u"url"_s, u"https://id.example.org"_s }, { u"realm"_s, u"company"_s },
            { u"client_id"_s, u"directory-sync"_s } },
        { { u"client_secret"_s, u"planted-secret-value"_s } });
    run.http().setServer([&realm](const HttpRequest& request) { return realm.answer(request); });

    verifyLarge([&run] { return run.fetch(); });
}

void TstConnectorMemory::aBundleStaysWithinItsShare()
{
    const QByteArray bytes = largeBundle();
    HttpRun run(u"blob"_s, { { u"source"_s, u"https://files.example.org/bundle.zip"_s } }, {});
    run.http().setServer([bytes](const HttpRequest&) { return FakeReply { .body = bytes }; });

    verifyLarge([&run] { return run.fetch(); });
}

void TstConnectorMemory::aSampleStaysWithinItsShare()
{
    FakeClock clock;
    ConnectorRun run(clock, u"sample"_s,
        { { u"users"_s, QString::number(kUsers) }, { u"groups"_s, QString::number(kGroups) } });

    verifyLarge([&run] { return run.fetch(); }, 1'000'000); // it makes up 1.1 million
}

static const bool kConnectorMemoryRegistered
    = test::registerTestClass<TstConnectorMemory>("connectormemory");

} // namespace portreeve

#include "tst_connectormemory.moc"
