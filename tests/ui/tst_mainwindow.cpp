// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/filledwindow.h"
#include "tests/ui/modaldriver.h"
#include "ui/forms/fieldrow.h"
#include "ui/pages/overview/connectioncard.h"
#include "ui/pages/providers/connectionview.h"
#include "ui/pages/providers/setupwizard.h"
#include "ui/shell/actionregistry.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableview.h"

#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QScreen>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// A proxy that keeps a delivery waiting until it is let through.
class SlowProxy
{
public:
    SlowProxy()
    {
        m_proxy.setFaults({ .beforePut = [this](int) { m_gate.acquire(); } });
    }

    ~SlowProxy() { letThrough(); }

    SlowProxy(const SlowProxy&) = delete;
    SlowProxy& operator=(const SlowProxy&) = delete;

    void letThrough()
    {
        m_proxy.setFaults({});
        m_gate.release(kMostPuts);
    }

    /// Adds a few people and begins to deliver them. @return the target's id, empty on failure
    QString begin(test::WindowFixture& fixture)
    {
        constexpr int people = 50;
        if (fixture.addSample(people).isEmpty() || !test::addProxy(fixture, m_proxy, 0)) {
            return {};
        }
        AppContext context = fixture.context();
        const QString id = context.targets.targets().front().id;
        context.deliveries.push({ .targetId = id });
        return QTest::qWaitFor([this] { return m_proxy.count(u"Put"_s) > 0; }, test::kPatienceMs)
            ? id
            : QString();
    }

    test::DatabrokerDouble& proxy() { return m_proxy; }

private:
    static constexpr int kMostPuts = 1000;

    QSemaphore m_gate;
    test::DatabrokerDouble m_proxy;
};

} // namespace

class TstMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void theWindowFitsTheScreen();
    void firstRunAddsASampleAndShowsIt();
    void pagesOpenByShortcut();
    void paletteFindsAPage();
    void paletteSaysWhenNothingMatches();
    void theWizardBringsInADirectory();
    void unsavedChangesAreAskedAboutOnLeaving();
    void removingAsksForTheNameAndTakesEverything();
    void changesOfOthersAtAProxyAreTold_data();
    void changesOfOthersAtAProxyAreTold();
    void quittingAsksWhileSomethingIsDelivered();
    void stopEverythingStopsADelivery();
    void activityTellsOfSyncsAndDeliveries();
    void theListOfAPageIsExported();
    void darkAndLightSwitchLive();

private:
    std::unique_ptr<test::WindowFixture> m_fixture;
};

void TstMainWindow::init()
{
    m_fixture = std::make_unique<test::WindowFixture>();
    QVERIFY(m_fixture->show());
}

void TstMainWindow::cleanup()
{
    m_fixture.reset();
}

void TstMainWindow::theWindowFitsTheScreen()
{
    const MainWindow window(m_fixture->context(), pageList());
    const QSize available = window.screen()->availableSize();

    // What is on the pages needs more than the screen of the tests has.
    const QSize most = available.expandedTo(window.minimumSizeHint());
    QCOMPARE(window.size(), window.size().boundedTo(most));
}

void TstMainWindow::firstRunAddsASampleAndShowsIt()
{
    MainWindow& window = m_fixture->window();
    QTRY_VERIFY(window.findChild<QWidget*>(u"sample50"_s)->isVisible());

    QVERIFY(test::clickButton(window, u"sample50"_s));

    QTRY_COMPARE(m_fixture->connections().connections().size(), std::size_t { 1 });
    QTRY_VERIFY(m_fixture->connections().connections().front().generation > 0);
    const QString id = m_fixture->connections().connections().front().id;
    QTRY_VERIFY(m_fixture->connections().counts(id).has_value());
    QCOMPARE(m_fixture->connections().counts(id)->users, std::int64_t { 50 });
    QTRY_VERIFY(window.findChild<ConnectionCard*>() != nullptr);
    QTRY_VERIFY(window.windowTitle().contains(u"Sample"));
}

