// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/madeupview.h"
#include "tests/support/patience.h"
#include "tests/support/testregistry.h"
#include "ui/models/diagnosticsmodel.h"
#include "ui/models/grouppickmodel.h"
#include "ui/pages/policies/criterionrow.h"
#include "ui/pages/policies/grouppicker.h"
#include "ui/pages/policies/policybuilder.h"
#include "ui/pages/policies/policyeditor.h"
#include "ui/pages/policies/policytextview.h"
#include "ui/widgets/tableview.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kAllowSales = QStringLiteral("- allow:\n    or:\n      - groups:\n"
                                           "          has: \"support\"\n");

GroupCatalogPtr companyGroups()
{
    const auto view
        = test::viewOf({ test::connectionOf(u"Staff"_s, test::smallCompany().snapshot()) });
    return std::make_shared<const GroupCatalog>(*view);
}

} // namespace

class TstPolicyBuilder : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aGroupIsAddedByPickingIt();
    void textShowsInTheBuilder();
    void builderEditsRewriteTheText();
    void invalidTextKeepsTheLastBuilder();
    void aCriterionOfAnotherEditionIsShownButNotEdited();
    void aCriterionNobodyKnowsIsRefused();
    void editsAreUndoneOneByOne();
    void conditionsMoveByKeyboardAndKeepTheFocus();
    void severalSectionsAreExplainedAndSplit();
    void anOrphanedGroupIsNamed();
    void aKnownGroupShowsItsNameAndTakesAnotherId();
    void aNarrowBuilderLeavesRoomForValues();
    void undoAndRedoHaveIcons();
    void numbersInTheTextStayNumbers();
    void everyCriterionHasAnEditorThatGivesItsDataBack_data();
    void everyCriterionHasAnEditorThatGivesItsDataBack();

private:
    CriterionRow* row(std::size_t rule, std::size_t criterion) const;
    void addCriterion(const QString& name);

    GroupCatalogPtr m_groups;
    std::unique_ptr<PolicyEditor> m_editor;
};

void TstPolicyBuilder::init()
{
    QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    m_groups = companyGroups();
    m_editor = std::make_unique<PolicyEditor>(
        PolicyEnvironment { .groups = [this] { return m_groups; } });
    m_editor->refreshGroups();
    m_editor->setPolicy({ .id = u"p"_s, .name = u"Support"_s, .text = u"[]\n"_s });
    m_editor->resize(1200, 800);
    m_editor->show();
}

void TstPolicyBuilder::cleanup()
{
    m_editor.reset();
}

CriterionRow* TstPolicyBuilder::row(std::size_t rule, std::size_t criterion) const
{
    return m_editor->builder()->row({ rule, 0, criterion });
}

void TstPolicyBuilder::addCriterion(const QString& name)
{
    auto* button = m_editor->builder()->findChild<QPushButton*>(u"addCriterion"_s);
    QVERIFY(button != nullptr);
    auto* action = button->findChild<QAction*>(name);
    QVERIFY(action != nullptr);
    action->trigger();
}

void TstPolicyBuilder::aGroupIsAddedByPickingIt()
{
    m_editor->builder()->findChild<QPushButton*>(u"addAllow"_s)->click();
    addCriterion(u"groups"_s);
    row(0, 0)->findChild<QToolButton*>(u"pickGroup"_s)->click();
    auto* picker = m_editor->findChild<GroupPicker*>(u"groupPicker"_s);
    QVERIFY(picker != nullptr);

    QTest::keyClicks(picker->findChild<QLineEdit*>(u"search"_s), u"devo"_s);
    QTest::keyClick(picker->findChild<QLineEdit*>(u"search"_s), Qt::Key_Return);

    QVERIFY(m_editor->document().text().contains(u"has: \"devops\""));
    QVERIFY(row(0, 0)->findChild<QToolButton*>(u"groupChip"_s)->text().contains(u"DevOps"));
    QVERIFY(m_editor->isModified());
}

void TstPolicyBuilder::textShowsInTheBuilder()
{
    m_editor->textView()->setPlainText(kAllowSales);

    QVERIFY(row(0, 0) != nullptr);
    QCOMPARE(row(0, 0)->findChild<QLineEdit*>(u"groupId"_s)->text(), u"support"_s);
    QCOMPARE(m_editor->textView()->toPlainText(), kAllowSales);
}

void TstPolicyBuilder::builderEditsRewriteTheText()
{
    m_editor->textView()->setPlainText(kAllowSales);
    auto* id = row(0, 0)->findChild<QLineEdit*>(u"groupId"_s);

    id->setText(u"devops"_s);

    QVERIFY(m_editor->textView()->toPlainText().contains(u"has: \"devops\""));
    QVERIFY(!m_editor->textView()->toPlainText().contains(u"support"));
}

