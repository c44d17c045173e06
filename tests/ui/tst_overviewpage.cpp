// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/windowfixture.h"
#include "ui/models/targettext.h"
#include "ui/pages/overview/connectioncard.h"
#include "ui/pages/overview/recentruns.h"
#include "ui/pages/overview/targetcard.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"

#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
const QString kLongName = QString(64, u'w');
}

class TstOverviewPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aProxyShowsItsStateAndLastDelivery();
    void aProxyInNeedIsCountedAndNamedBelow();
    void aProxyCardLeadsToTheProxy();
    void theNewestSyncsLeadToTheHistory();
    void longNamesDoNotWidenTheWindow();

private:
    /// A stored proxy as if it had been delivered to. @return its id
    QString addTarget(const QString& name, TargetState state);

    template <typename WidgetType> WidgetType* find(const QString& name = {}) const
    {
        return m_fixture->window().findChild<WidgetType*>(name);
    }

    std::unique_ptr<test::WindowFixture> m_fixture;
};

void TstOverviewPage::init()
{
    m_fixture = std::make_unique<test::WindowFixture>();
    QVERIFY(m_fixture->show());
    QVERIFY(!m_fixture->addSample(50).isEmpty());
}

void TstOverviewPage::cleanup()
{
    m_fixture.reset();
}

QString TstOverviewPage::addTarget(const QString& name, TargetState state)
{
    const auto added = m_fixture->ask([name, state](Store& store) {
        auto target = store.targets().add({ .name = name,
            .options = { { u"address"_s, u"127.0.0.1:5999"_s }, { u"automatic"_s, u"false"_s } },
            .storedSecrets = { u"shared_secret"_s } });
        if (!target) {
            return target;
        }
        target->state = state;
        target->lastSuccessAt = target->createdAt;
        if (state == TargetState::NeedsAttention) {
            target->lastError
                = Error { .code = ErrorCode::Auth, .what = message("The proxy refused.") };
        }
        const auto saved = store.targets().updateState(*target);
        return saved ? target : Result<ProxyTarget>(saved.error());
    });
    m_fixture->context().targets.refresh();
    const bool isShown
        = QTest::qWaitFor([this] { return find<TargetCard>() != nullptr; }, test::kPatienceMs);
    return added && isShown ? added->id : QString();
}

void TstOverviewPage::aProxyShowsItsStateAndLastDelivery()
{
    QVERIFY(!addTarget(u"Office proxy"_s, TargetState::InStep).isEmpty());

    const auto* card = find<TargetCard>();
    QCOMPARE(card->findChild<TextLabel*>(u"cardTitle"_s)->text(), u"Office proxy"_s);
    QCOMPARE(card->findChild<StatusBadge*>()->text(), targetStateText(TargetState::InStep));
    QVERIFY(card->findChild<TextLabel*>(u"lastDelivery"_s)->text().startsWith(u"Last delivery"));
    QVERIFY(!card->findChild<TextLabel*>(u"targetProblem"_s)->isVisibleTo(card));
    QVERIFY(find<QToolButton>(u"targetsStatus"_s)->isVisible());
}

void TstOverviewPage::aProxyInNeedIsCountedAndNamedBelow()
{
    QVERIFY(!find<QToolButton>(u"targetsStatus"_s)->isVisible());

    QVERIFY(!addTarget(u"Office proxy"_s, TargetState::NeedsAttention).isEmpty());

    const auto* card = find<TargetCard>();
    QVERIFY(card->findChild<TextLabel*>(u"targetProblem"_s)->text().contains(u"refused"));
    QTRY_VERIFY(find<TextLabel>(u"overviewSummary"_s)->text().contains(u"1 of them"));
    auto* light = find<QToolButton>(u"targetsStatus"_s);
    QVERIFY(light->text().contains(targetStateText(TargetState::NeedsAttention)));
    QVERIFY(light->toolTip().contains(u"Office proxy"));
    light->click();
    QCOMPARE(m_fixture->window().currentPageId(), u"proxy"_s);
}

void TstOverviewPage::aProxyCardLeadsToTheProxy()
{
    QVERIFY(!addTarget(u"Office proxy"_s, TargetState::InStep).isEmpty());

    find<TargetCard>()->findChild<QPushButton*>(u"openTarget"_s)->click();

    QCOMPARE(m_fixture->window().currentPageId(), u"proxy"_s);
}

void TstOverviewPage::theNewestSyncsLeadToTheHistory()
{
    auto* recent = find<RecentRuns>();
    QTRY_VERIFY(recent->isVisible());
    auto* table = recent->findChild<TableView*>();
    QTRY_COMPARE(table->model()->rowCount(), 1);

    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Return);

    QCOMPARE(m_fixture->window().currentPageId(), u"history"_s);
}

void TstOverviewPage::longNamesDoNotWidenTheWindow()
{
    MainWindow& window = m_fixture->window();
    QVERIFY(!addTarget(u"Office proxy"_s, TargetState::InStep).isEmpty());
    for (const auto& page : pageList()) {
        window.showPage(page.id);
    }
    const int before = window.minimumSizeHint().width();

    const auto renamed = m_fixture->ask([](Store& store) -> Result<void> {
        auto connections = store.connections().list();
        auto targets = store.targets().list();
        if (!connections || !targets) {
            return connections ? targets.error() : connections.error();
        }
        connections->front().name = kLongName;
        targets->front().name = kLongName;
        const auto stored = store.connections().updateSettings(connections->front());
        return stored ? store.targets().updateSettings(targets->front()) : stored;
    });
    QVERIFY(renamed.hasValue());
    m_fixture->connections().refresh();
    m_fixture->context().targets.refresh();
    QTRY_COMPARE(m_fixture->connections().connections().front().name, kLongName);
    QTRY_COMPARE(m_fixture->context().targets.targets().front().name, kLongName);
    for (const auto& page : pageList()) {
        window.showPage(page.id);
    }
    QTest::qWait(0);

    const int room = window.fontMetrics().horizontalAdvance(kLongName);
    const int after = window.minimumSizeHint().width();
    QVERIFY2(after < before + room / 4, qPrintable(u"%1, then %2"_s.arg(before).arg(after)));
}

static const bool kOverviewPageRegistered
    = test::registerTestClass<TstOverviewPage>("overviewpage");

} // namespace portreeve

#include "tst_overviewpage.moc"
