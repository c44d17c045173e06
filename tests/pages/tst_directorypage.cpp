// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "ui/pages/directory/directorypage.h"
#include "ui/pages/directory/grouppanel.h"
#include "ui/pages/directory/memberlist.h"
#include "ui/pages/directory/pathview.h"
#include "ui/pages/directory/userpanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/tableexport.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstDirectoryPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void nothingYetDiffersFromNoMatch();
    void searchFindsByPartOfAnyField();
    void searchAnswersOverAHundredThousandRows();
    void facetsCountWhatTheyWouldGive();
    void columnsSortBothWays();
    void aUserShowsEveryPathToAGroup();
    void aGroupShowsItsPeopleAndNesting();
    void onlyTheNewestQueryIsAnswered();
    void protectingAUserIsStored();
    void removedUsersAreListed();
    void aGroupOpensFromALink();
    void theListIsExportedAsShown();
    void searchAndListAreReachedByKeyboard();
    void addressesAreShownWhole();

private:
    void showCompany();
    TableView* table(const QString& name) const;
    QLineEdit* search() const;

    UserPanel* userPanel() const { return m_page->findChild<UserPanel*>(); }

    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<DirectoryPage> m_page;
};

void TstDirectoryPage::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_desk = std::make_unique<test::Desk>();
    m_page = std::make_unique<DirectoryPage>(m_desk->context());
    m_page->resize(1400, 900);
    m_page->show();
    for (auto* model : m_page->findChildren<QAbstractItemModel*>()) {
        if (qobject_cast<RowsModel*>(model) != nullptr) {
            new QAbstractItemModelTester(
                model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
        }
    }
}

void TstDirectoryPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
}

TableView* TstDirectoryPage::table(const QString& name) const
{
    return m_page->findChild<TableView*>(name);
}

QLineEdit* TstDirectoryPage::search() const
{
    return qobject_cast<QLineEdit*>(m_page->searchField());
}

void TstDirectoryPage::showCompany()
{
    m_page->setIndex(std::make_shared<const DirectoryIndex>(
        test::viewOf({ test::connectionOf(u"Staff"_s, test::smallCompany().snapshot()),
            test::connectionOf(u"Partners"_s, test::crowd(3).snapshot()) })));
    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 8);
}

void TstDirectoryPage::nothingYetDiffersFromNoMatch()
{
    m_page->setIndex(std::make_shared<const DirectoryIndex>(test::viewOf({})));
    auto* empty = table(u"users"_s)->parentWidget()->findChild<EmptyState*>();
    QTRY_VERIFY(empty->isVisible());
    const auto labels = [empty] {
        QStringList texts;
        for (const QLabel* label : empty->findChildren<QLabel*>()) {
            texts.append(label->text());
        }
        return texts.join(u'\n');
    };
    QTRY_VERIFY(labels().contains(u"first sync"));

    showCompany();
    search()->setText(u"nobody is called this"_s);

    QTRY_VERIFY(labels().contains(u"No match"));
    QVERIFY(!labels().contains(u"ticks")); // none is set
}

void TstDirectoryPage::searchFindsByPartOfAnyField()
{
    showCompany();

    search()->setText(u"muller"_s);

    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 1);
    QCOMPARE(table(u"users"_s)->model()->index(0, 0).data().toString(), u"Alice Müller"_s);
}

