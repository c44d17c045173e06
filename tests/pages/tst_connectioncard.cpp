// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "ui/pages/overview/connectioncard.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/widgets/statusbadge.h"

#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstConnectionCard : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void theWorstConnectionComesFirst();
    void aCardSyncsItsConnection();
    void aCardCancelsItsRun();
    void aHeldConnectionLeadsToItsPlan();
    void aCardLeadsToPeopleAndSettings();

private:
    QString addRead(const QString& name, int people);
    bool listsCards(std::size_t count);
    std::vector<ConnectionCard*> cards() const; ///< from the top

    /// A button by what a screen reader says.
    static QPushButton* button(const ConnectionCard& card, const QString& name);
    static bool says(const QWidget& where, const QString& text);

    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<OverviewPage> m_page;
};

void TstConnectionCard::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_desk = std::make_unique<test::Desk>();
    m_page = std::make_unique<OverviewPage>(m_desk->context(), nullptr);
    m_page->resize(800, 1000); // one column: the first card is the uppermost
    m_page->show();
}

void TstConnectionCard::cleanup()
{
    m_page.reset();
    m_desk.reset();
}

QString TstConnectionCard::addRead(const QString& name, int people)
{
    const QString id = m_desk->addConnection(name);
    m_desk->provider().answer(test::crowd(people));
    return m_desk->sync(id) ? id : QString();
}

bool TstConnectionCard::listsCards(std::size_t count)
{
    m_page->activate();
    return QTest::qWaitFor(
        [&] {
            const auto all = cards();
            return all.size() == count
                && std::all_of(all.begin(), all.end(),
                    [](const ConnectionCard* card) { return card->isVisible(); });
        },
        test::kPatienceMs);
}

std::vector<ConnectionCard*> TstConnectionCard::cards() const
{
    const auto all = m_page->findChildren<ConnectionCard*>();
    std::vector<ConnectionCard*> out(all.begin(), all.end());
    std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->y() < b->y(); });
    return out;
}

QPushButton* TstConnectionCard::button(const ConnectionCard& card, const QString& name)
{
    const auto all = card.findChildren<QPushButton*>();
    const auto found = std::find_if(all.begin(), all.end(), [&](const QPushButton* candidate) {
        return candidate->isVisible() && candidate->accessibleName() == name;
    });
    return found == all.end() ? nullptr : *found;
}

bool TstConnectionCard::says(const QWidget& where, const QString& text)
{
    const auto all = where.findChildren<QLabel*>();
    return std::any_of(all.begin(), all.end(),
        [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
}

void TstConnectionCard::theWorstConnectionComesFirst()
{
    const QString good = addRead(u"Alpha"_s, 30);
    const QString bad = m_desk->addConnection(u"Beta"_s);
    m_desk->provider().answer(
        test::Answer { .error = Error { .code = ErrorCode::Permission,
                           .what = message("The account may not list groups."),
                           .remedy = message("Grant it the right to read groups.") } });
    QVERIFY(!m_desk->sync(bad));

    QVERIFY(listsCards(2));

    m_desk->context().connections.refresh();
    QTRY_VERIFY_WITH_TIMEOUT(says(*m_page, u"1 of them"_s), test::kPatienceMs);
    const auto listed = cards();
    QCOMPARE(listed.at(0)->connectionId(), bad);
    QCOMPARE(listed.at(1)->connectionId(), good);
    QTRY_VERIFY(says(*listed.at(0), u"could not be read"_s));
    QVERIFY(says(*listed.at(0), u"Grant it the right"_s));
    QVERIFY(says(*m_page, u"30 users and 1 groups"_s));
    QVERIFY(says(*listed.at(1), u"30"_s));
}

void TstConnectionCard::aCardSyncsItsConnection()
{
    QVERIFY(!addRead(u"Alpha"_s, 30).isEmpty());
    QVERIFY(listsCards(1));
    auto* sync = button(*cards().front(), u"Sync Alpha now"_s);
    QVERIFY(sync != nullptr);
    m_desk->provider().answer(test::crowd(33));

    QTest::mouseClick(sync, Qt::LeftButton);

    QTRY_VERIFY(says(*cards().front(), u"33"_s));
    QTRY_VERIFY(sync->isEnabled());
}

void TstConnectionCard::aCardCancelsItsRun()
{
    const QString id = addRead(u"Alpha"_s, 30);
    QVERIFY(listsCards(1));
    std::atomic<bool> isReading = false;
    m_desk->provider().answerOnce(
        { .listing = test::crowd(40), .meanwhile = [&isReading](RunContext& run) {
             isReading = true;
             while (!run.stop.stop_requested()) {
                 std::this_thread::yield();
             }
         } });
    ConnectionCard& card = *cards().front();
    QTest::mouseClick(button(card, u"Sync Alpha now"_s), Qt::LeftButton);
    QTRY_VERIFY(isReading);
    auto* cancel = card.findChild<QPushButton*>(u"progressCancel"_s);
    QTRY_VERIFY(cancel->isVisible());

    QTest::mouseClick(cancel, Qt::LeftButton);

    QTRY_VERIFY(!cancel->isVisible());
    QVERIFY(!m_desk->sync().isRunning(id));
    QVERIFY(says(card, u"30"_s));
}

void TstConnectionCard::aHeldConnectionLeadsToItsPlan()
{
    const QString id = addRead(u"Alpha"_s, 30);
    m_desk->provider().answer(test::Listing {});
    m_desk->sync(id);
    QVERIFY(listsCards(1));
    QTRY_VERIFY(button(*cards().front(), u"Review Alpha"_s) != nullptr);
    QSignalSpy went(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(button(*cards().front(), u"Review Alpha"_s), Qt::LeftButton);

    QCOMPARE(went.count(), 1);
    QCOMPARE(went.at(0).at(0).toString(), u"changes"_s);
    QCOMPARE(went.at(0).at(1).toString(), QString(u"plan:"_s + id));
    QVERIFY(says(*cards().front(), u"30"_s)); // nobody was removed
}

void TstConnectionCard::aCardLeadsToPeopleAndSettings()
{
    const QString id = addRead(u"Alpha"_s, 30);
    QVERIFY(listsCards(1));
    QSignalSpy went(m_page.get(), &Page::navigationRequested);

    QTest::mouseClick(button(*cards().front(), u"People of Alpha"_s), Qt::LeftButton);
    QTest::mouseClick(button(*cards().front(), u"Settings of Alpha"_s), Qt::LeftButton);

    QCOMPARE(went.count(), 2);
    QCOMPARE(went.at(0).at(0).toString(), u"directory"_s);
    QCOMPARE(went.at(1).at(0).toString(), u"providers"_s);
    QCOMPARE(went.at(1).at(1).toString(), QString(u"connection:"_s + id));
}

static const bool kConnectionCardRegistered
    = test::registerTestClass<TstConnectionCard>("connectioncard");

} // namespace portreeve

#include "tst_connectioncard.moc"
