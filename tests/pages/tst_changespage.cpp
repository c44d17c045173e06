// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "ui/pages/changes/changespage.h"
#include "ui/pages/changes/heldview.h"
#include "ui/pages/changes/planview.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstChangesPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aPreviewShowsEveryChangeAndAppliesThem();
    void changesAreFilteredByKindActionAndText();
    void oldAndNewValueStandSideBySide();
    void whatIsTakenAwayIsAskedAboutByKind();
    void everyHeldRowSaysWhyItWaits();
    void heldRowsAreApprovedAfterTheNumbersWereNamed();
    void someHeldRowsAreApprovedAlone();
    void anApprovalOfAnOldHoldIsNotUsedWhenTheSourceMoved();
    void rejectedRowsStay();
    void theProtectedAdministratorCannotBeApproved();
    void aPreviewIsOutdatedOnceTheStateMoves();
    void aFailedPreviewNamesTheReason();
    void withoutConnectionsOnlyTheWayToOneIsShown();

private:
    void preview();
    void holdBySync(const test::Listing& after, const test::Listing& before = test::crowd(100));
    void confirm();

    QPushButton* button(const QString& name) const { return m_page->findChild<QPushButton*>(name); }

    TableView* changes() const
    {
        return m_page->findChild<PlanView*>()->findChild<TableView*>(u"changes"_s);
    }

    HeldView* held() const { return m_page->findChild<HeldView*>(); }

    int liveUsers() const;

    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<ChangesPage> m_page;
    QString m_id;
};

void TstChangesPage::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_desk = std::make_unique<test::Desk>();
    m_id = m_desk->addConnection(u"Staff"_s);
    QVERIFY(!m_id.isEmpty());
    m_page = std::make_unique<ChangesPage>(m_desk->context());
    m_page->resize(1300, 900);
    m_page->show();
    for (auto* model : m_page->findChildren<RowsModel*>()) {
        new QAbstractItemModelTester(
            model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
    }
    m_page->activate();
    QTRY_VERIFY(m_page->board().work(m_id) != nullptr);
}

void TstChangesPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
}

void TstChangesPage::preview()
{
    QTRY_VERIFY(button(u"preview"_s)->isEnabled());
    button(u"preview"_s)->click();
    QTRY_VERIFY(
        m_page->board().work(m_id)->plan != nullptr && !m_page->board().work(m_id)->running);
}

/// A first sync of 100 people, then one that would lose some of them.
void TstChangesPage::holdBySync(const test::Listing& after, const test::Listing& before)
{
    m_desk->provider().answer(before);
    QVERIFY(m_desk->sync(m_id));
    m_desk->provider().answer(after);
    QVERIFY(m_desk->sync(m_id));
    QTRY_VERIFY(m_page->board().work(m_id)->hold.has_value());
    QTRY_VERIFY(!m_page->board().work(m_id)->running);
    m_page->open(u"hold:"_s + m_id);
    QTRY_VERIFY(held()->isVisible());
    QTRY_VERIFY(held()->model()->rowCount() > 0);
    QTRY_VERIFY(button(u"reject"_s)->isEnabled());
}

void TstChangesPage::confirm()
{
    auto* dialog = m_page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    const auto buttons = dialog->findChildren<QPushButton*>();
    const auto verb = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton* button) {
        return button->text().contains(u"Approve") || button->text().contains(u"Reject")
            || button->text().contains(u"Apply");
    });
    QVERIFY(verb != buttons.end());
    (*verb)->click();
}

int TstChangesPage::liveUsers() const
{
    const auto stored
        = m_desk->inStore([id = m_id](Store& store) { return store.directory().load(id); });
    return stored ? static_cast<int>(stored->snapshot->userCount()) : -1;
}

void TstChangesPage::aPreviewShowsEveryChangeAndAppliesThem()
{
    m_desk->provider().answer(test::smallCompany());
    QVERIFY(!button(u"apply"_s)->isEnabled());

    preview();

    QTRY_COMPARE(changes()->model()->rowCount(), 4 + 5 + 8);
    QCOMPARE(liveUsers(), 0); // a preview changes nothing
    QVERIFY(m_page->findChild<QLabel*>(u"planHash"_s)->toolTip().size() == 64);
    QTRY_VERIFY(button(u"apply"_s)->isEnabled());
    button(u"apply"_s)->click();
    QTRY_VERIFY(m_page->board().work(m_id)->applied.has_value());
    QCOMPARE(liveUsers(), 5);
}

