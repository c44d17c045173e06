// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/testregistry.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/modaldriver.h"
#include "ui/models/capabilitiesmodel.h"
#include "ui/pages/proxy/proxypage.h"
#include "ui/widgets/statelist.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstProxyPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void withoutAProxyThereIsOneWayOn();
    void aProxyIsStoredWithItsSecretInTheSecretStoreOnly();
    void aWrongAddressIsNamedAtItsField();
    void aTestTicksItsSteps();
    void whatItCannotDoSaysWhy();
    void whatIsComparedIsWhatIsDelivered();
    void theWholeWayNeedsNoMouse();
    void aReadOnlyTargetCannotBeDeliveredTo();
    void manyDeletionsWaitForAPerson();
    void aPolicyIsAttachedToARouteOfOthers();
    void onlyTheConfigurationServiceHasRoutesOfOthers();
    void aBlockNobodyCouldTryIsNotConfirmed();

private:
    template <typename Widget> Widget* part(const QString& name) const
    {
        return m_page->findChild<Widget*>(name);
    }

    QString addTarget(const QHash<QString, QString>& more = {});

    std::vector<DatabrokerRecord> records(QLatin1StringView type) const
    {
        return m_proxy->records(type);
    }

    std::unique_ptr<test::DatabrokerDouble> m_proxy;
    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<ProxyPage> m_page;
};

void TstProxyPage::init()
{
    m_proxy = std::make_unique<test::DatabrokerDouble>();
    m_desk = std::make_unique<test::Desk>();
    m_proxy->setClockAhead(m_desk->clockAhead());
    m_page = std::make_unique<ProxyPage>(m_desk->context(), nullptr);
    m_page->resize(1200, 900);
    m_page->show();
    for (auto* model : m_page->findChildren<RowsModel*>()) {
        new QAbstractItemModelTester(
            model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
    }
}

void TstProxyPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_proxy.reset();
}

QString TstProxyPage::addTarget(const QHash<QString, QString>& more)
{
    QHash<QString, QString> options { { u"address"_s, m_proxy->endpoint().address() },
        { u"policy_channel"_s, u"none"_s }, { u"automatic"_s, u"false"_s } };
    options.insert(more);
    const QString id = m_desk->addTarget(
        u"Office"_s, options, QString::fromLatin1(test::DatabrokerDouble::secret().toBase64()));
    m_page->activate();
    return QTest::qWaitFor(
               [this] { return part<StateList>(u"targetList"_s)->currentId() != QString(); })
        ? id
        : QString();
}

void TstProxyPage::withoutAProxyThereIsOneWayOn()
{
    auto* empty = m_page->findChild<QWidget*>(u"noTarget"_s);
    QVERIFY(empty != nullptr);
    auto* add = empty->findChild<QPushButton*>(u"emptyStateButton"_s);
    QTRY_VERIFY(add->isVisible());

    QTest::mouseClick(add, Qt::LeftButton);

    auto* name = part<QLineEdit>(u"name"_s);
    QVERIFY(name != nullptr);
    QTRY_VERIFY(name->isVisible());
    QTRY_VERIFY(name->hasFocus());
}

void TstProxyPage::aProxyIsStoredWithItsSecretInTheSecretStoreOnly()
{
    const QString secret = QString::fromLatin1(test::DatabrokerDouble::secret().toBase64());
    m_page->open(u"add"_s);
    part<QLineEdit>(u"name"_s)->setText(u"Office"_s);
    part<QLineEdit>(u"address"_s)->setText(m_proxy->endpoint().address());
    auto* row = part<QWidget>(u"shared_secretRow"_s);
    QVERIFY(row != nullptr);
    row->findChild<QLineEdit*>(u"secretLine"_s)->setText(secret);

    m_page->saveChanges([](bool) { });

    QTRY_COMPARE(part<StateList>(u"targetList"_s)->count(), 1);
    const auto stored = m_desk->inStore([](Store& store) { return store.targets().list(); });
    QVERIFY(stored);
    QCOMPARE(stored->front().name, u"Office"_s);
    QCOMPARE(stored->front().storedSecrets, std::vector { u"shared_secret"_s });
    QFile file(m_desk->databasePath());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains(secret.toUtf8()));
}

void TstProxyPage::aWrongAddressIsNamedAtItsField()
{
    m_page->open(u"add"_s);
    part<QLineEdit>(u"name"_s)->setText(u"Office"_s);
    auto* address = part<QLineEdit>(u"address"_s);
    address->setText(u"somewhere"_s);

    m_page->saveChanges([](bool) { });

    QTRY_VERIFY(address->hasFocus());
    const auto labels = m_page->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(u"127.0.0.1:5443"_s);
    }));
    QVERIFY(m_desk->inStore([](Store& store) { return store.targets().list(); })->empty());
}

