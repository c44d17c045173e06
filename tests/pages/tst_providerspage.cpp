// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "tests/ui/modaldriver.h"
#include "ui/pages/providers/connectionview.h"
#include "ui/pages/providers/providerspage.h"
#include "ui/pages/providers/setupwizard.h"
#include "ui/widgets/messagebar.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstProvidersPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aTestTicksItsStepsAndNamesPeople();
    void aTestReadsWhatIsTypedAndStoresNothing();
    void syncNowBringsInWhatChanged();
    void disablingKeepsThePeopleAndCanBeUndone();
    void enablingNeedsATestThatPasses();
    void cancelEndsARunUnderWay();
    void cancelEndsATestUnderWay();
    void theWizardIsWalkedByKeyboard();

private:
    /// A made-up directory: of a provider with a form, and never slow.
    QString addSample();

    /// A scripted connection with 30 people, shown.
    QString addRead();
    bool shows(const QString& id);

    /// The provider answers once a person cancels, and not before.
    test::Answer blocked();

    QStringList lines(const QString& name) const; ///< of the test's report, as read out

    QPushButton* button(const QString& name) const { return view()->findChild<QPushButton*>(name); }

    ConnectionView* view() const { return m_page->findChild<ConnectionView*>(); }

    ConnectionState stored(const QString& id);
    bool hasUsers(const QString& id, std::int64_t count);

    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<ProvidersPage> m_page;
    std::atomic<bool> m_isReading = false;
};

void TstProvidersPage::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_isReading = false;
    m_desk = std::make_unique<test::Desk>();
    m_page = std::make_unique<ProvidersPage>(m_desk->context(), nullptr);
    m_page->resize(1200, 1000);
    m_page->show();
}

void TstProvidersPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
}

QString TstProvidersPage::addSample()
{
    const auto added = m_desk->inStore([](Store& store) {
        return store.connections().add({ .name = u"Made up"_s,
            .provider = u"sample"_s,
            .options = { { u"users"_s, u"50"_s } },
            .state = ConnectionState::Idle });
    });
    return added && shows(added->id) ? added->id : QString();
}

QString TstProvidersPage::addRead()
{
    const QString id = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(30));
    return m_desk->sync(id) && shows(id) && hasUsers(id, 30) ? id : QString();
}

bool TstProvidersPage::shows(const QString& id)
{
    m_page->activate();
    m_page->open(u"connection:"_s + id);
    return QTest::qWaitFor([&] { return view()->connectionId() == id; }, test::kPatienceMs);
}

test::Answer TstProvidersPage::blocked()
{
    return { .listing = test::crowd(40), .meanwhile = [this](RunContext& run) {
                m_isReading = true;
                while (!run.stop.stop_requested()) {
                    std::this_thread::yield();
                }
            } };
}

QStringList TstProvidersPage::lines(const QString& name) const
{
    QStringList out;
    const auto labels = view()->findChildren<QLabel*>(name);
    for (const auto* label : labels) {
        if (label->isVisible()) {
            out << (label->accessibleName().isEmpty() ? label->text() : label->accessibleName());
        }
    }
    return out;
}

ConnectionState TstProvidersPage::stored(const QString& id)
{
    const auto found = m_desk->inStore([id](Store& store) { return store.connections().byId(id); });
    return found ? found->state : ConnectionState::Verifying;
}

bool TstProvidersPage::hasUsers(const QString& id, std::int64_t count)
{
    const ConnectionWatch& watch = m_desk->context().connections;
    return QTest::qWaitFor(
        [&] { return watch.counts(id) && watch.counts(id)->users == count; }, test::kPatienceMs);
}

void TstProvidersPage::aTestTicksItsStepsAndNamesPeople()
{
    QVERIFY(!addSample().isEmpty());

    QVERIFY(test::clickButton(*m_page, u"testButton"_s));

    QTRY_COMPARE(lines(u"testStep"_s).size(), 3);
    const QStringList steps = lines(u"testStep"_s);
    QVERIFY(steps.at(0).startsWith(u"Passed: Reach the directory"));
    QCOMPARE(steps.at(1), u"Passed: Read users: 50 made-up users."_s);
    QVERIFY(steps.at(2).startsWith(u"Passed: Read groups"));
    const QString facts = lines(u"testFact"_s).join(u'\n');
    static const QRegularExpression id(u"\\(id [^)]+\\)"_s);
    QCOMPARE(facts.count(id), 5);
}

void TstProvidersPage::aTestReadsWhatIsTypedAndStoresNothing()
{
    const QString id = addSample();
    QVERIFY(!id.isEmpty());
    auto* users = view()->findChild<QLineEdit*>(u"users"_s);
    users->selectAll();
    QTest::keyClicks(users, u"60"_s);

    QVERIFY(test::clickButton(*m_page, u"testButton"_s));

    QTRY_VERIFY(lines(u"testStep"_s).join(u'\n').contains(u"60 made-up users"));
    QVERIFY(m_page->hasUnsavedChanges());
    const auto kept = m_desk->inStore([id](Store& store) { return store.connections().byId(id); });
    QCOMPARE(kept->options.value(u"users"_s), u"50"_s);
}

void TstProvidersPage::syncNowBringsInWhatChanged()
{
    const QString id = addRead();
    QVERIFY(!id.isEmpty());
    m_desk->provider().answer(test::crowd(33));

    QVERIFY(test::clickButton(*m_page, u"syncButton"_s));

    QVERIFY(hasUsers(id, 33));
    QTRY_VERIFY(button(u"syncButton"_s)->isEnabled());
    QCOMPARE(stored(id), ConnectionState::Idle);
}