void TstChangesPage::changesAreFilteredByKindActionAndText()
{
    m_desk->provider().answer(test::smallCompany());
    preview();
    auto* view = m_page->findChild<PlanView*>();

    view->findChild<QComboBox*>(u"kind"_s)->setCurrentIndex(1);
    QTRY_COMPARE(changes()->model()->rowCount(), 5);
    view->findChild<QLineEdit*>(u"search"_s)->setText(u"MÜLLER"_s);
    QTRY_COMPARE(changes()->model()->rowCount(), 1);
    view->findChild<QComboBox*>(u"action"_s)->setCurrentIndex(5);

    QTRY_COMPARE(changes()->model()->rowCount(), 0);
}

void TstChangesPage::oldAndNewValueStandSideBySide()
{
    test::Listing company = test::smallCompany();
    m_desk->provider().answer(company);
    QVERIFY(m_desk->sync(m_id));
    company.userOf(u"bob"_s).displayName = u"Robert"_s;
    m_desk->provider().answer(company);

    preview();
    QTRY_COMPARE(changes()->model()->rowCount(), 1);
    changes()->selectRow(0);

    const auto* detail
        = m_page->findChild<PlanView*>()->findChild<TableView*>(u"detail"_s)->model();
    QCOMPARE(detail->rowCount(), 1);
    QCOMPARE(detail->index(0, 1).data(RowsModel::kRawRole).toString(), u"bob"_s);
    QCOMPARE(detail->index(0, 2).data(RowsModel::kRawRole).toString(), u"Robert"_s);
}

void TstChangesPage::whatIsTakenAwayIsAskedAboutByKind()
{
    m_desk->provider().answer(test::crowd(100));
    QVERIFY(m_desk->sync(m_id));
    m_desk->provider().answer(test::crowd(99));
    preview();
    QTRY_VERIFY(button(u"apply"_s)->isEnabled());
    QVERIFY(changes()->isColumnHidden(PlanModel::Held)); // nothing is
    const auto counts = m_page->findChild<QWidget*>(u"counts"_s)->findChildren<QLabel*>();
    QCOMPARE(std::count_if(counts.begin(), counts.end(),
                 [](const QLabel* label) { return label->text().contains(u"suspended"); }),
        1);

    button(u"apply"_s)->click();

    const auto* dialog = m_page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    const QString text = dialog->findChild<QLabel*>(u"confirmText"_s)->text();
    QVERIFY2(text.contains(u"It removes 1 user") && !text.contains(u"groups"), qPrintable(text));
    confirm();
    QTRY_COMPARE(liveUsers(), 99);
}

void TstChangesPage::everyHeldRowSaysWhyItWaits()
{
    // Few memberships go with the people who do: no guard of memberships trips.
    const auto withTeams = [](int people) {
        test::Listing listing = test::crowd(people);
        const test::Listing most = test::crowd(78);
        QStringList ids;
        for (const auto& user : most.users) {
            ids.append(user.id);
        }
        for (const QString& team : { u"north"_s, u"south"_s, u"east"_s, u"west"_s }) {
            listing.members(team, { ids.begin(), ids.end() });
        }
        return listing;
    };
    holdBySync(withTeams(78), withTeams(100));

    const auto& lines = held()->model()->rows().lines;
    QVERIFY(std::any_of(lines.begin(), lines.end(),
        [](const HeldLine& line) { return line.kind == ObjectKind::Membership; }));
    for (const HeldLine& line : lines) {
        QVERIFY2(line.reason.contains(u"many users missing"), qPrintable(line.name));
    }
}

void TstChangesPage::heldRowsAreApprovedAfterTheNumbersWereNamed()
{
    holdBySync(test::crowd(50));
    QCOMPARE(liveUsers(), 100);
    QVERIFY(held()->findChild<QLabel*>(u"reasons"_s)->text().contains(u"50"));

    button(u"approveAll"_s)->click();
    QVERIFY(m_page->findChild<ConfirmDialog*>() != nullptr);
    confirm();

    QTRY_COMPARE(liveUsers(), 50);
    QTRY_VERIFY(!m_page->board().work(m_id)->hold.has_value());
}