void TstProxyPage::aTestTicksItsSteps()
{
    QVERIFY(!addTarget().isEmpty());

    QVERIFY(test::clickButton(*m_page, u"testTarget"_s));

    auto* panel = m_page->findChild<QWidget*>(u"testPanel"_s);
    QTRY_VERIFY_WITH_TIMEOUT(panel->isVisible(), 15'000);
    QStringList steps;
    const auto labels = panel->findChildren<QLabel*>(u"testStep"_s);
    for (const auto* label : labels) {
        steps << label->accessibleName();
    }
    QVERIFY(steps.size() >= 4);
    for (const auto* title : { "Shared secret", "Sign in", "Clocks", "What is there" }) {
        QCOMPARE(steps.filter(QString(u"Passed: "_s + QString::fromLatin1(title))).size(), 1);
    }
}

void TstProxyPage::whatItCannotDoSaysWhy()
{
    QVERIFY(!addTarget().isEmpty());
    const auto* table = m_page->findChild<TableView*>(u"capabilities"_s);
    QTRY_VERIFY(table->rowsModel()->rowCount() > 0);
    const auto cell = [table](const QString& feature, int column) {
        const auto line = table->rowsModel()->findLine(feature);
        return line ? table->rowsModel()->index(*line, column).data().toString() : QString();
    };

    QCOMPARE(cell(u"databroker"_s, CapabilitiesModel::Possible), u"Yes"_s);
    QCOMPARE(cell(u"bundle_file"_s, CapabilitiesModel::Possible), u"No"_s);
    QVERIFY(cell(u"bundle_file"_s, CapabilitiesModel::Reason).contains(u"Enterprise"));
    QVERIFY(!cell(u"bundle_file"_s, CapabilitiesModel::Remedy).isEmpty());
}

void TstProxyPage::whatIsComparedIsWhatIsDelivered()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(30));
    QVERIFY(m_desk->sync(connection));
    QVERIFY(!addTarget().isEmpty());

    QVERIFY(test::clickButton(*m_page, u"compareButton"_s));

    auto* changes = part<TableView>(u"deliveryChanges"_s);
    auto* deliver = part<QPushButton>(u"deliverButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(deliver->isVisible() && deliver->isEnabled(), 15'000);
    const int promised = changes->model()->rowCount();
    QVERIFY(promised >= 30);
    QCOMPARE(records(recordtype::kDirectoryUser).size(), 0U); // looking writes nothing

    QTest::mouseClick(deliver, Qt::LeftButton);

    QTRY_COMPARE_WITH_TIMEOUT(records(recordtype::kDirectoryUser).size(), 30U, 15'000);
    QTRY_COMPARE_WITH_TIMEOUT(part<TableView>(u"pushes"_s)->model()->rowCount(), 1, 15'000);
    QCOMPARE(static_cast<int>(records(recordtype::kDirectoryUser).size()
                 + records(recordtype::kDirectoryGroup).size()),
        promised);
}

void TstProxyPage::theWholeWayNeedsNoMouse()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(5));
    QVERIFY(m_desk->sync(connection));
    QVERIFY(!addTarget().isEmpty());

    QVERIFY(test::pressByKeyboard(*m_page, u"compareButton"_s));
    QVERIFY(test::pressByKeyboard(*m_page, u"deliverButton"_s));

    QTRY_COMPARE_WITH_TIMEOUT(records(recordtype::kDirectoryUser).size(), 5U, 15'000);
}

void TstProxyPage::aReadOnlyTargetCannotBeDeliveredTo()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(5));
    QVERIFY(m_desk->sync(connection));
    QVERIFY(!addTarget({ { u"read_only"_s, u"true"_s } }).isEmpty());

    QVERIFY(test::clickButton(*m_page, u"compareButton"_s));

    auto* deliver = part<QPushButton>(u"deliverButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(deliver->isVisible(), 15'000);
    QVERIFY(!deliver->isEnabled());
    QVERIFY(!deliver->toolTip().isEmpty());
}

