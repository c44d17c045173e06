// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "ui/pages/policies/exportdialog.h"
#include "ui/pages/policies/policieslist.h"
#include "ui/pages/policies/policiespage.h"
#include "ui/pages/policies/policyeditor.h"
#include "ui/pages/policies/policytextview.h"
#include "ui/pages/policies/routeeditor.h"
#include "ui/widgets/commitbar.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
const QString kOfficeHours
    = QStringLiteral("- allow:\n    and:\n      - day_of_week: \"mon-fri\"\n");
}

class TstPoliciesPage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aNewPolicyIsSavedAndListed();
    void whoLooksAtRoutesIsNotThrownBack();
    void unsavedChangesAreAskedAbout();
    void aPolicyForAnotherEditionIsSavedAndSavedAgain();
    void findingsAreThoseOfTheProxiesThereAre();
    void aPolicyInUseIsNotDeleted();
    void anOrphanedGroupShowsInTheList();
    void aRouteIsSavedWithItsPolicies();
    void theExportShowsTextOrRefusals();
    void theExportOffersOtherShapesThanAFile();
    void theListsFitThePaneTheyStartIn();
    void anEmptyListStandsAlone();

private:
    StoredPolicy store(const QString& name, const QString& text);
    StoredRoute storeRoute(const QString& name, const QString& policyId);
    void load();

    TableView* list(const QString& name) const { return m_page->findChild<TableView*>(name); }

    std::unique_ptr<test::Desk> m_desk;
    std::unique_ptr<PoliciesPage> m_page;
};

void TstPoliciesPage::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_desk = std::make_unique<test::Desk>();
    m_page = std::make_unique<PoliciesPage>(m_desk->context());
    m_page->resize(1400, 900);
    m_page->show();
    for (auto* model : m_page->findChildren<RowsModel*>()) {
        new QAbstractItemModelTester(
            model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
    }
}

void TstPoliciesPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
}

StoredPolicy TstPoliciesPage::store(const QString& name, const QString& text)
{
    const auto saved = m_desk->inStore([name, text](Store& store) {
        return store.policies().save(StoredPolicy { .name = name, .text = text });
    });
    return saved ? *saved : StoredPolicy {};
}

StoredRoute TstPoliciesPage::storeRoute(const QString& name, const QString& policyId)
{
    const auto saved = m_desk->inStore([name, policyId](Store& store) {
        return store.policies().save(StoredRoute { .name = name,
            .from = u"https://wiki.example.com"_s,
            .to = { u"http://wiki.internal"_s },
            .policyIds = { policyId } });
    });
    return saved ? *saved : StoredRoute {};
}

void TstPoliciesPage::load()
{
    QSignalSpy loaded(&m_page->library(), &PolicyLibrary::loaded);
    QSignalSpy groups(&m_page->library(), &PolicyLibrary::groupsLoaded);
    m_page->activate();
    QTRY_VERIFY(!loaded.isEmpty() && !groups.isEmpty());
}

void TstPoliciesPage::aNewPolicyIsSavedAndListed()
{
    load();
    m_page->findChild<QPushButton*>(u"add"_s)->click();
    PolicyEditor* editor = m_page->policyEditor();
    editor->findChild<QLineEdit*>(u"name"_s)->setText(u"Wiki"_s);
    editor->textView()->setPlainText(u"- allow:\n    or:\n      - domain: example.com\n"_s);
    QVERIFY(m_page->hasUnsavedChanges());

    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    auto* name = editor->findChild<QLineEdit*>(u"name"_s);
    name->setFocus();
    QTest::keyClick(name, Qt::Key_S, Qt::ControlModifier);

    QTRY_COMPARE(list(u"policyList"_s)->model()->rowCount(), 1);
    QTRY_VERIFY(!m_page->hasUnsavedChanges());
    QCOMPARE(list(u"policyList"_s)->model()->index(0, 0).data().toString(), u"Wiki"_s);
}