void TstChangesPage::someHeldRowsAreApprovedAlone()
{
    holdBySync(test::crowd(50));
    QVERIFY(held()->table()->selectKey(u"user:u099"_s));
    QTRY_VERIFY(button(u"approveSelected"_s)->isEnabled());

    button(u"approveSelected"_s)->click();
    confirm();

    QTRY_COMPARE(liveUsers(), 99);
}

void TstChangesPage::anApprovalOfAnOldHoldIsNotUsedWhenTheSourceMoved()
{
    holdBySync(test::crowd(50));
    m_desk->provider().answer(test::crowd(40));
    QSignalSpy outdated(&m_page->board(), &ChangesBoard::approvalOutdated);

    button(u"approveAll"_s)->click();
    confirm();

    QTRY_COMPARE(outdated.count(), 1);
    QCOMPARE(liveUsers(), 100);
}

void TstChangesPage::rejectedRowsStay()
{
    holdBySync(test::crowd(50));

    button(u"reject"_s)->click();
    confirm();

    QTRY_VERIFY(!m_page->board().work(m_id)->hold.has_value());
    QVERIFY(m_desk->sync(m_id));
    QCOMPARE(liveUsers(), 100);
}

void TstChangesPage::theProtectedAdministratorCannotBeApproved()
{
    m_desk->provider().answer(test::crowd(100));
    QVERIFY(m_desk->sync(m_id));
    const auto done = m_desk->inStore([id = m_id](Store& store) {
        return store.directory().setProtected(id, u"u099"_s, true, u"admin"_s);
    });
    QVERIFY(done.hasValue());
    m_desk->provider().answer(test::crowd(99));
    QVERIFY(m_desk->sync(m_id));
    QTRY_VERIFY(m_page->board().work(m_id)->hold.has_value());

    m_page->open(u"hold:"_s + m_id);

    QTRY_VERIFY(held()->model()->rows().locked > 0);
    QVERIFY(held()->findChild<QLabel*>(u"locked"_s)->isVisible());
    QVERIFY(held()->table()->selectKey(u"user:u099"_s));
    QVERIFY(!button(u"approveSelected"_s)->isEnabled());
}

void TstChangesPage::aPreviewIsOutdatedOnceTheStateMoves()
{
    m_desk->provider().answer(test::crowd(10));
    preview();
    const auto shown = m_page->board().work(m_id)->plan;

    QVERIFY(m_desk->sync(m_id));
    emit m_desk->sync().planFinished(m_id, *shown);
    m_page->activate();

    QTRY_VERIFY(m_page->findChild<QLabel*>(u"outdated"_s)->isVisible());
    QVERIFY(!button(u"apply"_s)->isEnabled());
}

void TstChangesPage::aFailedPreviewNamesTheReason()
{
    m_desk->provider().answer(
        test::Answer { .error = Error { .code = ErrorCode::Auth,
                           .what = message("The provider did not accept the password.") } });

    QTRY_VERIFY(button(u"preview"_s)->isEnabled());
    button(u"preview"_s)->click();

    QTRY_VERIFY(m_page->board().work(m_id)->error.has_value());
    QVERIFY(m_page->board().work(m_id)->plan == nullptr);
    QTRY_VERIFY(button(u"preview"_s)->isEnabled());
}

void TstChangesPage::withoutConnectionsOnlyTheWayToOneIsShown()
{
    QTRY_VERIFY(button(u"preview"_s)->isVisible());
    const auto removed
        = m_desk->inStore([id = m_id](Store& store) { return store.connections().remove(id); });
    QVERIFY(removed);

    m_page->activate();

    QTRY_VERIFY(!button(u"preview"_s)->isVisible());
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    for (auto* offered : m_page->findChildren<QPushButton*>(u"emptyStateButton"_s)) {
        if (offered->isVisible()) {
            offered->click();
        }
    }
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().last().toString(), u"add"_s);
}

static const bool kChangesPageRegistered = test::registerTestClass<TstChangesPage>("changespage");

} // namespace portreeve

#include "tst_changespage.moc"
