// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/devicerecords.h"
#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/modaldriver.h"
#include "ui/models/devicesmodel.h"
#include "ui/pages/devices/devicespage.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstDevicesPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void withoutAProxyThereIsAWayToOne();
    void aLinkIsMadeWithItsEnrollment();
    void theReasonWhyNothingCanBeCreatedIsShown();
    void aDeviceIsApprovedAndTakenBack();
    void aNewDeviceShowsUpByItself();
    void case6UseShowsByItself_data();
    void case6UseShowsByItself();
    void aLostLinkIsRecreated();
    void aLinkRevokedElsewhereIsNotLost();
    void approvalAndRevocationNeedNoMouse();
    void recordsAreShownOnDemand();
    void aProxyThatComesBackIsFollowedByItself_data();
    void aProxyThatComesBackIsFollowedByItself();
    void aProxyThatWasAwayAtFirstIsReadByItself();
    void revokingAsksFirstAndDeletes();
    void thePageFilters();
    void aReadOnlyTargetIsOnlyLookedAt();
    void case10MissingSecretIsSaidAndNothingIsOffered();
    void case11WrongSecretIsSaidAndNothingIsOffered();

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

    static QString rightSecret()
    {
        return QString::fromLatin1(test::DatabrokerDouble::secret().toBase64());
    }

    void addProxy(QHash<QString, QString> options, const QString& secret);
    bool chooseByKeyboard(); ///< the first row
    bool makeLink(const QString& approvedBy = {}); ///< for Ann, with its enrollment
    bool connectProxy();
    void enroll(const QString& id, const QString& user, const QString& approvedBy = {});

    std::unique_ptr<test::DatabrokerDouble> m_proxy;
    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<DevicesPage> m_page;
    QString m_target;
};

namespace {
const QString kAnn = u"3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f"_s; // an enrollment's id
}

void TstDevicesPage::init()
{
    m_proxy = std::make_unique<test::DatabrokerDouble>();
    m_desk = std::make_unique<test::Desk>();
    m_proxy->setClockAhead(m_desk->clockAhead());
    m_page = std::make_unique<DevicesPage>(m_desk->context(), nullptr);
    m_page->resize(1200, 900);
    m_page->show();
    for (auto* model : m_page->findChildren<RowsModel*>()) {
        new QAbstractItemModelTester(
            model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
    }
}

void TstDevicesPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_proxy.reset();
}

void TstDevicesPage::addProxy(QHash<QString, QString> options, const QString& secret)
{
    options.insert(u"address"_s, m_proxy->endpoint().address());
    m_target = m_desk->addTarget(u"Office"_s, options, secret);
    m_desk->context().targets.refresh();
}

bool TstDevicesPage::connectProxy()
{
    addProxy({}, rightSecret());
    const auto named = m_desk->inStore(
        [](Store& store) { return store.setSetting(u"administrator_name"_s, u" grace "_s); });
    const auto saved = m_desk->inStore([](Store& store) {
        return store.policies().save(StoredRoute { .name = u"App"_s,
            .from = u"https://app.example.org"_s,
            .to = { u"http://127.0.0.1:8080"_s } });
    });
    if (!saved || !named) {
        return false;
    }
    const auto isReady = [this] { return part<QPushButton>(u"newEnrollment"_s)->isEnabled(); };
    return QTest::qWaitFor([this] { return part<QComboBox>(u"deviceTarget"_s)->count() == 1; })
        && QTest::qWaitFor(isReady, 15'000);
}

void TstDevicesPage::enroll(const QString& id, const QString& user, const QString& approvedBy)
{
    m_proxy->write({ toRecord(EnrollmentData { .id = id,
        .userId = user,
        .approvedBy = approvedBy,
        .enrolledAt = m_desk->now(),
        .userAgent = u"Firefox"_s,
        .typeId = u"any"_s,
        .credentialId = u"c-"_s + id }) });
}

bool TstDevicesPage::makeLink(const QString& approvedBy)
{
    const auto added = m_desk->inStore([this](Store& store) {
        return store.deviceLinks().add({ { .enrollmentId = kAnn,
            .targetId = m_target,
            .userId = u"u-ann"_s,
            .userName = u"Ann"_s,
            .type = u"any"_s,
            .host = u"app.example.org"_s,
            .redirect = u"https://app.example.org/"_s,
            .issuedAt = m_desk->now(),
            .expiresAt = m_desk->now() + std::chrono::hours(24) } });
    });
    m_proxy->write({ toRecord(EnrollmentData {
        .id = kAnn, .userId = u"u-ann"_s, .approvedBy = approvedBy, .typeId = u"any"_s }) });
    return added
        && QTest::qWaitFor(
            [this] { return rows()->rowCount() == 1 && cell(0, DevicesModel::Link) == u"Waiting"; },
            test::kPatienceMs);
}

bool TstDevicesPage::chooseByKeyboard()
{
    auto* table = part<TableView>(u"devices"_s);
    if (!test::tabTo(*m_page, table)) {
        return false;
    }
    QTest::keyClick(table, Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(table, Qt::Key_Space);
    return table->selectedRows().size() == 1;
}

void TstDevicesPage::withoutAProxyThereIsAWayToOne()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    auto* button = m_page->findChild<QPushButton*>(u"emptyStateButton"_s);
    QTRY_VERIFY(button->isVisible());

    QTest::mouseClick(button, Qt::LeftButton);

    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().front().toString(), u"proxy"_s);
}