/// A save that ends late, or another program's, reads the policies again.
void TstPoliciesPage::whoLooksAtRoutesIsNotThrownBack()
{
    const auto policy = store(u"Wiki"_s, u"- allow:\n    or:\n      - domain: example.com\n"_s);
    load();
    QVERIFY(list(u"policyList"_s)->selectKey(policy.id));
    auto* tabs = m_page->findChild<PoliciesList*>()->findChild<QTabBar*>();
    tabs->setCurrentIndex(1);

    store(u"Shop"_s, u"- allow:\n    or:\n      - domain: example.org\n"_s);
    load();

    QTRY_COMPARE(list(u"policyList"_s)->model()->rowCount(), 2);
    QCOMPARE(tabs->currentIndex(), 1);
}

void TstPoliciesPage::unsavedChangesAreAskedAbout()
{
    const StoredPolicy first = store(u"First"_s, u"[]\n"_s);
    store(u"Second"_s, u"[]\n"_s);
    load();
    QVERIFY(list(u"policyList"_s)->selectKey(first.id));
    QTRY_VERIFY(m_page->policyEditor()->isVisible());
    m_page->policyEditor()->findChild<QLineEdit*>(u"description"_s)->setText(u"changed"_s);

    list(u"policyList"_s)->selectRow(1);

    auto* dialog = m_page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    dialog->reject();
    QTRY_COMPARE(m_page->policyEditor()->policy().name, u"First"_s);
    QVERIFY(m_page->hasUnsavedChanges());
}

void TstPoliciesPage::aPolicyForAnotherEditionIsSavedAndSavedAgain()
{
    const StoredPolicy stored = store(u"Hours"_s, kOfficeHours); // as the command line stores it
    load();
    QVERIFY(list(u"policyList"_s)->selectKey(stored.id));
    PolicyEditor* editor = m_page->policyEditor();
    QTRY_VERIFY(editor->isVisible());
    editor->findChild<QLineEdit*>(u"description"_s)->setText(u"Weekdays"_s);
    editor->findChild<QLineEdit*>(u"explanation"_s)->setText(u"It is the weekend."_s);
    editor->findChild<QLineEdit*>(u"remediation"_s)->setText(u"Come back on Monday."_s);

    emit m_page->findChild<CommitBar*>()->saveRequested();

    QTRY_VERIFY(!m_page->hasUnsavedChanges());
    const auto kept
        = m_desk->inStore([id = stored.id](Store& store) { return store.policies().policy(id); });
    QVERIFY(kept.hasValue());
    QCOMPARE(kept->description, u"Weekdays"_s);
    QCOMPARE(kept->explanation, u"It is the weekend."_s);
    QCOMPARE(kept->remediation, u"Come back on Monday."_s);
    QCOMPARE(kept->text, kOfficeHours);
    const auto* policies = list(u"policyList"_s)->model();
    QCOMPARE(policies->index(0, PolicyListModel::State).data().toString(), QString());
}

void TstPoliciesPage::findingsAreThoseOfTheProxiesThereAre()
{
    const auto findings = [this] { return m_page->policyEditor()->document().diagnostics(); };
    const StoredPolicy stored = store(u"Hours"_s, kOfficeHours);
    load();
    QVERIFY(list(u"policyList"_s)->selectKey(stored.id));
    QTRY_COMPARE(findings().size(), std::size_t(1)); // nothing said of a proxy: the open one
    QCOMPARE(findings().front().severity, policy::Severity::Error);
    QCOMPARE(findings().front().kind, policy::DiagnosticClass::Lint);

    m_desk->addTarget(u"Console"_s,
        { { u"kind"_s, u"enterprise"_s }, { u"address"_s, u"127.0.0.1:5443"_s },
            { u"policy_channel"_s, u"none"_s }, { u"directory_channel"_s, u"none"_s } },
        {});
    m_desk->context().targets.refresh();

    QTRY_COMPARE(findings().size(), std::size_t(0));

    m_desk->addTarget(u"Edge"_s,
        { { u"address"_s, u"127.0.0.1:5443"_s }, { u"policy_channel"_s, u"none"_s } }, {});
    m_desk->context().targets.refresh();

    QTRY_COMPARE(findings().size(), std::size_t(1));
    QCOMPARE(findings().front().severity, policy::Severity::Warning);
    QVERIFY(findings().front().fix.english().contains(u"Edge"));
    QVERIFY(!findings().front().fix.english().contains(u"Console"));
}

