// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorycodec.h"
#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/testregistry.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/modaldriver.h"
#include "ui/models/capabilitiesmodel.h"
#include "ui/models/deliverymodel.h"
#include "ui/models/planmodel.h"
#include "ui/pages/proxy/proxypage.h"
#include "ui/widgets/statelist.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QComboBox>
#include <QCompleter>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTabBar>
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
    void aPersonToBlockIsFoundByName();
    void theEffectOfAMembershipIsShown();
    void theTextOfAPolicyIsComparedWhole();
    void recordsOfOthersAreDecidedOn();
    void attachingNeedsNoMouse();
    void blockingNeedsNoMouse();

private:
    template <typename Widget> Widget* part(const QString& name) const
    {
        return m_page->findChild<Widget*>(name);
    }

    QString addTarget(const QHash<QString, QString>& more = {});
    bool addRoute(const QString& criterion, const QString& value); ///< "wiki", with one rule
    bool showTab(const QString& tabs, int index); ///< by keyboard
    bool chooseFirstRow(TableView* table); ///< likewise

    static QString firstCell(const TableView* table, int column)
    {
        return table->model()->index(0, column).data().toString();
    }

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

bool TstProxyPage::addRoute(const QString& criterion, const QString& value)
{
    return m_desk
        ->inStore([&](Store& store) -> Result<StoredRoute> {
            const auto policy = store.policies().save(StoredPolicy { .name = u"Staff"_s,
                .text
                = u"- allow:\n    or:\n      - %1:\n          %2\n"_s.arg(criterion, value) });
            return policy ? store.policies().save(StoredRoute { .name = u"wiki"_s,
                                .from = u"https://wiki.example.com"_s,
                                .to = { u"http://127.0.0.1:8080"_s },
                                .policyIds = { policy->id } })
                          : policy.error();
        })
        .hasValue();
}

bool TstProxyPage::showTab(const QString& tabs, int index)
{
    auto* widget = part<QTabWidget>(tabs);
    if (!test::tabTo(*m_page, widget->tabBar())) {
        return false;
    }
    for (int press = 0; press < widget->count() && widget->currentIndex() != index; ++press) {
        QTest::keyClick(widget->tabBar(), Qt::Key_Right);
    }
    return widget->currentIndex() == index;
}

bool TstProxyPage::chooseFirstRow(TableView* table)
{
    if (!test::tabTo(*m_page, table)) {
        return false;
    }
    QTest::keyClick(table, Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(table, Qt::Key_Space);
    return table->selectedRows().size() == 1;
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
    QVERIFY(addRoute(u"user"_s, u"is: \"ann\""_s));
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
        QTRY_VERIFY_WITH_TIMEOUT(answer->text().startsWith(u"The block is written, but"), 15'000);
        auto* list = dialog.findChild<QListWidget*>(u"blockedUsers"_s);
        QTRY_COMPARE(list->count(), 1);
    }));
}

void TstProxyPage::aPersonToBlockIsFoundByName()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    test::Listing people = test::crowd(3);
    people.userOf(u"u001"_s).displayName = u"Bertha Benz"_s;
    m_desk->provider().answer(people);
    QVERIFY(m_desk->sync(connection));
    QVERIFY(addRoute(u"user"_s, u"is: \"ann\""_s));
    const QString target = addTarget({ { u"policy_channel"_s, u"config_service"_s } });
    QVERIFY(m_desk->push(target));
    QVERIFY(test::pressByKeyboard(*m_page, u"blockNowButton"_s));

    QVERIFY(test::answerDialog(*m_page, u"blockDialog"_s, [](QDialog& dialog) {
        auto* user = dialog.findChild<QLineEdit*>(u"blockUser"_s);
        QVERIFY(test::typeByKeyboard(dialog, u"blockUser"_s, u"bert"_s));
        QWidget* suggestions = user->completer()->popup();
        QTRY_VERIFY(suggestions->isVisible());
        QTest::keyClick(suggestions, Qt::Key_Down);
        QTest::keyClick(suggestions, Qt::Key_Return);

        QCOMPARE(user->text(), u"u001"_s);
        QCOMPARE(
            dialog.findChild<QLabel*>(u"blockWho"_s)->text(), u"Bertha Benz (u001@example.com)"_s);
        QVERIFY(test::pressByKeyboard(dialog, u"blockButton"_s));
        auto* blocked = dialog.findChild<QListWidget*>(u"blockedUsers"_s);
        QTRY_COMPARE_WITH_TIMEOUT(blocked->count(), 1, 15'000);
        QVERIFY(blocked->item(0)->text().startsWith(u"Bertha Benz (u001)"));
    }));
}