void TstDevicesPage::aLinkIsMadeWithItsEnrollment()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(connection));
    QVERIFY(connectProxy());
    QVERIFY(test::clickButton(*m_page, u"newEnrollment"_s));
    QVERIFY(test::answerDialog(*m_page, u"newEnrollmentDialog"_s, [](QDialog& dialog) {
        auto* search = dialog.findChild<QLineEdit*>(u"peopleSearch"_s);
        auto* hits = dialog.findChild<QListWidget*>(u"peopleHits"_s);
        search->setText(u"1"_s);
        QTRY_VERIFY(hits->count() > 0);
        QTest::keyClick(search, Qt::Key_Return);
        QTRY_COMPARE(dialog.findChild<QListWidget*>(u"peopleChosen"_s)->count(), 1);
        auto* create = dialog.findChild<QPushButton*>(u"createEnrollment"_s);
        QTRY_VERIFY(create->isEnabled());
        create->click();
    }));

    QVERIFY(test::answerDialog(*m_page, u"linksDialog"_s, [](QDialog& dialog) {
        const QString url = dialog.findChild<QPlainTextEdit*>(u"linkText"_s)->toPlainText();
        QVERIFY(url.startsWith(u"https://app.example.org/.pomerium/webauthn?"_s));
        QVERIFY(test::clickButton(dialog, u"copyLink"_s));
        QCOMPARE(QGuiApplication::clipboard()->text(), url);
        dialog.reject();
    }));
    const auto records = m_proxy->records(recordtype::kEnrollment);
    QCOMPARE(records.size(), 1U);
    QCOMPARE(enrollmentData(records.front())->approvedBy, u"grace"_s); // on unless taken off
    const auto audit = m_desk->inStore([](Store& store) { return store.audit().list(0, 1'000); });
    QCOMPARE(audit->back().event, u"device_link_created"_s);
    QCOMPARE(audit->back().actor, u"grace"_s);
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    QTRY_COMPARE(cell(0, DevicesModel::Link), u"Waiting"_s);
}

void TstDevicesPage::theReasonWhyNothingCanBeCreatedIsShown()
{
    QVERIFY(connectProxy());
    QVERIFY(test::clickButton(*m_page, u"newEnrollment"_s));

    QVERIFY(test::answerDialog(*m_page, u"newEnrollmentDialog"_s, [](QDialog& dialog) {
        auto* create = dialog.findChild<QPushButton*>(u"createEnrollment"_s);
        QVERIFY(!create->isEnabled());
        QVERIFY(!dialog.findChild<QLabel*>(u"enrollmentPreview"_s)->text().isEmpty());
        dialog.reject();
    }));
}

void TstDevicesPage::aDeviceIsApprovedAndTakenBack()
{
    enroll(u"e-1"_s, u"u-ann"_s);
    QVERIFY(connectProxy());
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    QCOMPARE(cell(0, DevicesModel::Status), u"Pending approval"_s);
    part<TableView>(u"devices"_s)->selectRow(0);

    QVERIFY(test::clickButton(*m_page, u"approveDevice"_s));

    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Approved"_s, 15'000);
    QCOMPARE(
        enrollmentData(m_proxy->records(recordtype::kEnrollment).front())->approvedBy, u"grace"_s);
    part<TableView>(u"devices"_s)->selectRow(0);
    QTRY_VERIFY(test::clickButton(*m_page, u"undoApproval"_s));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Pending approval"_s, 15'000);
}

void TstDevicesPage::aNewDeviceShowsUpByItself()
{
    QVERIFY(connectProxy());
    QTRY_COMPARE(rows()->rowCount(), 0);

    enroll(u"e-2"_s, u"u-ben"_s, u"admin"_s);

    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    QCOMPARE(cell(0, DevicesModel::User), u"u-ben"_s);
}

void TstDevicesPage::case6UseShowsByItself_data()
{
    QTest::addColumn<QString>("approvedBy");
    QTest::addColumn<QString>("status");
    QTest::addRow("approved before") << u"grace"_s << u"Approved"_s;
    QTest::addRow("to be approved") << QString() << u"Pending approval"_s;
}

void TstDevicesPage::case6UseShowsByItself()
{
    QFETCH(QString, approvedBy);
    QFETCH(QString, status);
    QVERIFY(connectProxy());
    QVERIFY(makeLink(approvedBy));
    QCOMPARE(cell(0, DevicesModel::Status), u"Pending enrollment"_s);

    const test::MadeUpDevice used { .enrollmentId = kAnn,
        .credentialId = u"CAnn"_s,
        .userId = u"u-ann"_s,
        .approvedBy = approvedBy };
    m_proxy->write({ test::enrollmentRecord(used), test::credentialRecord(used) });

    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Link), u"Used"_s, 15'000);
    QCOMPARE(cell(0, DevicesModel::Status), status);
    QTRY_COMPARE(cell(0, DevicesModel::Device), u"Security key (packed)"_s);
    QCOMPARE(rows()->rowCount(), 1);
}

void TstDevicesPage::aLostLinkIsRecreated()
{
    QVERIFY(connectProxy());
    QVERIFY(makeLink());
    auto* recreate = part<QPushButton>(u"recreateLink"_s);
    QVERIFY(!recreate->isVisible());

    m_proxy->restart(); // its memory is gone

    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Lost"_s, 15'000);
    QCOMPARE(cell(0, DevicesModel::User), u"Ann"_s);
    QCOMPARE(cell(0, DevicesModel::Link), u"Lost"_s);
    QVERIFY(chooseByKeyboard());
    QVERIFY(part<QLabel>(u"deviceDetails"_s)->text().contains(u"no longer has this enrollment"_s));
    QVERIFY(!part<QPushButton>(u"renewLink"_s)->isEnabled());
    QVERIFY(test::pressByKeyboard(*m_page, recreate));
    QVERIFY(test::answerDialog(*m_page, u"linksDialog"_s, [](QDialog& dialog) {
        const QString url = dialog.findChild<QPlainTextEdit*>(u"linkText"_s)->toPlainText();
        QVERIFY(url.startsWith(u"https://app.example.org/.pomerium/webauthn?"_s));
        QVERIFY(test::pressByKeyboard(dialog, u"copyLink"_s));
        dialog.reject();
    }));
    const auto records = m_proxy->records(recordtype::kEnrollment);
    QCOMPARE(records.size(), 1U);
    QCOMPARE(records.front().id, kAnn);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Link), u"Waiting"_s, 15'000);
    QTRY_VERIFY(!recreate->isVisible());
}