void TstPolicyBuilder::invalidTextKeepsTheLastBuilder()
{
    m_editor->textView()->setPlainText(kAllowSales);
    const QString broken = kAllowSales + u"    and: null\n"_s;

    m_editor->textView()->setPlainText(broken);

    QVERIFY(!m_editor->document().isInStep());
    QCOMPARE(m_editor->textView()->toPlainText(), broken);
    QCOMPARE(row(0, 0)->findChild<QLineEdit*>(u"groupId"_s)->text(), u"support"_s);
    QVERIFY(!row(0, 0)->isEnabled());
    QVERIFY(m_editor->builder()->findChild<QLabel*>(u"invalidNote"_s)->isVisible());
    auto* findings = m_editor->findChild<TableView*>(u"findings"_s);
    QVERIFY(findings->isVisible());
    QCOMPARE(findings->rowsModel()->index(0, DiagnosticsModel::Line).data().toInt(), 5);
    QVERIFY(!m_editor->problem().isEmpty());

    m_editor->textView()->setPlainText(kAllowSales);

    QVERIFY(row(0, 0)->isEnabled());
    QVERIFY(m_editor->problem().isEmpty());
}

void TstPolicyBuilder::aCriterionOfAnotherEditionIsShownButNotEdited()
{
    m_editor->textView()->setPlainText(u"- allow:\n    and:\n      - day_of_week: \"mon-fri\"\n"_s);

    QVERIFY(row(0, 0) != nullptr);
    QVERIFY(row(0, 0)->findChildren<QLineEdit*>().isEmpty());
    const auto labels = row(0, 0)->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
        [](const QLabel* label) { return label->text().contains(u"Enterprise"); }));
    QVERIFY(m_editor->problem().isEmpty()); // exports refuse it where it does not exist

    m_editor->builder()->findChild<QPushButton*>(u"addDeny"_s)->click();

    QVERIFY(m_editor->document().text().contains(u"day_of_week: \"mon-fri\""));
    QCOMPARE(m_editor->document().policy().rules.size(), std::size_t(2));
}

void TstPolicyBuilder::aCriterionNobodyKnowsIsRefused()
{
    m_editor->textView()->setPlainText(u"- allow:\n    and:\n      - planet: \"mars\"\n"_s);

    QVERIFY(row(0, 0) != nullptr);
    QVERIFY(row(0, 0)->findChildren<QLineEdit*>().isEmpty());
    QVERIFY(!m_editor->document().isInStep());
    QVERIFY(!m_editor->problem().isEmpty());
}

void TstPolicyBuilder::editsAreUndoneOneByOne()
{
    m_editor->builder()->findChild<QPushButton*>(u"addDeny"_s)->click();
    addCriterion(u"domain"_s);
    row(0, 0)->findChild<QLineEdit*>(u"value"_s)->setText(u"example.com"_s);
    const QString whole = m_editor->document().text();
    QVERIFY(whole.contains(u"example.com"));

    m_editor->document().undo();
    QVERIFY(!m_editor->textView()->toPlainText().contains(u"example.com"));
    m_editor->document().undo();
    m_editor->document().undo();
    QCOMPARE(m_editor->document().policy().rules.size(), std::size_t(0));
    m_editor->document().redo();
    m_editor->document().redo();
    m_editor->document().redo();

    QCOMPARE(m_editor->document().text(), whole);
}

void TstPolicyBuilder::conditionsMoveByKeyboardAndKeepTheFocus()
{
    m_editor->textView()->setPlainText(u"- allow:\n    or:\n      - domain: a.org\n"
                                       u"      - domain: b.org\n"_s);
    m_editor->activateWindow();
    auto* second = row(0, 1)->findChild<QLineEdit*>(u"value"_s);
    second->setFocus();
    QTRY_VERIFY(second->hasFocus());

    QTest::keyClick(second, Qt::Key_Up, Qt::AltModifier);

    const QString text = m_editor->document().text();
    QVERIFY(text.indexOf(u"b.org") < text.indexOf(u"a.org"));
    QVERIFY(row(0, 0)->isAncestorOf(QApplication::focusWidget()));
}

void TstPolicyBuilder::severalSectionsAreExplainedAndSplit()
{
    m_editor->textView()->setPlainText(u"- allow:\n    and:\n      - domain: a.org\n"
                                       u"    not:\n      - domain: b.org\n"_s);
    QVERIFY(m_editor->builder()->findChild<QLabel*>(u"trapNote"_s) != nullptr);

    m_editor->builder()->findChild<QPushButton*>(u"splitLists"_s)->click();

    QCOMPARE(m_editor->document().policy().rules.size(), std::size_t(2));
    QCOMPARE(m_editor->document().text().count(u"- allow:"_s), 2);
}

void TstPolicyBuilder::anOrphanedGroupIsNamed()
{
    m_editor->textView()->setPlainText(
        u"- allow:\n    or:\n      - groups:\n          has: \"gone\"\n"_s);

    QVERIFY(row(0, 0)->findChild<QLabel*>(u"groupName"_s)->text().contains(u"orphaned"));
}

