// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/testregistry.h"
#include "ui/widgets/commitbar.h"
#include "ui/widgets/focusreturn.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QTest>

namespace portreeve {

class TstFocusReturn : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aButtonThatWasDeadMeanwhileHasTheFocusAgain();
    void theOneThatWasPressedHasItOfSeveralThatWereDead();
    void whoMovedTheFocusKeepsIt();
    void aButtonWithoutTheFocusDoesNotTakeIt();
    void aCommitBarLeavesTheFocusWhereItWasTold();

private:
    std::unique_ptr<QWidget> m_window;
    QPushButton* m_work = nullptr;
    QPushButton* m_next = nullptr;
    QPushButton* m_other = nullptr;
};

void TstFocusReturn::init()
{
    m_window = std::make_unique<QWidget>();
    auto* layout = new QHBoxLayout(m_window.get());
    for (auto** button : { &m_work, &m_next, &m_other }) {
        *button = new QPushButton(m_window.get());
        layout->addWidget(*button);
    }
    new FocusReturn({ m_work, m_next }, m_window.get());
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TstFocusReturn::cleanup()
{
    m_window.reset();
}

void TstFocusReturn::aButtonThatWasDeadMeanwhileHasTheFocusAgain()
{
    m_work->setFocus();

    m_work->setEnabled(false);
    QVERIFY(m_next->hasFocus());
    m_work->setEnabled(true);

    QVERIFY(m_work->hasFocus());
}

void TstFocusReturn::theOneThatWasPressedHasItOfSeveralThatWereDead()
{
    m_work->setFocus();

    m_work->setEnabled(false);
    m_next->setEnabled(false);
    QVERIFY(m_other->hasFocus());
    m_work->setEnabled(true);
    m_next->setEnabled(true);

    QVERIFY(m_work->hasFocus());
}

/// Else Space after a save would press what comes next in the window.
void TstFocusReturn::aCommitBarLeavesTheFocusWhereItWasTold()
{
    CommitBar bar(m_window.get());
    m_window->layout()->addWidget(&bar);
    bar.setPlaceAfter(m_other);
    bar.setDirty(true);
    connect(&bar, &CommitBar::saveRequested, &bar, [&bar] { bar.setBusy(true); });
    auto* save = bar.findChild<QPushButton*>(QStringLiteral("saveButton"));
    save->setFocus();

    QTest::keyClick(save, Qt::Key_Space);

    QVERIFY(m_other->hasFocus());
}

void TstFocusReturn::whoMovedTheFocusKeepsIt()
{
    m_work->setFocus();

    m_work->setEnabled(false);
    m_other->setFocus();
    m_work->setEnabled(true);

    QVERIFY(m_other->hasFocus());
}

void TstFocusReturn::aButtonWithoutTheFocusDoesNotTakeIt()
{
    m_next->setFocus();

    m_work->setEnabled(false);
    m_work->setEnabled(true);

    QVERIFY(m_next->hasFocus());
}

static const bool kFocusReturnRegistered = test::registerTestClass<TstFocusReturn>("focusreturn");

} // namespace portreeve

#include "tst_focusreturn.moc"