void TstDevicesPage::aLinkRevokedElsewhereIsNotLost()
{
    QVERIFY(connectProxy());
    QVERIFY(makeLink());

    QVERIFY(m_desk->inStore([this](Store& store) { // as portreevectl does
        auto link = store.deviceLinks().byEnrollment(kAnn).value();
        link.revokedAt = m_desk->now();
        return store.deviceLinks().update(link);
    }));
    m_proxy->write({ tombstone(recordtype::kEnrollment, kAnn) });

    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Revoked"_s, 15'000);
    part<TableView>(u"devices"_s)->selectRow(0);
    QVERIFY(!part<QPushButton>(u"revokeDevice"_s)->isEnabled());
    QVERIFY(!part<QPushButton>(u"recreateLink"_s)->isVisible());
}

void TstDevicesPage::approvalAndRevocationNeedNoMouse()
{
    enroll(u"e-1"_s, u"u-ann"_s);
    enroll(u"e-2"_s, u"u-ben"_s);
    QVERIFY(connectProxy());
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 2, 15'000);

    QVERIFY(test::typeByKeyboard(*m_page, u"deviceSearch"_s, u"ben"_s));
    QTRY_COMPARE(rows()->rowCount(), 1);
    QVERIFY(test::tabTo(*m_page, u"deviceStatus"_s));
    QTest::keyClick(part<QComboBox>(u"deviceStatus"_s), Qt::Key_P); // "Pending enrollment"
    QTRY_COMPARE(rows()->rowCount(), 0);
    QTest::keyClick(part<QComboBox>(u"deviceStatus"_s), Qt::Key_Home);
    QTRY_COMPARE(rows()->rowCount(), 1);

    QVERIFY(chooseByKeyboard());
    QVERIFY(test::pressByKeyboard(*m_page, u"approveDevice"_s));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Approved"_s, 15'000);

    QVERIFY(chooseByKeyboard());
    QVERIFY(test::pressByKeyboard(*m_page, u"undoApproval"_s));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, DevicesModel::Status), u"Pending approval"_s, 15'000);

    QVERIFY(chooseByKeyboard());
    QVERIFY(test::pressByKeyboard(*m_page, u"revokeDevice"_s));
    QVERIFY(test::answerDialog(*m_page, u"confirmDialog"_s,
        [](QDialog& dialog) { QVERIFY(test::pressByKeyboard(dialog, u"confirmButton"_s)); }));
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 0, 15'000);
    const auto left = m_proxy->records(recordtype::kEnrollment);
    QCOMPARE(left.size(), 1U);
    QCOMPARE(left.front().id, u"e-1"_s);
}