void TstMainWindow::pagesOpenByShortcut()
{
    MainWindow& window = m_fixture->window();
    const auto pages = pageList();
    for (const auto& entry : pages) {
        auto* action = window.actions().find(entry.id + u"Page"_s);
        QVERIFY2(action != nullptr, qPrintable(entry.id));
        action->trigger();
        QCOMPARE(window.currentPageId(), entry.id);
    }
}

void TstMainWindow::paletteFindsAPage()
{
    MainWindow& window = m_fixture->window();
    window.actions().find(u"commands"_s)->trigger();

    QVERIFY(test::answerDialog(window, u"commandPalette"_s, [](QDialog& dialog) {
        auto* search = dialog.findChild<SearchEdit*>();
        QTest::keyClicks(search, u"identity prov"_s);
        QTest::keyClick(search, Qt::Key_Return);
    }));

    QTRY_COMPARE(window.currentPageId(), u"providers"_s);
}

void TstMainWindow::paletteSaysWhenNothingMatches()
{
    MainWindow& window = m_fixture->window();
    window.actions().find(u"commands"_s)->trigger();

    QVERIFY(test::answerDialog(window, u"commandPalette"_s, [](QDialog& dialog) {
        const auto* list = dialog.findChild<QListWidget*>(u"commandList"_s);
        for (int row = 0; row < list->count(); ++row) {
            QVERIFY2(!list->item(row)->icon().isNull(), qPrintable(list->item(row)->text()));
        }
        auto* search = dialog.findChild<SearchEdit*>();
        QTest::keyClicks(search, u"no such thing"_s);
        QCOMPARE(list->count(), 1);
        QVERIFY(!list->item(0)->text().isEmpty());
        QTest::keyClick(search, Qt::Key_Return); // runs nothing
        QVERIFY(dialog.isVisible());
        dialog.reject();
    }));
}

void TstMainWindow::theWizardBringsInADirectory()
{
    MainWindow& window = m_fixture->window();
    window.showPage(u"providers"_s, u"add"_s);
    auto* picker = window.findChild<QListWidget*>(u"providerPicker"_s);
    for (int row = 0; row < picker->count(); ++row) {
        if (picker->item(row)->data(Qt::UserRole) == u"sample"_s) {
            picker->setCurrentRow(row);
        }
    }
    QVERIFY(test::clickButton(window, u"wizardNext"_s));
    auto* wizard = window.findChild<SetUpWizard*>();
    auto* users = wizard->findChild<QLineEdit*>(u"users"_s);
    users->selectAll();
    QTest::keyClicks(users, u"60"_s);

    QVERIFY(test::clickButton(window, u"wizardNext"_s));
    QTRY_VERIFY(wizard->findChild<QLabel*>(u"wizardTitle"_s)->text().contains(u"First sync"));
    QTRY_VERIFY(window.findChild<QWidget*>(u"wizardNext"_s)->isEnabled());
    QTRY_COMPARE(m_fixture->connections().connections().size(), std::size_t { 1 });
    QCOMPARE(m_fixture->connections().connections().front().generation, std::int64_t { 0 });
    QVERIFY(test::clickButton(window, u"wizardNext"_s));

    QTRY_VERIFY(m_fixture->connections().connections().front().generation > 0);
    const QString id = m_fixture->connections().connections().front().id;
    QTRY_VERIFY(m_fixture->connections().counts(id).has_value());
    QCOMPARE(m_fixture->connections().counts(id)->users, std::int64_t { 60 });
}

void TstMainWindow::unsavedChangesAreAskedAboutOnLeaving()
{
    MainWindow& window = m_fixture->window();
    QVERIFY(!m_fixture->addSample(50).isEmpty());
    window.showPage(u"providers"_s);
    auto* view = window.findChild<ConnectionView*>();
    QTRY_VERIFY(view->findChild<QLineEdit*>(u"name"_s) != nullptr);
    view->findChild<QLineEdit*>(u"name"_s)->end(false);
    QTest::keyClicks(view->findChild<QLineEdit*>(u"name"_s), u" two"_s);
    QVERIFY(view->hasUnsavedChanges());

    window.showPage(u"overview"_s);
    QVERIFY(
        test::answerDialog(window, u"confirmDialog"_s, [](QDialog& dialog) { dialog.reject(); }));
    QCOMPARE(window.currentPageId(), u"providers"_s);

    QTRY_VERIFY(window.findChild<QDialog*>(u"confirmDialog"_s) == nullptr);
    window.showPage(u"overview"_s);
    QVERIFY(test::answerDialog(window, u"confirmDialog"_s,
        [](QDialog& dialog) { test::clickButton(dialog, u"confirmButton"_s); }));
    QTRY_COMPARE(window.currentPageId(), u"overview"_s);
    QTRY_VERIFY(m_fixture->connections().connections().front().name.endsWith(u" two"));
}