void TstDirectoryPage::searchAnswersOverAHundredThousandRows()
{
    constexpr int kPeople = 100'000;
    m_page->setIndex(std::make_shared<const DirectoryIndex>(
        test::viewOf({ test::connectionOf(u"Staff"_s, test::largeCompany(kPeople)) })));
    QTRY_COMPARE_WITH_TIMEOUT(table(u"users"_s)->model()->rowCount(), kPeople, 30'000);

    search()->setText(u"person 99999"_s);
    QTRY_COMPARE_WITH_TIMEOUT(table(u"users"_s)->model()->rowCount(), 1, 30'000);
    search()->setText(u"9999"_s);

    QTRY_COMPARE_WITH_TIMEOUT(table(u"users"_s)->model()->rowCount(), 19, 30'000);
}

void TstDirectoryPage::facetsCountWhatTheyWouldGive()
{
    showCompany();
    auto* suspended = m_page->findChild<QCheckBox*>(u"state:suspended"_s);
    QVERIFY(suspended != nullptr);
    QVERIFY(suspended->text().contains(u"(1)"));

    suspended->setChecked(true);

    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 1);
    QVERIFY(m_page->findChild<QCheckBox*>(u"connection:partners"_s)->text().contains(u"(0)"));
    QVERIFY(m_page->findChild<QCheckBox*>(u"state:active"_s)->text().contains(u"(7)"));
}

void TstDirectoryPage::columnsSortBothWays()
{
    showCompany();

    emit table(u"users"_s)->sortRequested(static_cast<int>(UserColumn::Id), Qt::DescendingOrder);

    const auto idAt = [this](int line) {
        return table(u"users"_s)
            ->model()
            ->index(line, static_cast<int>(UserColumn::Id))
            .data()
            .toString();
    };
    QTRY_COMPARE(idAt(0), u"u002"_s);
    emit table(u"users"_s)->sortRequested(static_cast<int>(UserColumn::Id), Qt::AscendingOrder);
    QTRY_COMPARE(idAt(0), u"alice"_s);
}

void TstDirectoryPage::aUserShowsEveryPathToAGroup()
{
    showCompany();
    QVERIFY(table(u"users"_s)->selectKey(u"staff:john"_s));
    TableView* groups = userPanel()->groups()->table();
    QTRY_COMPARE(groups->model()->rowCount(), 3);

    QVERIFY(groups->selectKey(u"everyone"_s));

    QCOMPARE(userPanel()->paths()->lineCount(), 1);
    QCOMPARE(userPanel()->paths()->findChild<PathLine*>()->toolTip(),
        u"john → DevOps → Engineering → Everyone"_s);
}

void TstDirectoryPage::aGroupShowsItsPeopleAndNesting()
{
    showCompany();
    m_page->open(u"group:staff:everyone"_s);
    auto* panel = m_page->findChild<GroupPanel*>();
    QTRY_VERIFY(panel->isVisible());

    QTRY_COMPARE(panel->people()->table()->model()->rowCount(), 4); // patrick is suspended
    QTRY_VERIFY(panel->findChild<QLabel*>(u"nesting"_s)->text().contains(u"3 level"));
    QVERIFY(panel->people()->table()->selectKey(u"john"_s));
    QCOMPARE(panel->paths()->lineCount(), 1);
}

void TstDirectoryPage::onlyTheNewestQueryIsAnswered()
{
    showCompany();

    QTest::keyClicks(search(), u"steve"_s);

    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 1);
    QCOMPARE(table(u"users"_s)->model()->index(0, 0).data().toString(), u"steve"_s);
}

void TstDirectoryPage::protectingAUserIsStored()
{
    const QString id = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::smallCompany());
    QVERIFY(m_desk->sync(id));
    m_page->activate();
    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 5);
    QVERIFY(table(u"users"_s)->selectKey(QString(id + u":bob"_s)));
    QSignalSpy said(m_page.get(), &Page::statusMessage);

    m_page->findChild<QCheckBox*>(u"protect"_s)->click();

    QTRY_COMPARE(said.count(), 1);
    const auto ids
        = m_desk->inStore([id](Store& store) { return store.directory().protectedUsers(id); });
    QVERIFY(ids.hasValue());
    QCOMPARE(*ids, std::vector<QString> { u"bob"_s });
}