void TstPolicyBuilder::aKnownGroupShowsItsNameAndTakesAnotherId()
{
    m_editor->textView()->setPlainText(kAllowSales);
    auto* chip = row(0, 0)->findChild<QToolButton*>(u"groupChip"_s);
    auto* id = row(0, 0)->findChild<QLineEdit*>(u"groupId"_s);
    QVERIFY(chip->isVisible());
    QVERIFY(!id->isVisible());
    QVERIFY2(chip->text().startsWith(u"Support — Staff"), qPrintable(chip->text()));
    QVERIFY(chip->toolTip().contains(u"support"));

    chip->setFocus();
    QTest::keyClick(chip, Qt::Key_Space);
    QTRY_VERIFY(id->hasFocus());
    QCOMPARE(id->selectedText(), u"support"_s);
    QTest::keyClicks(id, u"devops"_s);
    QVERIFY(id->isVisible());
    QTest::keyClick(id, Qt::Key_Tab);

    QTRY_VERIFY(chip->isVisible());
    QVERIFY(chip->text().startsWith(u"DevOps — Staff"));
    QVERIFY(m_editor->document().text().contains(u"has: \"devops\""));
}

void TstPolicyBuilder::aNarrowBuilderLeavesRoomForValues()
{
    m_editor->resize(880, 700); // what a window of 1400 leaves
    m_editor->textView()->setPlainText(kAllowSales + u"      - domain: b.org\n"_s);
    QVERIFY(m_editor->textView()->isVisible());
    const int least = m_editor->fontMetrics().averageCharWidth() * 16;
    const auto* scroll = m_editor->builder()->findChild<QScrollArea*>();

    QTRY_VERIFY(row(0, 0)->findChild<QToolButton*>(u"groupChip"_s)->width() >= least);
    QVERIFY(row(0, 1)->findChild<QLineEdit*>(u"value"_s)->width() >= least);
    const auto* remove = row(0, 1)->findChild<QToolButton*>(u"remove"_s);
    const QPoint end = remove->mapTo(scroll->viewport(), remove->rect().bottomRight());
    QVERIFY2(end.x() < scroll->viewport()->width(), qPrintable(QString::number(end.x())));
}

void TstPolicyBuilder::undoAndRedoHaveIcons()
{
    for (const QString& name : { u"undo"_s, u"redo"_s }) {
        QVERIFY2(!m_editor->findChild<QToolButton*>(name)->icon().isNull(), qPrintable(name));
    }
}

void TstPolicyBuilder::numbersInTheTextStayNumbers()
{
    m_editor->textView()->setPlainText(
        u"- allow:\n    or:\n      - claim/level:\n          has: 3\n      - accept: true\n"_s);

    m_editor->builder()->findChild<QComboBox*>(u"sectionOperator"_s)->setCurrentIndex(0);

    QVERIFY(m_editor->document().text().contains(u"has: 3"));
}

void TstPolicyBuilder::everyCriterionHasAnEditorThatGivesItsDataBack_data()
{
    QTest::addColumn<QString>("criterion");
    const QStringList criteria { u"accept: true"_s, u"reject: true"_s,
        u"authenticated_user: true"_s, u"user: {is: \"a\", not: \"b\"}"_s,
        u"email: {in: [\"a@x.org\", \"b@x.org\"]}"_s, u"domain: {ends_with: \"x.org\"}"_s,
        u"groups: {exclude: \"support\"}"_s, u"claim/a.b: {has: \"x\", exclude: \"y\"}"_s,
        u"device: {type: \"any\", approved: true}"_s,
        u"client_certificate: {san_dns: {is: \"a.org\"}}"_s, u"invalid_client_certificate: true"_s,
        u"source_ip: [\"10.0.0.0/8\", \"::1\"]"_s, u"http_method: {is: \"GET\"}"_s,
        u"http_path: {starts_with: \"/x\"}"_s, u"cors_preflight: true"_s,
        u"mcp_tool: {is: \"find\"}"_s, u"ssh_username: {is: \"root\"}"_s,
        u"ssh_username_matches_email: true"_s, u"ssh_username_matches_claim: \"logins\""_s };
    for (const QString& criterion : criteria) {
        QTest::addRow("%s", qPrintable(criterion)) << criterion;
    }
}

void TstPolicyBuilder::everyCriterionHasAnEditorThatGivesItsDataBack()
{
    QFETCH(QString, criterion);
    m_editor->textView()->setPlainText(u"- deny:\n    or:\n      - "_s + criterion + u"\n"_s);
    QVERIFY(m_editor->document().isInStep());
    const auto before = policy::normalForm(m_editor->document().policy());
    const policy::Criterion shown = before.rules[0].lists[0].criteria[0];

    const std::unique_ptr<CriterionEditor> editor(
        makeCriterionEditor(shown, { .groups = [this] { return m_groups; } }, nullptr));

    QVERIFY(editor->data() == shown.data);
}

static const bool kPolicyBuilderRegistered
    = test::registerTestClass<TstPolicyBuilder>("policybuilder");

} // namespace portreeve

#include "tst_policybuilder.moc"