void TstDevicesPage::recordsAreShownOnDemand()
{
    const test::MadeUpDevice device {
        .enrollmentId = u"e-1"_s, .credentialId = u"CAnn"_s, .userId = u"u-ann"_s
    };
    m_proxy->write({ test::enrollmentRecord(device), test::credentialRecord(device) });
    QVERIFY(connectProxy());
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    QVERIFY(!part<QPushButton>(u"showRecords"_s)->isVisible());
    QVERIFY(chooseByKeyboard());

    QVERIFY(test::pressByKeyboard(*m_page, u"showRecords"_s));

    QVERIFY(test::answerDialog(*m_page, u"recordsDialog"_s, [](QDialog& dialog) {
        const QString text = dialog.findChild<QPlainTextEdit*>(u"recordsText"_s)->toPlainText();
        QVERIFY2(text.contains(u"\"ip_address\": \"192.0.2.7\""_s), qPrintable(text));
        QVERIFY2(text.contains(u"\"attestationObject\""_s), qPrintable(text));
        QVERIFY(test::pressByKeyboard(dialog, u"copyRecords"_s));
        QCOMPARE(QGuiApplication::clipboard()->text(), text);
        QTest::keyClick(&dialog, Qt::Key_Escape);
    }));
}

void TstDevicesPage::aProxyThatComesBackIsFollowedByItself_data()
{
    QTest::addColumn<bool>("empty");
    QTest::addRow("with its records") << false;
    QTest::addRow("without any") << true;
}

