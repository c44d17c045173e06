// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/modaldriver.h"
#include "ui/pages/changes/changespage.h"
#include "ui/pages/history/historypage.h"
#include "ui/pages/history/rundetail.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstHistoryPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void runsAreListedNewestFirst();
    void aRunShowsEachChangePageByPage();
    void aFailedRunShowsItsError();
    void aRunChosenWhileUnderWayIsShownAnewWhenItEnds();
    void aRunIsRevertedAsAPreviewFirst();
    void anOldRunOpensFromALink();
    void everyCellOfARunIsReadable();
    void nothingIsOfferedToChooseInAnEmptyList();
    void whatARunAddedIsNotToldTwice();

private:
    /// Waits until the page lists @p count runs and none as still under way: a page that is in
    /// view also reads while a run is being written.
    bool listsFinished(int count);
    int people() const; ///< stored

    TableView* runs() const { return m_page->findChild<TableView*>(u"runs"_s); }

    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<HistoryPage> m_page;
    QString m_id;
};

void TstHistoryPage::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_desk = std::make_unique<test::Desk>();
    m_id = m_desk->addConnection(u"Staff"_s);
    QVERIFY(!m_id.isEmpty());
    m_page = std::make_unique<HistoryPage>(m_desk->context());
    m_page->resize(1200, 900);
    m_page->show();
    for (auto* model : m_page->findChildren<RowsModel*>()) {
        new QAbstractItemModelTester(
            model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
    }
}

void TstHistoryPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
}

bool TstHistoryPage::listsFinished(int count)
{
    m_page->activate();
    return QTest::qWaitFor(
        [this, count] {
            const auto& listed = m_page->model()->runs();
            return static_cast<int>(listed.size()) == count
                && std::all_of(listed.begin(), listed.end(),
                    [](const RunRecord& run) { return run.finishedAt.has_value(); });
        },
        test::kPatienceMs);
}

int TstHistoryPage::people() const
{
    const auto stored
        = m_desk->inStore([id = m_id](Store& store) { return store.directory().load(id); });
    return stored ? static_cast<int>(stored->snapshot->userCount()) : -1;
}

void TstHistoryPage::runsAreListedNewestFirst()
{
    m_desk->provider().answer(test::crowd(30));
    QVERIFY(m_desk->sync(m_id));
    m_desk->provider().answer(test::crowd(31));
    QVERIFY(m_desk->sync(m_id));

    QVERIFY(listsFinished(2));

    QCOMPARE(runs()->model()->rowCount(), 2);
    QVERIFY(m_page->model()->run(0).id > m_page->model()->run(1).id);
    QVERIFY(runs()->model()->index(0, RunsModel::Users).data().toString().contains(u"+1"));
}

void TstHistoryPage::aRunShowsEachChangePageByPage()
{
    constexpr int kPeople = 600; // more than two pages
    m_desk->provider().answer(test::crowd(kPeople));
    QVERIFY(m_desk->sync(m_id));
    QVERIFY(listsFinished(1));

    runs()->selectRow(0);

    const RunChangesModel* changes = m_page->detail()->changes();
    QCOMPARE(changes->rowCount(), 2 * kPeople + 1);
    const auto nameAt = [changes](int line) {
        return changes->index(line, RunChangesModel::Name).data().toString();
    };
    QTRY_COMPARE(nameAt(0), u"everyone"_s);
    QTRY_VERIFY(nameAt(2 * kPeople).contains(u"u599"));
}

void TstHistoryPage::aFailedRunShowsItsError()
{
    m_desk->provider().answer(
        test::Answer { .error = Error { .code = ErrorCode::Permission,
                           .what = message("The account may not list groups.") } });
    QVERIFY(!m_desk->sync(m_id));
    QVERIFY(listsFinished(1));

    runs()->selectRow(0);

    QCOMPARE(m_page->detail()->run().outcome, RunOutcome::Failed);
    QVERIFY(m_page->detail()->run().error.has_value());
    QVERIFY(!m_page->findChild<QPushButton*>(u"revert"_s)->isEnabled());
}

void TstHistoryPage::aRunChosenWhileUnderWayIsShownAnewWhenItEnds()
{
    std::atomic<bool> isReading = false;
    std::atomic<bool> mayGoOn = false;
    m_desk->provider().answer({ .listing = test::crowd(30), .meanwhile = [&](RunContext& run) {
                                   isReading = true;
                                   while (!mayGoOn && !run.stop.stop_requested()) {
                                       std::this_thread::yield();
                                   }
                               } });
    m_desk->sync().sync(m_id);
    QTRY_VERIFY(isReading);
    m_page->activate();
    QTRY_COMPARE(runs()->model()->rowCount(), 1);
    runs()->selectRow(0);
    const auto* revert = m_page->findChild<QPushButton*>(u"revert"_s);
    QVERIFY(!revert->isEnabled());

    mayGoOn = true;

    QTRY_VERIFY(revert->isEnabled());
    QCOMPARE(m_page->detail()->run().outcome, RunOutcome::Succeeded);
    QCOMPARE(m_page->detail()->changes()->rowCount(), 2 * 30 + 1);
}

