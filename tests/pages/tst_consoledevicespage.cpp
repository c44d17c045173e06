// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/consoledevicestore.h"
#include "tests/support/consoledouble.h"
#include "tests/support/testregistry.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/modaldriver.h"
#include "ui/models/devicesmodel.h"
#include "ui/pages/devices/devicespage.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

/// The Devices page on a target whose devices Enterprise's own console keeps.
class TstConsoleDevicesPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void onlyWhatTheConsoleCanDoIsOffered();
    void aLinkIsMadeByTheConsole();
    void aDeviceIsApprovedAndRevoked();

private:
    template <typename Widget> Widget* part(const QString& name) const
    {
        return m_page->findChild<Widget*>(name);
    }

    QAbstractItemModel* rows() const { return part<TableView>(u"devices"_s)->model(); }

    QString cell(int line, int column) const
    {
        return rows()->index(line, column).data().toString();
    }

    std::unique_ptr<test::ConsoleDouble> m_console;
    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<DevicesPage> m_page;
};

void TstConsoleDevicesPage::init()
{
    m_console = std::make_unique<test::ConsoleDouble>();
    m_console->put(test::ConsoleDouble::Kind::Route,
        { .name = u"App"_s, .from = u"https://app.example.org"_s, .to = { u"http://app"_s } });
    m_console->devices().namePerson(u"u-kim"_s, u"Kim Kent"_s);
    m_console->devices().addDevice(u"e-kim"_s, u"CKim"_s, u"u-kim"_s);
    m_desk = std::make_unique<test::Desk>();
    const auto id = m_desk->addTarget(u"Office"_s,
        { { u"kind"_s, u"enterprise"_s }, { u"policy_channel"_s, u"console_api"_s },
            { u"directory_channel"_s, u"none"_s },
            { u"address"_s, m_console->endpoint().address() } },
        QString::fromLatin1(test::ConsoleDouble::token()), u"console_token"_s);
    QVERIFY(!id.isEmpty());
    m_page = std::make_unique<DevicesPage>(m_desk->context(), nullptr);
    m_page->resize(1200, 900);
    m_page->show();
    m_desk->context().targets.refresh();
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
}

void TstConsoleDevicesPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_console.reset();
}

void TstConsoleDevicesPage::onlyWhatTheConsoleCanDoIsOffered()
{
    QCOMPARE(cell(0, DevicesModel::User), u"Kim Kent"_s);
    for (const auto& name : { u"undoApproval"_s, u"showLink"_s, u"renewLink"_s, u"cleanUp"_s }) {
        QVERIFY2(!part<QPushButton>(name)->isVisible(), qPrintable(name));
    }
    for (const auto& name : { u"newEnrollment"_s, u"approveDevice"_s, u"revokeDevice"_s }) {
        QVERIFY2(part<QPushButton>(name)->isVisible(), qPrintable(name));
    }
}

void TstConsoleDevicesPage::aLinkIsMadeByTheConsole()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(connection));
    QTRY_VERIFY(part<QPushButton>(u"newEnrollment"_s)->isEnabled());
    QVERIFY(test::clickButton(*m_page, u"newEnrollment"_s));
    QVERIFY(test::answerDialog(*m_page, u"newEnrollmentDialog"_s, [](QDialog& dialog) {
        QVERIFY(!dialog.findChild<QComboBox*>(u"validFor"_s)->isVisible());
        QVERIFY(!dialog.findChild<QCheckBox*>(u"approveOnEnrollment"_s)->isVisible());
        auto* search = dialog.findChild<QLineEdit*>(u"peopleSearch"_s);
        search->setText(u"1"_s);
        QTRY_VERIFY(dialog.findChild<QListWidget*>(u"peopleHits"_s)->count() > 0);
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(dialog.findChild<QListWidget*>(u"peopleChosen"_s)->count(), 1);
        auto* create = dialog.findChild<QPushButton*>(u"createEnrollment"_s);
        QTRY_VERIFY(create->isEnabled());
        create->click();
    }));

    QVERIFY(test::answerDialog(*m_page, u"linksDialog"_s, [](QDialog& dialog) {
        QVERIFY(dialog.findChild<QPlainTextEdit*>(u"linkText"_s)
                ->toPlainText()
                .startsWith(u"https://app.example.org/.pomerium/webauthn?"_s));
        QVERIFY(test::clickButton(dialog, u"copyLink"_s));
        dialog.reject();
    }));
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 2, 15'000);
    QCOMPARE(m_console->devices().enrollmentIds().size(), 2);
}

void TstConsoleDevicesPage::aDeviceIsApprovedAndRevoked()
{
    part<TableView>(u"devices"_s)->selectRow(0);
    QTRY_VERIFY(test::clickButton(*m_page, u"approveDevice"_s));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Approved"_s, 15'000);
    QCOMPARE(cell(0, DevicesModel::ApprovedBy), u"Deployment robot"_s);

    part<TableView>(u"devices"_s)->selectRow(0);
    QTRY_VERIFY(test::clickButton(*m_page, u"revokeDevice"_s));
    QVERIFY(test::answerDialog(*m_page, u"confirmDialog"_s, [](QDialog& dialog) {
        bool isTold = false;
        for (const auto* label : dialog.findChildren<QLabel*>()) {
            isTold = isTold || label->text().contains(u"console deletes it");
        }
        QVERIFY(isTold);
        QVERIFY(test::clickButton(dialog, u"confirmButton"_s));
    }));

    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 0, 15'000);
    QCOMPARE(m_console->devices().enrollmentIds(), QStringList());
}

static const bool kConsoleDevicesPageRegistered
    = test::registerTestClass<TstConsoleDevicesPage>("consoledevicespage");

} // namespace portreeve

#include "tst_consoledevicespage.moc"