void TstProvidersPage::disablingKeepsThePeopleAndCanBeUndone()
{
    const QString id = addRead();
    QVERIFY(!id.isEmpty());

    QVERIFY(test::clickButton(*m_page, u"enableButton"_s));

    QTRY_COMPARE(stored(id), ConnectionState::Disabled);
    QTRY_VERIFY(!button(u"syncButton"_s)->isEnabled());
    QVERIFY(hasUsers(id, 30));
    auto* message = view()->findChild<MessageBar*>();
    QTRY_VERIFY(message->isVisible() && message->text().contains(u"Disabled"));
    QTRY_COMPARE(button(u"enableButton"_s)->text(), u"Ena&ble"_s);

    const auto actions = message->findChildren<QPushButton*>();
    QCOMPARE(actions.size(), 1);
    QTest::mouseClick(actions.front(), Qt::LeftButton);

    QTRY_COMPARE(stored(id), ConnectionState::Idle);
    QTRY_VERIFY(button(u"syncButton"_s)->isEnabled());
}

void TstProvidersPage::enablingNeedsATestThatPasses()
{
    const QString id = addRead();
    QVERIFY(!id.isEmpty());
    QVERIFY(test::clickButton(*m_page, u"enableButton"_s));
    QTRY_COMPARE(button(u"enableButton"_s)->text(), u"Ena&ble"_s);
    m_desk->provider().answerOnce({ .error = Error { .code = ErrorCode::Auth,
                                        .what = message("The token is refused."),
                                        .remedy = message("Make a new token.") } });

    QVERIFY(test::clickButton(*m_page, u"enableButton"_s));

    QTRY_COMPARE(lines(u"testStep"_s), QStringList { u"Failed: Sign in"_s });
    QCOMPARE(lines(u"errorWhat"_s).value(0), u"The token is refused."_s);
    QVERIFY(stored(id) != ConnectionState::Idle);
    QVERIFY(hasUsers(id, 30));
}

void TstProvidersPage::cancelEndsARunUnderWay()
{
    const QString id = addRead();
    QVERIFY(!id.isEmpty());
    m_desk->provider().answerOnce(blocked());
    QVERIFY(test::clickButton(*m_page, u"syncButton"_s));
    QTRY_VERIFY(m_isReading);
    auto* strip = view()->findChild<QWidget*>(u"progressStrip"_s);
    QTRY_VERIFY(strip->isVisible());
    QVERIFY(!button(u"syncButton"_s)->isEnabled());

    QVERIFY(test::clickButton(*view(), u"progressCancel"_s));

    QTRY_VERIFY(!strip->isVisible());
    QTRY_VERIFY(button(u"syncButton"_s)->isEnabled());
    QVERIFY(!m_desk->sync().isRunning(id));
    QVERIFY(hasUsers(id, 30)); // nothing of the forty
    const auto runs = m_desk->inStore([](Store& store) { return store.runs().list({}); });
    QCOMPARE(runs->front().outcome, RunOutcome::Cancelled);
}

void TstProvidersPage::cancelEndsATestUnderWay()
{
    const QString id = addRead();
    QVERIFY(!id.isEmpty());
    QVERIFY(test::clickButton(*m_page, u"enableButton"_s));
    QTRY_COMPARE(button(u"enableButton"_s)->text(), u"Ena&ble"_s);
    m_desk->provider().answerOnce(blocked());
    QVERIFY(test::clickButton(*m_page, u"enableButton"_s));
    QTRY_VERIFY(m_isReading);
    auto* strip = view()->findChild<QWidget*>(u"progressStrip"_s);
    QTRY_VERIFY(strip->isVisible());

    QVERIFY(test::clickButton(*view(), u"progressCancel"_s));

    QTRY_VERIFY(!strip->isVisible());
    QVERIFY(!m_desk->sync().isRunning(id));
    QCOMPARE(stored(id), ConnectionState::Disabled);
}

void TstProvidersPage::theWizardIsWalkedByKeyboard()
{
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->open(u"add"_s);
    auto* wizard = m_page->findChild<SetUpWizard*>();
    const auto part = [wizard](const QString& name) { return wizard->findChild<QWidget*>(name); };
    auto* picker = wizard->findChild<QListWidget*>(u"providerPicker"_s);
    QTRY_VERIFY(picker->hasFocus());
    picker->setCurrentRow(picker->count() - 1); // the sample directory, which needs no input

    QTest::keyClick(picker, Qt::Key_Return);
    QVERIFY(part(u"name"_s)->hasFocus());

    part(u"wizardTest"_s)->setFocus();
    QTest::keyClick(part(u"wizardTest"_s), Qt::Key_Space);
    QVERIFY(!part(u"wizardTest"_s)->isEnabled());
    QTRY_VERIFY(part(u"wizardTest"_s)->isEnabled());
    QVERIFY(part(u"wizardTest"_s)->hasFocus());

    part(u"wizardNext"_s)->setFocus();
    QTest::keyClick(part(u"wizardNext"_s), Qt::Key_Space);
    QTRY_VERIFY(part(u"planSummary"_s)->isVisible());
    QTRY_VERIFY(part(u"wizardNext"_s)->hasFocus());

    part(u"wizardBack"_s)->setFocus();
    QTest::keyClick(part(u"wizardBack"_s), Qt::Key_Space);
    QVERIFY(part(u"name"_s)->hasFocus());
}

static const bool kProvidersPageRegistered
    = test::registerTestClass<TstProvidersPage>("providerspage");

} // namespace portreeve

#include "tst_providerspage.moc"