void TstPoliciesPage::aPolicyInUseIsNotDeleted()
{
    const StoredPolicy policy = store(u"Wiki"_s, u"[]\n"_s);
    storeRoute(u"wiki"_s, policy.id);
    load();
    m_page->open(u"policy:"_s + policy.id);
    QTRY_VERIFY(m_page->policyEditor()->isVisible());

    m_page->findChild<QPushButton*>(u"removeEntry"_s)->click();

    QVERIFY(m_page->findChild<ConfirmDialog*>() == nullptr);
    QVERIFY(m_page->findChild<MessageBar*>()->text().contains(u"wiki"));
}

void TstPoliciesPage::anOrphanedGroupShowsInTheList()
{
    const QString id = m_desk->addConnection(u"Staff"_s);
    m_desk->provider().answer(test::smallCompany());
    QVERIFY(m_desk->sync(id));
    store(u"Gone"_s, u"- allow:\n    or:\n      - groups:\n          has: \"gone\"\n"_s);
    store(u"Here"_s, u"- allow:\n    or:\n      - groups:\n          has: \"devops\"\n"_s);

    load();

    const auto remark = [this](int line) {
        return list(u"policyList"_s)
            ->model()
            ->index(line, PolicyListModel::State)
            .data()
            .toString();
    };
    QTRY_VERIFY(remark(0).contains(u"orphaned"));
    QTRY_VERIFY(remark(1).isEmpty()); // once the groups of the sync have arrived
}

void TstPoliciesPage::aRouteIsSavedWithItsPolicies()
{
    const StoredPolicy policy = store(u"Wiki"_s, u"[]\n"_s);
    const StoredRoute route = storeRoute(u"wiki"_s, policy.id);
    load();
    m_page->open(u"route:"_s + route.id);
    RouteEditor* editor = m_page->routeEditor();
    QTRY_VERIFY(editor->isVisible());
    QVERIFY(!m_page->hasUnsavedChanges());

    editor->findChild<QListWidget*>(u"policies"_s)->item(0)->setCheckState(Qt::Unchecked);
    editor->findChild<QLineEdit*>(u"from"_s)->setText(u"wiki"_s);
    QVERIFY(!editor->problem().isEmpty());
    editor->findChild<QLineEdit*>(u"from"_s)->setText(u"https://docs.example.com"_s);
    emit m_page->findChild<CommitBar*>()->saveRequested();

    QTRY_VERIFY(!m_page->hasUnsavedChanges());
    const auto stored
        = m_desk->inStore([id = route.id](Store& store) { return store.policies().route(id); });
    QVERIFY(stored.hasValue());
    QCOMPARE(stored->from, u"https://docs.example.com"_s);
    QVERIFY(stored->policyIds.empty());
}

void TstPoliciesPage::theExportShowsTextOrRefusals()
{
    ExportDialog nothing(m_desk->context());
    QTRY_VERIFY(
        nothing.findChild<QLabel*>(u"messageBarText"_s)->text().contains(u"nothing to export"));

    const StoredPolicy policy = store(
        u"Wiki"_s, u"- allow:\n    or:\n      - domain:\n          is: \"example.com\"\n"_s);
    storeRoute(u"wiki"_s, policy.id);
    ExportDialog fine(m_desk->context());
    auto* text = fine.findChild<QPlainTextEdit*>(u"text"_s);
    QTRY_VERIFY(text->toPlainText().contains(u"wiki.example.com"));

    const StoredPolicy poison = store(
        u"Camel"_s, u"- allow:\n    or:\n      - claim/familyName:\n          has: \"x\"\n"_s);
    storeRoute(u"camel"_s, poison.id);
    ExportDialog refused(m_desk->context());

    QTRY_VERIFY(refused.findChild<TableView*>(u"refusals"_s)->model()->rowCount() > 0);
    QVERIFY(refused.findChild<QPlainTextEdit*>(u"text"_s)->toPlainText().isEmpty());
}