void TstHistoryPage::aRunIsRevertedAsAPreviewFirst()
{
    m_desk->provider().answer(test::crowd(30));
    QVERIFY(m_desk->sync(m_id));
    m_desk->provider().answer(test::crowd(32));
    QVERIFY(m_desk->sync(m_id));
    ChangesPage changes(m_desk->context());
    changes.show();
    changes.activate();
    QVERIFY(listsFinished(2));
    runs()->selectRow(0);
    QSignalSpy went(m_page.get(), &Page::navigationRequested);

    QVERIFY(m_page->findChild<QPushButton*>(u"revert"_s)->isEnabled());
    m_page->findChild<QPushButton*>(u"revert"_s)->click();

    QCOMPARE(went.count(), 1);
    QCOMPARE(went.front().front().toString(), u"changes"_s);
    QTRY_VERIFY(
        changes.board().work(m_id) != nullptr && changes.board().work(m_id)->plan != nullptr);
    const SyncPlanPtr plan = changes.board().work(m_id)->plan;
    QCOMPARE(plan->counts.users.removed, 2);
    QVERIFY(plan->revertsRun.has_value());
    QCOMPARE(people(), 32);

    auto* apply = changes.findChild<QPushButton*>(u"apply"_s);
    changes.open(went.front().back().toString());
    QTRY_VERIFY(apply->isEnabled());
    apply->click();
    QVERIFY(test::answerDialog(changes, u"confirmDialog"_s,
        [](QDialog& dialog) { QVERIFY(test::clickButton(dialog, u"confirmButton"_s)); }));

    QTRY_VERIFY(changes.board().work(m_id)->applied.has_value());
    QCOMPARE(people(), 30);
    QVERIFY(listsFinished(3));
    QCOMPARE(m_page->model()->runs().front().revertsRun, plan->revertsRun);
}

void TstHistoryPage::anOldRunOpensFromALink()
{
    m_desk->provider().answer(test::crowd(30));
    QVERIFY(m_desk->sync(m_id));
    const auto listed = m_desk->inStore([](Store& store) { return store.runs().list({}); });
    QVERIFY(listed.hasValue() && !listed->empty());

    m_page->open(u"run:"_s + QString::number(listed->front().id));

    QTRY_VERIFY(m_page->detail()->isVisible());
    QCOMPARE(m_page->detail()->run().id, listed->front().id);
}

void TstHistoryPage::everyCellOfARunIsReadable()
{
    const auto stored = m_desk->inStore([id = m_id, now = m_desk->now()](Store& store) {
        return store.runs().record({ .connectionId = id,
            .connectionName = u"Staff"_s,
            .trigger = RunTrigger::CommandLine,
            .startedAt = now,
            .finishedAt = now,
            .outcome = RunOutcome::Interrupted });
    });
    QVERIFY(stored.hasValue());
    QVERIFY(listsFinished(1));

    const TableView& table = *runs();
    for (int column = 0; column < table.model()->columnCount(); ++column) {
        const QModelIndex cell = table.model()->index(0, column);
        QVERIFY2(table.sizeHintForIndex(cell).width() <= table.columnWidth(column),
            qPrintable(cell.data().toString()));
    }
    QTRY_COMPARE(table.horizontalScrollBar()->maximum(), 0);
    // The number is read beside the start, not at the far edge of a stretched column.
    QVERIFY(table.columnWidth(RunsModel::Id) < table.columnWidth(RunsModel::Started));
}

void TstHistoryPage::nothingIsOfferedToChooseInAnEmptyList()
{
    const auto* detail = m_page->detail()->parentWidget();
    QVERIFY(listsFinished(0));
    QVERIFY(!detail->isVisible());

    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(m_id));

    QVERIFY(listsFinished(1));
    QTRY_VERIFY(detail->isVisible());
}

void TstHistoryPage::whatARunAddedIsNotToldTwice()
{
    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(m_id));
    QVERIFY(listsFinished(1));

    runs()->selectRow(0);

    const RunChangesModel* changes = m_page->detail()->changes();
    QTRY_COMPARE(changes->index(0, RunChangesModel::Name).data().toString(), u"everyone"_s);
    QCOMPARE(changes->index(0, RunChangesModel::What).data().toString(), QString());
}

static const bool kHistoryPageRegistered = test::registerTestClass<TstHistoryPage>("historypage");

} // namespace portreeve

#include "tst_historypage.moc"