void TstMainWindow::removingAsksForTheNameAndTakesEverything()
{
    MainWindow& window = m_fixture->window();
    const QString id = m_fixture->addSample(50);
    QVERIFY(!id.isEmpty());
    window.showPage(u"providers"_s, u"connection:"_s + id);
    QTRY_VERIFY(test::clickButton(window, u"removeButton"_s));

    const QString name = m_fixture->connections().find(id)->name;
    QVERIFY(test::answerDialog(window, u"confirmDialog"_s, [&name](QDialog& dialog) {
        auto* verb = dialog.findChild<QWidget*>(u"confirmButton"_s);
        QVERIFY(!verb->isEnabled());
        QVERIFY(dialog.findChild<QLabel*>(u"confirmText"_s)->text().contains(u"50"));
        QTest::keyClicks(dialog.findChild<QLineEdit*>(u"confirmTyped"_s), name);
        QVERIFY(verb->isEnabled());
        QTest::mouseClick(verb, Qt::LeftButton);
    }));

    QTRY_VERIFY(m_fixture->connections().connections().empty());
}

void TstMainWindow::changesOfOthersAtAProxyAreTold_data()
{
    QTest::addColumn<DriftReport>("drift");
    QTest::addColumn<QString>("text");
    QTest::addRow("deleted") << DriftReport { .changes = 1, .id = u"john"_s, .isDeleted = true }
                             << u"Somebody else deleted the record of user john. What was "
                                "delivered before is put back by itself."_s;
    QTest::addRow("several, paused")
        << DriftReport { .changes = 4,
               .kind = DeliveredKind::Group,
               .id = u"devops"_s,
               .isMended = false }
        << u"Somebody else changed 4 records, the last one of group devops. Nothing is put back "
           "while deliveries are paused."_s;
    QTest::addRow("restart") << DriftReport { .isRestart = true }
                             << u"The proxy came back without what it was given. What was "
                                "delivered before is put back by itself."_s;
}

void TstMainWindow::changesOfOthersAtAProxyAreTold()
{
    QFETCH(const DriftReport, drift);
    QFETCH(const QString, text);
    MainWindow& window = m_fixture->window();
    const auto added = m_fixture->ask([](Store& store) {
        return store.targets().add({ .name = u"Office"_s,
            .options = { { u"kind"_s, u"files"_s }, { u"policy_channel"_s, u"none"_s },
                { u"directory_channel"_s, u"none"_s } } });
    });
    QVERIFY(added);
    m_fixture->context().targets.refresh();
    QTRY_VERIFY(m_fixture->context().targets.find(added->id) != nullptr);

    emit m_fixture->context().deliveries.driftSeen(added->id, drift);

    const auto bars = window.findChildren<MessageBar*>();
    QVERIFY(std::any_of(bars.begin(), bars.end(), [&text](const MessageBar* bar) {
        return bar->isVisible() && bar->text() == u"Office: "_s + text;
    }));
    const auto* activity = window.findChild<QListView*>(u"activityList"_s)->model();
    QCOMPARE(activity->rowCount(), 1);
    const QString entry = activity->index(0, 0).data().toString();
    QVERIFY2(entry.contains(u"Proxy Office") && entry.contains(text), qPrintable(entry));
}

