// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/policyeditor.h"

#include "ui/models/diagnosticsmodel.h"
#include "ui/pages/policies/policybuilder.h"
#include "ui/pages/policies/policytextview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"

#include <QAction>
#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

PolicyEditor::PolicyEditor(PolicyEnvironment environment, QWidget* parent)
    : QWidget(parent)
    , m_environment(std::move(environment))
{
    m_builder = new PolicyBuilder(m_document, m_environment, this);
    m_text = new PolicyTextView(m_document, this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(makeHead());
    layout->addWidget(makeToolRow());
    makeViews();
    layout->addWidget(m_split, 1);
    layout->addWidget(m_findingTable);
    connect(&m_document, &PolicyDocument::stateChanged, this, &PolicyEditor::followDocument);
    followDocument();
}

QWidget* PolicyEditor::makeHead()
{
    auto* head = new QWidget(this);
    auto* form = new QFormLayout(head);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(theme::spacing(3));
    m_name = new QLineEdit(head);
    m_name->setObjectName(u"name"_s);
    m_name->setMaxLength(64);
    m_description = new QLineEdit(head);
    m_description->setObjectName(u"description"_s);
    m_description->setPlaceholderText(tr("What it is for; shown in lists"));
    m_refusal = new QLineEdit(head);
    m_refusal->setObjectName(u"explanation"_s);
    m_refusal->setPlaceholderText(tr("Why somebody is refused; shown to them"));
    m_remedy = new QLineEdit(head);
    m_remedy->setObjectName(u"remediation"_s);
    m_remedy->setPlaceholderText(tr("What they can do then"));
    for (auto* line : { m_refusal, m_remedy }) {
        line->setToolTip(tr("Shown on the proxy's error page where the route shows error details. "
                            "Configuration files and Kubernetes cannot carry it."));
    }
    m_enforced = new QCheckBox(tr("Enf&orced on every route"), head);
    m_enforced->setObjectName(u"enforced"_s);
    m_enforced->setToolTip(
        tr("Added to every route on export. An enforced allow block opens every route."));
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("Des&cription"), m_description);
    auto* refused = new QHBoxLayout; // one line: the cards below need the height
    refused->setSpacing(theme::spacing(2));
    refused->addWidget(m_refusal);
    refused->addWidget(m_remedy);
    auto* refusedLabel = new QLabel(tr("When &refused"), head);
    refusedLabel->setBuddy(m_refusal);
    m_remedy->setAccessibleName(tr("What refused people can do"));
    form->addRow(refusedLabel, refused);
    form->addRow(QString(), m_enforced);
    for (auto* line : { m_name, m_description, m_refusal, m_remedy }) {
        connect(line, &QLineEdit::textChanged, this, &PolicyEditor::edited);
    }
    connect(m_enforced, &QCheckBox::toggled, this, &PolicyEditor::edited);
    return head;
}

QWidget* PolicyEditor::makeToolRow()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString& name, QAction* action) {
        auto* button = new QToolButton(row);
        button->setObjectName(name);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        layout->addWidget(button);
        return button;
    };
    m_undo = new QAction(theme::icon(u"undo"_s), tr("Undo"), this);
    m_redo = new QAction(theme::icon(u"redo"_s), tr("Redo"), this);
    connect(m_undo, &QAction::triggered, &m_document, &PolicyDocument::undo);
    connect(m_redo, &QAction::triggered, &m_document, &PolicyDocument::redo);
    add(u"undo"_s, m_undo);
    add(u"redo"_s, m_redo);
    // In the text view these keys belong to the text itself.
    m_undo->setShortcut(QKeySequence::Undo);
    m_redo->setShortcut(QKeySequence::Redo);
    for (QAction* action : { m_undo, m_redo }) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_builder->addAction(action);
    }
    layout->addStretch();
    m_findingSummary = new TextLabel({}, row);
    m_findingSummary->setObjectName(u"findingSummary"_s);
    layout->addWidget(m_findingSummary);
    auto* text = new QAction(tr("Show text"), this);
    text->setCheckable(true);
    text->setChecked(true);
    m_showText = add(u"showText"_s, text);
    connect(text, &QAction::toggled, m_text, &QWidget::setVisible);
    return row;
}

// Side by side where both have room, else the text below the cards.
void PolicyEditor::resizeEvent(QResizeEvent* event)
{
    constexpr int roomyCharacters = 130;
    const bool roomy = width() >= fontMetrics().averageCharWidth() * roomyCharacters;
    const auto orientation = roomy ? Qt::Horizontal : Qt::Vertical;
    if (m_split->orientation() != orientation) {
        m_split->setOrientation(orientation);
        const int room = roomy ? width() : height();
        m_split->setSizes({ room * 3 / 5, room * 2 / 5 });
    }
    QWidget::resizeEvent(event);
}