void TstDevicesPage::aProxyThatComesBackIsFollowedByItself()
{
    QFETCH(bool, empty);
    enroll(u"e-old"_s, u"u-ann"_s);
    QVERIFY(connectProxy());
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    auto* message = m_page->findChild<MessageBar*>();

    m_proxy->goAway();

    QTRY_VERIFY_WITH_TIMEOUT(message->isVisible(), 15'000);
    QVERIFY2(message->text().contains(u"goes on by itself"_s), qPrintable(message->text()));
    QCOMPARE(rows()->rowCount(), 1); // what was there stays to be read
    for (auto* button : message->findChildren<QPushButton*>()) {
        if (button->text() == u"&Try again") {
            button->click();
            break;
        }
    }
    QTRY_VERIFY_WITH_TIMEOUT(message->isVisible(), 15'000); // in vain, and said again

    m_proxy->comeBack(empty);
    m_proxy->setClockAhead(m_desk->clockAhead());

    QTRY_VERIFY_WITH_TIMEOUT(!message->isVisible(), 15'000);
    enroll(u"e-new"_s, u"u-ben"_s);
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), empty ? 1 : 2, 15'000);
    QCOMPARE(cell(empty ? 0 : 1, DevicesModel::User), u"u-ben"_s);
}

void TstDevicesPage::aProxyThatWasAwayAtFirstIsReadByItself()
{
    enroll(u"e-1"_s, u"u-ann"_s);
    m_proxy->goAway();
    addProxy({}, rightSecret());
    auto* message = m_page->findChild<MessageBar*>();
    QTRY_VERIFY_WITH_TIMEOUT(message->text().contains(u"as soon as it does"_s), 15'000);
    QVERIFY(!part<QPushButton>(u"newEnrollment"_s)->isEnabled());

    m_proxy->comeBack(false);
    m_proxy->setClockAhead(m_desk->clockAhead());

    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    QVERIFY(!message->isVisible());
}

void TstDevicesPage::revokingAsksFirstAndDeletes()
{
    enroll(u"e-3"_s, u"u-ann"_s, u"admin"_s);
    QVERIFY(connectProxy());
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 1, 15'000);
    part<TableView>(u"devices"_s)->selectRow(0);
    QTRY_VERIFY(test::clickButton(*m_page, u"revokeDevice"_s));
    QCOMPARE(m_proxy->records(recordtype::kEnrollment).size(), 1U);

    bool saysWhyNotTheEnrollmentAlone = false; // case 22
    QVERIFY(test::answerDialog(*m_page, u"confirmDialog"_s, [&](QDialog& dialog) {
        saysWhyNotTheEnrollmentAlone
            = std::ranges::any_of(dialog.findChildren<QLabel*>(), [](const QLabel* label) {
                  return label->text().contains(u"deleting the enrollment alone"_s);
              });
        test::clickButton(dialog, u"confirmButton"_s);
    }));

    QVERIFY(saysWhyNotTheEnrollmentAlone);
    QTRY_COMPARE_WITH_TIMEOUT(m_proxy->records(recordtype::kEnrollment).size(), 0U, 15'000);
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 0, 15'000);
}

void TstDevicesPage::thePageFilters()
{
    enroll(u"e-1"_s, u"u-ann"_s, u"admin"_s);
    enroll(u"e-2"_s, u"u-ben"_s);
    QVERIFY(connectProxy());
    QTRY_COMPARE_WITH_TIMEOUT(rows()->rowCount(), 2, 15'000);

    part<QLineEdit>(u"deviceSearch"_s)->setText(u"ben"_s);

    QCOMPARE(rows()->rowCount(), 1);
    QCOMPARE(cell(0, DevicesModel::User), u"u-ben"_s);
    part<QLineEdit>(u"deviceSearch"_s)->clear();
    part<QComboBox>(u"deviceStatus"_s)->setCurrentIndex(3); // Approved
    QCOMPARE(rows()->rowCount(), 1);
    QCOMPARE(cell(0, DevicesModel::User), u"u-ann"_s);
}

void TstDevicesPage::aReadOnlyTargetIsOnlyLookedAt()
{
    addProxy({ { u"read_only"_s, u"true"_s } }, rightSecret());
    auto* nothing = m_page->findChild<QPushButton*>(u"emptyStateButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        part<QPushButton>(u"newEnrollment"_s)->toolTip().contains(u"read only"_s), 15'000);
    QTRY_VERIFY(!nothing->isVisible());

    m_page->open(u"add"_s);

    QVERIFY(QApplication::activeModalWidget() == nullptr);
    QCOMPARE(m_proxy->count(u"Put"_s), 0);
}

void TstDevicesPage::case10MissingSecretIsSaidAndNothingIsOffered()
{
    addProxy({}, {});
    auto* again = m_page->findChild<QPushButton*>(u"emptyStateButton"_s);

    QTRY_VERIFY_WITH_TIMEOUT(again->text().contains(u"again"_s), 15'000);
    QVERIFY(!part<QPushButton>(u"newEnrollment"_s)->isEnabled());
    m_page->open(u"add"_s);
    QVERIFY(QApplication::activeModalWidget() == nullptr);
    QVERIFY(m_proxy->calls().empty());
}

void TstDevicesPage::case11WrongSecretIsSaidAndNothingIsOffered()
{
    addProxy({}, QString::fromLatin1(QByteArray(32, 'w').toBase64()));
    auto* again = m_page->findChild<QPushButton*>(u"emptyStateButton"_s);

    QTRY_VERIFY_WITH_TIMEOUT(again->text().contains(u"again"_s), 15'000);
    QVERIFY(!part<QPushButton>(u"newEnrollment"_s)->isEnabled());
    QVERIFY(!part<QPushButton>(u"newEnrollment"_s)->toolTip().isEmpty());
    const auto labels = m_page->findChildren<QLabel*>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
        return label->isVisible() && label->text().contains(u"secret"_s);
    }));
    QCOMPARE(m_proxy->count(u"Put"_s), 0);
}

static const bool kDevicesPageRegistered = test::registerTestClass<TstDevicesPage>("devicespage");

} // namespace portreeve

#include "tst_devicespage.moc"