void TstProxyPage::theEffectOfAMembershipIsShown()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    test::Listing people = test::crowd(3);
    people.members(u"sales"_s, { u"u000"_s });
    m_desk->provider().answer(people);
    QVERIFY(m_desk->sync(connection));
    QVERIFY(addRoute(u"groups"_s, u"has: \"sales\""_s));
    const QString target = addTarget({ { u"policy_channel"_s, u"config_service"_s } });
    QVERIFY(m_desk->push(target));
    people.members(u"sales"_s, { u"u001"_s });
    m_desk->provider().answer(people);
    QVERIFY(m_desk->sync(connection));

    QVERIFY(test::pressByKeyboard(*m_page, u"compareButton"_s));

    auto* changes = part<TableView>(u"deliveryChanges"_s);
    QTRY_COMPARE_WITH_TIMEOUT(changes->model()->rowCount(), 1, 15'000);
    QVERIFY(firstCell(changes, DeliveryModel::Name).contains(u"u001"));
    const QString summary = part<QLabel>(u"deliverySummary"_s)->text();
    QVERIFY2(summary.startsWith(u"Users: 1 put · Groups: none"), qPrintable(summary));
    QVERIFY(chooseFirstRow(changes));
    auto* fields = part<TableView>(u"deliveryFields"_s);
    QCOMPARE(fields->model()->rowCount(), 1);
    QCOMPARE(firstCell(fields, AttributesModel::Field), u"Groups"_s);
    QCOMPARE(firstCell(fields, AttributesModel::Before), u"− everyone"_s);
    QCOMPARE(firstCell(fields, AttributesModel::After), u"+ everyone, sales"_s);

    QVERIFY(showTab(u"deliveryTabs"_s, 1));
    auto* access = part<TableView>(u"deliveryAccess"_s);
    QCOMPARE(access->model()->rowCount(), 1);
    QCOMPARE(firstCell(access, AccessChangesModel::What), u"gains"_s);
    QCOMPARE(firstCell(access, AccessChangesModel::Person), u"u001"_s);
    QCOMPARE(firstCell(access, AccessChangesModel::Route), u"wiki"_s);
}

