// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/modaldriver.h"
#include "ui/pages/proxy/proxypage.h"
#include "ui/pages/proxy/targetview.h"
#include "ui/widgets/statelist.h"

#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

/// One proxy from nothing to its removal, with no mouse at hand.
class TstTargetView : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aProxyIsAddedAndTestedByKeyboard();
    void aFaultOfTheTestStandsBesideItsField();
    void signInsAreComparedWithTheDirectory();
    void disablingIsUndoneFromItsBanner();
    void removingAsksForTheName();

private:
    bool addTarget();
    QStringList steps() const; ///< as read out
    Result<std::vector<ProxyTarget>> stored();

    QWidget* part(const QString& name) const { return m_page->findChild<QWidget*>(name); }

    static QString secret()
    {
        return QString::fromLatin1(test::DatabrokerDouble::secret().toBase64());
    }

    std::unique_ptr<test::DatabrokerDouble> m_proxy;
    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<ProxyPage> m_page;
};

void TstTargetView::init()
{
    m_proxy = std::make_unique<test::DatabrokerDouble>();
    m_desk = std::make_unique<test::Desk>();
    m_proxy->setClockAhead(m_desk->clockAhead());
    m_page = std::make_unique<ProxyPage>(m_desk->context(), nullptr);
    m_page->resize(1200, 900);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
}

void TstTargetView::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_proxy.reset();
}

bool TstTargetView::addTarget()
{
    const QString id = m_desk->addTarget(u"Office"_s,
        { { u"address"_s, m_proxy->endpoint().address() }, { u"policy_channel"_s, u"none"_s },
            { u"automatic"_s, u"false"_s } },
        secret());
    m_page->activate();
    return QTest::qWaitFor(
        [&] { return m_page->findChild<TargetView*>()->targetId() == id; }, test::kPatienceMs);
}

QStringList TstTargetView::steps() const
{
    QStringList out;
    const auto labels = m_page->findChildren<QLabel*>(u"testStep"_s);
    for (const auto* label : labels) {
        out << label->accessibleName();
    }
    return out;
}

Result<std::vector<ProxyTarget>> TstTargetView::stored()
{
    return m_desk->inStore([](Store& store) { return store.targets().list(); });
}

void TstTargetView::aProxyIsAddedAndTestedByKeyboard()
{
    auto* add = part(u"noTarget"_s)->findChild<QWidget*>(u"emptyStateButton"_s);
    QVERIFY(test::pressByKeyboard(*m_page, add));
    QVERIFY(test::typeByKeyboard(*m_page, u"name"_s, u"Office"_s));
    QVERIFY(test::typeByKeyboard(*m_page, u"address"_s, m_proxy->endpoint().address()));
    auto* secretLine = part(u"shared_secretRow"_s)->findChild<QWidget*>(u"secretLine"_s);
    QVERIFY(test::tabTo(*m_page, secretLine));
    QTest::keyClicks(secretLine, secret());
    QVERIFY(test::tabTo(*m_page, u"policy_channel"_s));
    QTest::keyClick(part(u"policy_channel"_s), Qt::Key_End); // "Not at all"

    QVERIFY(test::pressByKeyboard(*m_page, u"testTarget"_s)); // before it is saved

    QTRY_VERIFY(steps().size() >= 4);
    const QStringList seen = steps();
    for (const auto* title : { "Shared secret", "Sign in", "Clocks", "What is there" }) {
        const QString passed = u"Passed: "_s + QString::fromLatin1(title);
        QVERIFY2(std::any_of(seen.begin(), seen.end(),
                     [&](const QString& step) { return step.startsWith(passed); }),
            qPrintable(seen.join(u'\n')));
    }
    QVERIFY(seen.filter(u"Failed"_s).isEmpty());
    QVERIFY(stored()->empty());

    QVERIFY(test::tabTo(*m_page, u"name"_s));
    QTest::keyClick(part(u"name"_s), Qt::Key_S, Qt::ControlModifier);

    QTRY_COMPARE(m_page->findChild<StateList*>(u"targetList"_s)->count(), 1);
    QCOMPARE(stored()->front().name, u"Office"_s);
    QCOMPARE(stored()->front().options.value(u"policy_channel"_s), u"none"_s);
}

void TstTargetView::aFaultOfTheTestStandsBesideItsField()
{
    QVERIFY(addTarget());
    const Error fault { .code = ErrorCode::InvalidInput,
        .what = Message::verbatim(u"It is too short."_s),
        .remedy = Message::verbatim(u"Give a longer one."_s),
        .field = kSharedSecretField.toString() };

    emit m_desk->context().deliveries.testFinished(
        m_page->findChild<TargetView*>()->targetId(), TargetReport { .failure = fault });

    const auto labels = part(u"shared_secretRow"_s)->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->text().contains(u"It is too short. Give a longer one.");
    }));
}

void TstTargetView::signInsAreComparedWithTheDirectory()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(connection));
    m_proxy->write(
        { test::userRecord(u"u-stranger"_s, u"A Stranger"_s, u"who@else.example"_s, {}) });
    QVERIFY(addTarget());

    QVERIFY(test::pressByKeyboard(*m_page, u"joinButton"_s));

    QTRY_VERIFY(steps().size() >= 2);
    QVERIFY(steps().at(0).startsWith(u"Failed: "));
    QVERIFY(steps().at(1).startsWith(u"Failed: who@else.example (u-stranger)"));
}

void TstTargetView::disablingIsUndoneFromItsBanner()
{
    QVERIFY(addTarget());

    QVERIFY(test::pressByKeyboard(*m_page, u"enableTarget"_s));

    QTRY_COMPARE(stored()->front().state, TargetState::Disabled);
    QTRY_VERIFY(!part(u"compareButton"_s)->isEnabled());
    const auto banner = part(u"messageBar"_s);
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(test::pressByKeyboard(*m_page, banner->findChild<QPushButton*>()));

    QTRY_VERIFY(stored()->front().state != TargetState::Disabled);
    QTRY_VERIFY(part(u"compareButton"_s)->isEnabled());
}

void TstTargetView::removingAsksForTheName()
{
    QVERIFY(addTarget());
    QVERIFY(test::pressByKeyboard(*m_page, u"removeTarget"_s));

    QVERIFY(test::answerDialog(*m_page, u"confirmDialog"_s, [](QDialog& dialog) {
        auto* confirm = dialog.findChild<QWidget*>(u"confirmButton"_s);
        QVERIFY(test::typeByKeyboard(dialog, u"confirmTyped"_s, u"offic"_s));
        QVERIFY(!confirm->isEnabled());
        QVERIFY(test::typeByKeyboard(dialog, u"confirmTyped"_s, u"Office"_s));
        QVERIFY(test::pressByKeyboard(dialog, u"confirmButton"_s));
    }));

    QTRY_VERIFY(stored()->empty());
    QTRY_VERIFY(part(u"noTarget"_s)->isVisible());
}

static const bool kTargetViewRegistered = test::registerTestClass<TstTargetView>("targetview");

} // namespace portreeve

#include "tst_targetview.moc"