void TstProxyPage::manyDeletionsWaitForAPerson()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(40));
    QVERIFY(m_desk->sync(connection));
    const QString target = addTarget();
    QVERIFY(!target.isEmpty());
    QVERIFY(m_desk->push(target));
    QCOMPARE(records(recordtype::kDirectoryUser).size(), 40U);
    QVERIFY(m_desk->inStore(
        [connection](Store& store) { return store.connections().remove(connection); }));

    QVERIFY(test::clickButton(*m_page, u"compareButton"_s));

    auto* held = part<QLabel>(u"deliveryHeld"_s);
    QTRY_VERIFY_WITH_TIMEOUT(held->isVisible(), 15'000);
    QVERIFY(test::clickButton(*m_page, u"deliverButton"_s));
    QCOMPARE(records(recordtype::kDirectoryUser).size(), 40U); // asked first
    QVERIFY(test::answerDialog(*m_page, u"confirmDialog"_s,
        [](QDialog& dialog) { test::clickButton(dialog, u"confirmButton"_s); }));
    QTRY_COMPARE_WITH_TIMEOUT(records(recordtype::kDirectoryUser).size(), 0U, 15'000);
}

void TstProxyPage::aPolicyIsAttachedToARouteOfOthers()
{
    m_desk->configService().putRoute({ { u"id"_s, u"shop"_s }, { u"name"_s, u"Shop"_s },
        { u"from"_s, u"https://shop.example.com"_s }, { u"originatorId"_s, u"terraform"_s } });
    QVERIFY(m_desk->inStore([](Store& store) {
        return store.policies().save(StoredPolicy { .name = u"Staff"_s, .text = u"[]"_s });
    }));
    QVERIFY(!addTarget(
        { { u"policy_channel"_s, u"config_service"_s }, { u"directory_channel"_s, u"none"_s } })
            .isEmpty());
    auto* attach = part<QPushButton>(u"attachPolicy"_s);
    QTRY_VERIFY(attach->isEnabled());

    attach->click();
    QVERIFY(test::answerDialog(*m_page, u"attachDialog"_s, [](QDialog& dialog) {
        auto* button = dialog.findChild<QPushButton*>(u"attachButton"_s);
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 15'000);
        QVERIFY(dialog.findChild<QComboBox*>(u"foreignRoute"_s)->currentText().contains(u"Shop"));
        QTest::mouseClick(button, Qt::LeftButton);
    }));

    auto* table = part<TableView>(u"attachments"_s);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 15'000);
    QCOMPARE(table->model()->index(0, 1).data().toString(), u"Staff"_s);
    QVERIFY(m_desk->configService().writes().isEmpty()); // the next delivery brings it

    table->selectRow(0);
    auto* detach = part<QPushButton>(u"detachPolicy"_s);
    QTRY_VERIFY(detach->isEnabled());
    detach->click();
    QTRY_VERIFY_WITH_TIMEOUT(!detach->isEnabled(), 15'000);
    QTRY_VERIFY(table->model()->index(0, 2).data().toString().contains(u"next delivery"));
}

void TstProxyPage::onlyTheConfigurationServiceHasRoutesOfOthers()
{
    QVERIFY(!addTarget().isEmpty());

    auto* attach = part<QPushButton>(u"attachPolicy"_s);

    QVERIFY(attach != nullptr);
    QVERIFY(!attach->isEnabled());
}

void TstProxyPage::aBlockNobodyCouldTryIsNotConfirmed()
{
    QVERIFY(m_desk->inStore([](Store& store) {
        const auto policy = store.policies().save(StoredPolicy { .name = u"Staff"_s,
            .text = u"- allow:\n    or:\n      - user:\n          is: \"ann\"\n"_s });
        return store.policies().save(StoredRoute { .name = u"wiki"_s,
            .from = u"https://wiki.example.com"_s,
            .to = { u"http://127.0.0.1:8080"_s },
            .policyIds = { policy.value().id } });
    }));
    const QString target = addTarget(
        { { u"policy_channel"_s, u"config_service"_s }, { u"directory_channel"_s, u"none"_s } });
    QVERIFY(m_desk->push(target));

    auto* block = part<QPushButton>(u"blockNowButton"_s);
    QTRY_VERIFY(block->isEnabled());
    block->click();
    QVERIFY(test::answerDialog(*m_page, u"blockDialog"_s, [](QDialog& dialog) {
        dialog.findChild<QLineEdit*>(u"blockUser"_s)->setText(u"bob"_s);
        QVERIFY(test::clickButton(dialog, u"blockButton"_s));
        auto* answer = dialog.findChild<QLabel*>(u"blockAnswer"_s);
        QTRY_VERIFY_WITH_TIMEOUT(answer->text().startsWith(u"Written, not confirmed."), 15'000);
        auto* list = dialog.findChild<QListWidget*>(u"blockedUsers"_s);
        QTRY_COMPARE(list->count(), 1);
    }));
}

static const bool kProxyPageRegistered = test::registerTestClass<TstProxyPage>("proxypage");

} // namespace portreeve

#include "tst_proxypage.moc"