void PolicyEditor::makeViews()
{
    m_split = new QSplitter(Qt::Horizontal, this);
    m_split->setObjectName(u"split"_s);
    m_split->addWidget(m_builder);
    m_split->addWidget(m_text);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 2);
    m_split->setChildrenCollapsible(false);
    m_findings = new DiagnosticsModel(this);
    m_findingTable = new TableView(u"policyFindings"_s, this);
    m_findingTable->setObjectName(u"findings"_s);
    m_findingTable->setAccessibleName(tr("Findings in this policy"));
    m_findingTable->setRowsModel(m_findings);
    m_findingTable->setMaximumHeight(fontMetrics().lineSpacing() * 8);
    const auto jump = [this](Row row) {
        m_text->setVisible(true);
        m_text->jumpTo(m_findings->diagnostic(row).at);
    };
    connect(m_findingTable, &TableView::rowActivated, this, jump);
    connect(m_findingTable, &QTableView::clicked, this,
        [this, jump](const QModelIndex& index) { jump(m_findings->rowOf(index)); });
}

void PolicyEditor::setPolicy(const StoredPolicy& stored)
{
    {
        const QSignalBlocker quiet(this);
        m_saved = stored;
        m_name->setText(stored.name);
        m_name->setCursorPosition(0);
        m_description->setText(stored.description);
        m_refusal->setText(stored.explanation);
        m_remedy->setText(stored.remediation);
        m_enforced->setChecked(stored.enforced);
        m_document.load(stored.text);
        m_text->document()->clearUndoRedoStacks();
    }
    emit edited();
}

void PolicyEditor::acceptSaved(const StoredPolicy& stored)
{
    m_saved = stored;
    m_document.markSaved();
    emit edited();
}

StoredPolicy PolicyEditor::policy() const
{
    StoredPolicy changed = m_saved;
    changed.name = m_name->text().trimmed();
    changed.description = m_description->text().trimmed();
    changed.explanation = m_refusal->text().trimmed();
    changed.remediation = m_remedy->text().trimmed();
    changed.enforced = m_enforced->isChecked();
    changed.text = m_document.text();
    return changed;
}

bool PolicyEditor::isModified() const
{
    const StoredPolicy now = policy();
    return now.name != m_saved.name || now.description != m_saved.description
        || now.explanation != m_saved.explanation || now.remediation != m_saved.remediation
        || now.enforced != m_saved.enforced || m_document.isModified();
}

QString PolicyEditor::problem() const
{
    if (m_name->text().trimmed().isEmpty()) {
        return tr("The policy needs a name.");
    }
    if (!m_document.isInStep()) {
        return tr("The text has errors; mend them before saving.");
    }
    const auto& all = m_document.diagnostics();
    const bool refused = std::any_of(all.begin(), all.end(), [](const policy::Diagnostic& item) {
        return item.severity == policy::Severity::Error
            && item.kind != policy::DiagnosticClass::Lint;
    });
    return refused ? tr("The proxy would refuse this policy; see the findings.") : QString();
}

void PolicyEditor::refreshGroups()
{
    m_document.setGroups(m_environment.groups());
    m_builder->refreshGroups();
}

void PolicyEditor::refreshTargets()
{
    m_document.setTargets(m_environment.targets());
}

void PolicyEditor::focusName()
{
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

void PolicyEditor::followDocument()
{
    m_undo->setEnabled(m_document.canUndo());
    m_redo->setEnabled(m_document.canRedo());
    m_undo->setToolTip(m_document.canUndo() ? tr("Undo %1 (Ctrl+Z)").arg(m_document.undoLabel())
                                            : tr("Nothing to undo"));
    m_redo->setToolTip(
        m_document.canRedo() ? tr("Redo %1").arg(m_document.redoLabel()) : tr("Nothing to redo"));
    showFindings();
    emit edited();
}

void PolicyEditor::showFindings()
{
    const auto& all = m_document.diagnostics();
    m_findings->setDiagnostics(all);
    m_findingTable->setVisible(!all.empty());
    const auto errors = std::count_if(all.begin(), all.end(),
        [](const policy::Diagnostic& item) { return item.severity == policy::Severity::Error; });
    if (all.empty()) {
        m_findingSummary->setRole(theme::Role::Success);
        m_findingSummary->setText(tr("✓ No findings"));
    } else if (errors > 0) {
        m_findingSummary->setRole(theme::Role::Error);
        m_findingSummary->setText(tr("⚠ %n error(s)", nullptr, static_cast<int>(errors)));
    } else {
        m_findingSummary->setRole(theme::Role::Warning);
        m_findingSummary->setText(tr("⚠ %n remark(s)", nullptr, static_cast<int>(all.size())));
    }
}

} // namespace portreeve