void TstPoliciesPage::theExportOffersOtherShapesThanAFile()
{
    const StoredPolicy camel = store(
        u"Camel"_s, u"- allow:\n    or:\n      - claim/familyName:\n          has: \"x\"\n"_s);
    storeRoute(u"camel"_s, camel.id);
    ExportDialog dialog(m_desk->context());
    auto* shape = dialog.findChild<QComboBox*>(u"shape"_s);
    auto* edition = dialog.findChild<QComboBox*>(u"edition"_s);
    auto* text = dialog.findChild<QPlainTextEdit*>(u"text"_s);
    const auto* refusals = dialog.findChild<TableView*>(u"refusals"_s);
    QTRY_COMPARE(refusals->model()->rowCount(), 1);
    QVERIFY(edition->isHidden());

    shape->setCurrentIndex(shape->findData(static_cast<int>(ExportFormat::IngressAnnotations)));

    QTRY_VERIFY(text->toPlainText().contains(u"ingress.pomerium.io/policy: |"));
    QVERIFY(text->toPlainText().contains(u"claim/familyName"));
    QVERIFY(refusals->isHidden());
    QVERIFY(!edition->isHidden());

    shape->setCurrentIndex(shape->findData(static_cast<int>(ExportFormat::Terraform)));
    QTRY_VERIFY(text->toPlainText().contains(u"shared_secret_b64"));
    edition->setCurrentIndex(edition->findData(static_cast<int>(policy::Edition::Enterprise)));
    QTRY_VERIFY(text->toPlainText().contains(u"service_account_token"));
}

void TstPoliciesPage::theListsFitThePaneTheyStartIn()
{
    const StoredPolicy policy = store(
        QString(64, u'p'), u"- allow:\n    or:\n      - groups:\n          has: \"gone\"\n"_s);
    QVERIFY(!storeRoute(QString(64, u'r'), policy.id).id.isEmpty());
    m_desk->provider().answer(test::crowd(3));
    QVERIFY(m_desk->sync(m_desk->addConnection(u"Staff"_s)));
    m_page->resize(1100, 800);
    load();

    for (const QString& name : { u"policyList"_s, u"routeList"_s }) {
        const TableView* table = list(name);
        QTRY_COMPARE(table->model()->rowCount(), 1);
        m_page->findChild<QTabBar*>(u"kind"_s)->setCurrentIndex(name == u"policyList"_s ? 0 : 1);
        QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
        QTRY_COMPARE(table->horizontalHeader()->length(), table->viewport()->width());
    }
}

void TstPoliciesPage::anEmptyListStandsAlone()
{
    const auto visibleButtons = [this] {
        const auto all = m_page->findChildren<QPushButton*>(u"emptyStateButton"_s);
        return std::count_if(
            all.begin(), all.end(), [](const auto* button) { return button->isVisible(); });
    };
    load();
    QCOMPARE(visibleButtons(), 1);

    QVERIFY(!store(u"Staff"_s, u"[]"_s).id.isEmpty());
    load();

    QCOMPARE(visibleButtons(), 0);
    QVERIFY(m_page->findChild<PolicyEditor*>()->parentWidget()->isVisible());

    m_page->findChild<QTabBar*>(u"kind"_s)->setCurrentIndex(1); // no routes yet

    QCOMPARE(visibleButtons(), 1);
    QVERIFY(!m_page->findChild<PolicyEditor*>()->parentWidget()->isVisible());
}

static const bool kPoliciesPageRegistered
    = test::registerTestClass<TstPoliciesPage>("policiespage");

} // namespace portreeve

#include "tst_policiespage.moc"
