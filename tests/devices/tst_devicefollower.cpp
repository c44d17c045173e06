// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicefollower.h"
#include "core/proxy/databroker/databrokerclient.h"
#include "tests/support/devicesfixture.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace portreeve::test;

namespace portreeve::devices {

/// The device list stays current through what happens to a proxy.
class TstDeviceFollower : public QObject
{
    Q_OBJECT

private slots:
    void aProxyThatComesBackIsFollowedOn();
    void aProxyThatComesBackEmptyIsReadAnew();
    void aForgottenPositionIsReadAnew();
    void aWrongSecretIsForAPerson();
    void aProxyThatIsAwayDoesNotHoldTheEndUp();
};

namespace {

/// A proxy whose records are loaded and followed on the system's clock.
class Followed
{
public:
    explicit Followed(const DatabrokerClient* client = nullptr)
        : m_follower(
              client != nullptr ? *client : proxy.client(), m_clock,
              [this](const DatabrokerRecord& record) {
                  const std::lock_guard lock(m_mutex);
                  m_records.append(record.id);
              },
              [this](const FollowEvent& event) {
                  const std::lock_guard lock(m_mutex);
                  m_events.push_back(event.kind);
              })
    {
        const auto loaded = loadDevices(proxy.client(), {});
        const int already = proxy.proxy().count(u"Sync"_s);
        m_follower.start(loaded->followed);
        streams = static_cast<int>(loaded->followed.size());
        if (client == nullptr) {
            QTRY_VERIFY(proxy.proxy().count(u"Sync"_s) >= already + streams);
        }
    }

    QStringList records() const
    {
        const std::lock_guard lock(m_mutex);
        return m_records;
    }

    std::vector<FollowEventKind> events() const
    {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }

    void write(const QString& id)
    {
        proxy.proxy().write({ pendingRecord({ .enrollmentId = id }) });
    }

    DevicesFixture proxy;
    int streams = 0;

private:
    SystemClock m_clock;
    mutable std::mutex m_mutex;
    QStringList m_records;
    std::vector<FollowEventKind> m_events;
    DeviceFollower m_follower;
};

using Kinds = std::vector<FollowEventKind>;

} // namespace

void TstDeviceFollower::aProxyThatComesBackIsFollowedOn()
{
    Followed followed;

    followed.proxy.proxy().goAway();
    QTRY_COMPARE(followed.events(), Kinds { FollowEventKind::Away });
    followed.write(u"e-meanwhile"_s);
    followed.proxy.proxy().comeBack(false);

    QTRY_COMPARE(followed.events(), Kinds({ FollowEventKind::Away, FollowEventKind::Back }));
    QTRY_COMPARE(followed.records(), QStringList { u"e-meanwhile"_s });
    followed.write(u"e-after"_s);
    QTRY_COMPARE(followed.records(), QStringList({ u"e-meanwhile"_s, u"e-after"_s }));
}

void TstDeviceFollower::aProxyThatComesBackEmptyIsReadAnew()
{
    Followed followed;

    followed.proxy.proxy().goAway();
    QTRY_COMPARE(followed.events(), Kinds { FollowEventKind::Away });
    followed.proxy.proxy().comeBack(true);

    QTRY_COMPARE(followed.events(), Kinds({ FollowEventKind::Away, FollowEventKind::Outdated }));
    QCOMPARE(followed.proxy.proxy().syncsFromNothing(), 0); // proxy.md 5.6, case 16
}

void TstDeviceFollower::aForgottenPositionIsReadAnew()
{
    Followed followed;

    followed.proxy.proxy().trimLog();

    QTRY_COMPARE(followed.events(), Kinds { FollowEventKind::Outdated });
    QVERIFY(followed.records().isEmpty());
}

void TstDeviceFollower::aWrongSecretIsForAPerson()
{
    const DatabrokerDouble elsewhere;
    const SystemClock clock;
    const auto client = DatabrokerClient::open(
        elsewhere.endpoint(), [](UtcTime) { return QByteArray("a.b.c"); }, clock);

    Followed followed(client->get());

    QTRY_COMPARE(followed.events(), Kinds { FollowEventKind::Refused });
}

void TstDeviceFollower::aProxyThatIsAwayDoesNotHoldTheEndUp()
{
    QElapsedTimer timer;
    {
        Followed followed;
        followed.proxy.proxy().goAway();
        QTRY_COMPARE(followed.events(), Kinds { FollowEventKind::Away });
        timer.start();
    }
    QVERIFY(timer.elapsed() < 2'000); // the double's own end included
}

static const bool kDeviceFollowerRegistered
    = test::registerTestClass<TstDeviceFollower>("devicefollower");

} // namespace portreeve::devices

#include "tst_devicefollower.moc"