void TstDirectoryPage::removedUsersAreListed()
{
    const QString id = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(30));
    QVERIFY(m_desk->sync(id));
    m_desk->provider().answer(test::crowd(29));
    QVERIFY(m_desk->sync(id));

    m_page->activate();
    m_page->findChild<QTabBar*>(u"lists"_s)->setCurrentIndex(3);

    QTRY_COMPARE(table(u"removed"_s)->model()->rowCount(), 1);
    QCOMPARE(
        table(u"removed"_s)->model()->index(0, TombstonesModel::Id).data().toString(), u"u029"_s);
}

void TstDirectoryPage::aGroupOpensFromALink()
{
    showCompany();
    search()->setText(u"steve"_s);

    m_page->open(u"group:staff:devops"_s);

    QTRY_VERIFY(table(u"groups"_s)->isVisible());
    QVERIFY(search()->text().isEmpty());
    QTRY_COMPARE(
        m_page->findChild<GroupPanel*>()->findChild<QLabel*>(u"objectName"_s)->text(), u"DevOps"_s);
    m_page->findChild<GroupPanel*>()->findChild<QPushButton*>(u"copyId"_s)->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"devops"_s);
}

void TstDirectoryPage::theListIsExportedAsShown()
{
    showCompany();
    search()->setText(u"muller"_s);
    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 1);
    QTemporaryDir folder;
    const QString file = folder.filePath(u"people.json"_s);

    const auto written = TableExport::write(
        file, TableFormat::Json, TableExport::source(*table(u"users"_s)->rowsModel()));

    QVERIFY(written.hasValue());
    QFile in(file);
    QVERIFY(in.open(QIODevice::ReadOnly));
    const QByteArray text = in.readAll();
    QVERIFY(text.contains("Alice Müller"));
    QVERIFY(!text.contains("steve"));
    QVERIFY(!TableExport::write(folder.filePath(u"no/such/folder.csv"_s), TableFormat::Csv,
        TableExport::source(*table(u"users"_s)->rowsModel())));
}

void TstDirectoryPage::searchAndListAreReachedByKeyboard()
{
    showCompany();
    m_page->activateWindow();
    search()->setFocus();
    QTRY_VERIFY(search()->hasFocus());
    QTest::keyClicks(search(), u"bob"_s);
    QTRY_COMPARE(table(u"users"_s)->model()->rowCount(), 1);

    QTest::keyClick(search(), Qt::Key_Down);

    QTRY_VERIFY(table(u"users"_s)->hasFocus());
    QTest::keyClick(table(u"users"_s), Qt::Key_Home);
    QTRY_VERIFY(userPanel()->isVisible());
}

void TstDirectoryPage::addressesAreShownWhole()
{
    constexpr int kPageWidth = 1280 - 172; // of a usual window, without its navigation
    m_page->resize(kPageWidth, 800);
    SnapshotBuilder builder;
    for (int i = 0; i < 60; ++i) {
        const QString login = u"ada.bramblefeather%1"_s.arg(3700 + i);
        builder.addUser({ .id = QString::number(i),
            .displayName = u"Ada Bramblefeather %1"_s.arg(i),
            .email = login + u"@example.com"_s,
            .login = login });
    }
    const auto snapshot = builder.build();
    QVERIFY(snapshot.hasValue());
    m_page->setIndex(std::make_shared<const DirectoryIndex>(
        test::viewOf({ test::connectionOf(u"Staff"_s, *snapshot) })));
    TableView* users = table(u"users"_s);
    QTRY_COMPARE(users->model()->rowCount(), 60);

    for (const UserColumn shown : { UserColumn::Name, UserColumn::Email }) {
        const auto column = static_cast<int>(shown);
        const QModelIndex cell = users->model()->index(0, column);
        QVERIFY2(users->sizeHintForIndex(cell).width() <= users->columnWidth(column),
            qPrintable(cell.data().toString()));
    }
    QTRY_COMPARE(users->horizontalScrollBar()->maximum(), 0);
}

static const bool kDirectoryPageRegistered
    = test::registerTestClass<TstDirectoryPage>("directorypage");

} // namespace portreeve

#include "tst_directorypage.moc"