void TstProxyPage::theTextOfAPolicyIsComparedWhole()
{
    QVERIFY(addRoute(u"user"_s, u"is: \"ann\""_s));
    const QString target = addTarget(
        { { u"policy_channel"_s, u"config_service"_s }, { u"directory_channel"_s, u"none"_s } });
    QVERIFY(m_desk->push(target));
    QVERIFY(m_desk->inStore([](Store& store) {
        auto policy = store.policies().policies().value().front();
        policy.text.replace(u"ann"_s, u"bob"_s);
        return store.policies().save(policy);
    }));

    QVERIFY(test::pressByKeyboard(*m_page, u"compareButton"_s));

    auto* changes = part<TableView>(u"deliveryChanges"_s);
    QTRY_COMPARE_WITH_TIMEOUT(changes->model()->rowCount(), 1, 15'000);
    QCOMPARE(firstCell(changes, DeliveryModel::What), u"Policy text"_s);
    QVERIFY(chooseFirstRow(changes));
    auto* fields = part<TableView>(u"deliveryFields"_s);
    const QString after = firstCell(fields, AttributesModel::After);
    QVERIFY2(after.contains(u"bob"_s), qPrintable(after));
    const auto lines = after.trimmed().count(u'\n') + 1;
    QVERIFY(lines > 2);
    QVERIFY(fields->rowHeight(0) >= lines * fields->fontMetrics().lineSpacing());
}

void TstProxyPage::recordsOfOthersAreDecidedOn()
{
    const QString connection = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(connection));
    m_proxy->write({ { .type = recordtype::kDirectoryUser,
        .id = u"stranger"_s,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(DirectoryUserRecord { .id = u"stranger"_s }) } });
    const QString target = addTarget();
    QVERIFY(m_desk->push(target));
    QCOMPARE(records(recordtype::kDirectoryUser).size(), 4U); // left alone
    QVERIFY(test::pressByKeyboard(*m_page, u"compareButton"_s));
    auto* foreign = part<QComboBox>(u"foreignChoice"_s);
    QTRY_VERIFY_WITH_TIMEOUT(foreign->isVisible(), 15'000);
    auto* deliver = part<QPushButton>(u"deliverButton"_s);
    QVERIFY(!deliver->isEnabled());

    QVERIFY(test::tabTo(*m_page, foreign));
    QTest::keyClicks(foreign, u"Delete"_s);
    auto* changes = part<TableView>(u"deliveryChanges"_s);
    QTRY_COMPARE_WITH_TIMEOUT(changes->model()->rowCount(), 1, 15'000);
    QVERIFY2(firstCell(changes, DeliveryModel::What).startsWith(u"Somebody else's"),
        qPrintable(firstCell(changes, DeliveryModel::What)));

    // Comparing again keeps to the choice that is shown.
    QVERIFY(test::pressByKeyboard(*m_page, u"compareButton"_s));
    QTRY_VERIFY_WITH_TIMEOUT(part<QPushButton>(u"compareButton"_s)->isEnabled(), 15'000);
    QVERIFY(test::pressByKeyboard(*m_page, deliver));
    QTRY_COMPARE_WITH_TIMEOUT(records(recordtype::kDirectoryUser).size(), 3U, 15'000);
}

void TstProxyPage::attachingNeedsNoMouse()
{
    constexpr int tabOfAttachments = 2;
    m_desk->configService().putRoute({ { u"id"_s, u"shop"_s }, { u"name"_s, u"Shop"_s },
        { u"from"_s, u"https://shop.example.com"_s }, { u"originatorId"_s, u"terraform"_s } });
    QVERIFY(addRoute(u"groups"_s, u"has: \"sales\""_s));
    QVERIFY(!addTarget(
        { { u"policy_channel"_s, u"config_service"_s }, { u"directory_channel"_s, u"none"_s } })
            .isEmpty());
    QVERIFY(showTab(u"targetTabs"_s, tabOfAttachments));

    QVERIFY(test::pressByKeyboard(*m_page, u"attachPolicy"_s));
    QVERIFY(test::answerDialog(*m_page, u"attachDialog"_s, [](QDialog& dialog) {
        QTRY_VERIFY_WITH_TIMEOUT(
            dialog.findChild<QWidget*>(u"attachButton"_s)->isEnabled(), 15'000);
        QVERIFY(test::tabTo(dialog, u"foreignRoute"_s));
        QVERIFY(test::tabTo(dialog, u"attachedPolicy"_s));
        QVERIFY(test::pressByKeyboard(dialog, u"attachButton"_s));
    }));

    auto* table = part<TableView>(u"attachments"_s);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 15'000);
    QVERIFY(chooseFirstRow(table));
    QVERIFY(test::pressByKeyboard(*m_page, u"detachPolicy"_s));
    QTRY_VERIFY_WITH_TIMEOUT(!part<QPushButton>(u"detachPolicy"_s)->isEnabled(), 15'000);
}

void TstProxyPage::blockingNeedsNoMouse()
{
    QVERIFY(addRoute(u"user"_s, u"is: \"ann\""_s));
    const QString target = addTarget(
        { { u"policy_channel"_s, u"config_service"_s }, { u"directory_channel"_s, u"none"_s } });
    QVERIFY(m_desk->push(target));

    QVERIFY(test::pressByKeyboard(*m_page, u"blockNowButton"_s));

    QVERIFY(test::answerDialog(*m_page, u"blockDialog"_s, [](QDialog& dialog) {
        auto* blocked = dialog.findChild<QListWidget*>(u"blockedUsers"_s);
        QVERIFY(test::typeByKeyboard(dialog, u"blockUser"_s, u"bob"_s));
        QVERIFY(test::pressByKeyboard(dialog, u"blockButton"_s));
        QTRY_COMPARE_WITH_TIMEOUT(blocked->count(), 1, 15'000);
        QVERIFY(test::tabTo(dialog, blocked));
        QTest::keyClick(blocked, Qt::Key_Home);
        QTest::keyClick(blocked, Qt::Key_Space);
        QVERIFY(test::pressByKeyboard(dialog, u"unblockButton"_s));
        QTRY_COMPARE_WITH_TIMEOUT(blocked->count(), 0, 15'000);
        QTest::keyClick(&dialog, Qt::Key_Escape);
    }));
    QTRY_VERIFY(part<QDialog>(u"blockDialog"_s) == nullptr);
}

static const bool kProxyPageRegistered = test::registerTestClass<TstProxyPage>("proxypage");

} // namespace portreeve

#include "tst_proxypage.moc"
