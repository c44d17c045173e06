// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "tests/pages/desk.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/widgets/messagebar.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

/// What the overview says of device links that approve beforehand (devices.md 6).
class TstOverviewLinks : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void unusedApprovedLinksAreCounted();
    void usedLinksAreNotSpokenOf();
    void linksOfAProxyThatIsAwayMayBeUnused();
    void whatWasPutAwayStaysAway();

private:
    const MessageBar* notice() const
    {
        const auto bars = m_page->findChildren<MessageBar*>();
        const auto shown = std::ranges::find_if(
            bars, [](const MessageBar* bar) { return bar->text().contains(u"beforehand"_s); });
        return shown == bars.end() ? nullptr : *shown;
    }

    bool isShown() const { return notice() != nullptr && notice()->isVisible(); }

    void addLink(const QString& enrollmentId, std::chrono::hours validity, bool approved = true);
    bool askAgain();

    std::unique_ptr<test::DatabrokerDouble> m_proxy;
    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<OverviewPage> m_page;
    QString m_target;
};

void TstOverviewLinks::init()
{
    m_proxy = std::make_unique<test::DatabrokerDouble>();
    m_desk = std::make_unique<test::Desk>();
    m_proxy->setClockAhead(m_desk->clockAhead());
    m_target = m_desk->addTarget(u"Office"_s, { { u"address"_s, m_proxy->endpoint().address() } },
        QString::fromLatin1(test::DatabrokerDouble::secret().toBase64()));
    m_page = std::make_unique<OverviewPage>(m_desk->context(), nullptr);
    m_page->show();
}

void TstOverviewLinks::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_proxy.reset();
}

void TstOverviewLinks::addLink(
    const QString& enrollmentId, std::chrono::hours validity, bool approved)
{
    const DeviceLink link { .enrollmentId = enrollmentId,
        .targetId = m_target,
        .userId = u"u-ann"_s,
        .type = u"any"_s,
        .host = u"app.example.org"_s,
        .issuedAt = m_desk->now(),
        .expiresAt = m_desk->now() + validity,
        .approved = approved };
    QVERIFY(m_desk->inStore([link](Store& store) { return store.deviceLinks().add({ link }); }));
    m_proxy->write({ test::pendingRecord({ .enrollmentId = enrollmentId }) });
}

/// Comes back to the page and waits until the proxy was asked.
bool TstOverviewLinks::askAgain()
{
    const int already = m_proxy->count(u"SyncLatest"_s);
    m_page->activate();
    if (!QTest::qWaitFor([this, already] { return m_proxy->count(u"SyncLatest"_s) > already; })) {
        return false;
    }
    // Once the store's thread is free again its answer is under way or here.
    m_desk->context().proxyStore.run([](Store&) { return Result<int>(0); }).waitForFinished();
    QCoreApplication::processEvents();
    return true;
}

void TstOverviewLinks::unusedApprovedLinksAreCounted()
{
    addLink(u"e-1"_s, 48h);
    addLink(u"e-2"_s, 24h);
    addLink(u"e-over"_s, -1h);
    addLink(u"e-plain"_s, 48h, false);
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    QVERIFY(askAgain());

    QTRY_VERIFY(isShown());
    QVERIFY2(notice()->text().startsWith(u"2 "_s), qPrintable(notice()->text()));
    QVERIFY2(notice()->text().contains(u"The first ends"_s), qPrintable(notice()->text()));
    for (auto* button : notice()->findChildren<QPushButton*>()) {
        button->click();
    }
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().front().toString(), u"devices"_s);
}

void TstOverviewLinks::usedLinksAreNotSpokenOf()
{
    addLink(u"e-1"_s, 48h);
    QVERIFY(askAgain());
    QTRY_VERIFY(isShown());
    m_proxy->write({ test::enrollmentRecord(
        { .enrollmentId = u"e-1"_s, .credentialId = u"C1"_s, .userId = u"u-ann"_s }) });

    QVERIFY(askAgain());

    QTRY_VERIFY(!isShown());
}

void TstOverviewLinks::linksOfAProxyThatIsAwayMayBeUnused()
{
    addLink(u"e-1"_s, 48h);
    m_proxy->goAway();

    m_page->activate();

    QTRY_VERIFY_WITH_TIMEOUT(isShown(), 15'000);
    QVERIFY2(notice()->text().contains(u"may be unused"_s), qPrintable(notice()->text()));
}

void TstOverviewLinks::whatWasPutAwayStaysAway()
{
    addLink(u"e-1"_s, 48h);
    QVERIFY(askAgain());
    QTRY_VERIFY(isShown());
    notice()->findChild<QToolButton*>(u"messageBarClose"_s)->click();

    QVERIFY(askAgain());
    QVERIFY(!isShown());
    addLink(u"e-2"_s, 48h);
    QVERIFY(askAgain());

    QTRY_VERIFY(isShown());
}

static const bool kOverviewLinksRegistered
    = test::registerTestClass<TstOverviewLinks>("overviewlinks");

} // namespace portreeve

#include "tst_overviewlinks.moc"