void TstMainWindow::quittingAsksWhileSomethingIsDelivered()
{
    SlowProxy slow;
    QVERIFY(!slow.begin(*m_fixture).isEmpty());
    MainWindow& window = m_fixture->window();

    window.actions().find(u"quit"_s)->trigger();

    QVERIFY(test::answerDialog(window, u"confirmDialog"_s,
        [](QDialog& dialog) { QVERIFY(test::clickButton(dialog, u"alternativeButton"_s)); }));
    QVERIFY(window.isVisible());
    slow.letThrough();
    QTRY_VERIFY(!window.isVisible());
    QCOMPARE(m_fixture->context().deliveries.runningCount(), 0);
    QVERIFY(!slow.proxy().records(u"pomerium.io/DirectoryUser"_s).empty());
}

void TstMainWindow::stopEverythingStopsADelivery()
{
    MainWindow& window = m_fixture->window();
    QAction* stop = window.actions().find(u"stopAll"_s);
    QVERIFY(!stop->isEnabled());
    SlowProxy slow;
    QVERIFY(!slow.begin(*m_fixture).isEmpty());
    QVERIFY(stop->isEnabled());

    stop->trigger();

    QTRY_COMPARE(m_fixture->context().deliveries.runningCount(), 0);
    QTRY_VERIFY(!stop->isEnabled());
    const auto* activity = window.findChild<QListView*>(u"activityList"_s)->model();
    const QString entry = activity->index(0, 0).data().toString();
    QVERIFY2(entry.contains(u"Cancelled"), qPrintable(entry));
}

void TstMainWindow::activityTellsOfSyncsAndDeliveries()
{
    MainWindow& window = m_fixture->window();
    const auto* status = window.findChild<QToolButton*>(u"activityStatus"_s);
    const QString idle = status->text();
    SlowProxy slow;
    QVERIFY(!slow.begin(*m_fixture).isEmpty());

    const auto* activity = window.findChild<QListView*>(u"activityList"_s)->model();
    const auto entry = [activity](int row) { return activity->index(row, 0).data().toString(); };
    QVERIFY2(entry(0).contains(u"Delivery to Office proxy"), qPrintable(entry(0)));
    QVERIFY2(status->text() != idle, qPrintable(status->text()));
    const QString name = m_fixture->connections().connections().front().name;
    QVERIFY2(entry(1).contains(u"Sync of "_s + name + u" —"), qPrintable(entry(1)));
    QVERIFY2(entry(1).contains(u"users: 50 added; groups: "), qPrintable(entry(1)));

    slow.letThrough();
    QTRY_COMPARE(status->text(), idle);
    QVERIFY2(entry(0).contains(u"users: 50 put"), qPrintable(entry(0)));
}

void TstMainWindow::theListOfAPageIsExported()
{
    MainWindow& window = m_fixture->window();
    QVERIFY(!m_fixture->addSample(5).isEmpty());
    auto* exportList = window.actions().find(u"exportList"_s);
    window.showPage(u"settings"_s);
    exportList->trigger();
    QTRY_VERIFY(window.findChild<MessageBar*>()->text().startsWith(u"There is no list here"));

    window.showPage(u"history"_s);
    QTRY_COMPARE(
        window.page(u"history"_s)->findChild<TableView*>(u"runs"_s)->model()->rowCount(), 1);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"runs.csv"_s);
    exportList->trigger();
    QVERIFY(test::answerDialog(window, u"exportDialog"_s, [&path](QDialog& dialog) {
        static_cast<QFileDialog&>(dialog).selectFile(path);
        dialog.accept();
    }));

    QTRY_VERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count('\n'), 2); // the columns and the run
}

void TstMainWindow::darkAndLightSwitchLive()
{
    MainWindow& window = m_fixture->window();

    window.actions().find(u"darkScheme"_s)->trigger();
    QTRY_VERIFY(theme::isDark(window.palette()));

    window.actions().find(u"lightScheme"_s)->trigger();
    QTRY_VERIFY(!theme::isDark(window.palette()));
    QTRY_COMPARE(m_fixture->settings().text(Setting::ColorScheme), u"light"_s);
}

static const bool kMainWindowRegistered = test::registerTestClass<TstMainWindow>("mainwindow");

} // namespace portreeve

#include "tst_mainwindow.moc"
