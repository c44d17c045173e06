// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/history/rundetail.h"

#include "ui/models/changetext.h"
#include "ui/models/planmodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QFuture>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kHashCharacters = 12;
}

RunDetail::RunDetail(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    m_changes = new RunChangesModel(this);
    m_attributes = new AttributesModel(this);
    m_error = new ErrorPanel(this);
    m_notes = makeTextLabel({}, this);
    m_notes->setObjectName(u"notes"_s);
    m_notes->setRole(theme::Role::Warning);
    m_table = new TableView(u"runChanges"_s, this);
    m_table->setObjectName(u"changes"_s);
    m_table->setAccessibleName(tr("Changes of this run"));
    m_table->setRowsModel(m_changes);
    m_detail = new TableView(u"runChangeDetail"_s, this);
    m_detail->setObjectName(u"detail"_s);
    m_detail->setAccessibleName(tr("Old and new values"));
    m_detail->setRowsModel(m_attributes);
    m_empty = new EmptyState(this);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(makeHead());
    layout->addWidget(m_error);
    layout->addWidget(m_notes);
    layout->addWidget(split, 1);
    layout->addWidget(m_empty, 1);
    connect(m_changes, &RunChangesModel::pageNeeded, this, &RunDetail::loadPage);
    connect(m_table, &TableView::currentRowChanged, this, &RunDetail::showChange);
    connect(m_table, &TableView::rowActivated, this, &RunDetail::openObject);
}

QWidget* RunDetail::makeHead()
{
    auto* head = new QWidget(this);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::spacing(3));
    auto* words = new QVBoxLayout;
    m_title = makeHeading({}, head);
    m_summary = makeMutedLabel({}, head);
    m_summary->setObjectName(u"summary"_s);
    words->addWidget(m_title);
    words->addWidget(m_summary);
    m_outcome = new StatusBadge(head);
    m_revert = new QPushButton(theme::icon(u"undo"_s), tr("&Revert…"), head);
    m_revert->setObjectName(u"revert"_s);
    m_revert->setToolTip(
        tr("Shows the opposite of this run as a preview; nothing changes before you apply it"));
    row->addLayout(words, 1);
    row->addWidget(m_outcome, 0, Qt::AlignTop);
    row->addWidget(m_revert, 0, Qt::AlignTop);
    connect(m_revert, &QPushButton::clicked, this, [this] { emit revertRequested(m_run.id); });
    return head;
}

void RunDetail::show(const RunRecord& run)
{
    m_run = run;
    const std::int64_t count = changeCount(run);
    m_title->setText(tr("Run %1 of “%2”").arg(run.id).arg(run.connectionName));
    m_outcome->setStatus(
        outcomeIconName(run.outcome), outcomeRole(run.outcome), outcomeText(run.outcome));
    const QString took = run.finishedAt
        ? tr("%1, took %2")
              .arg(exactTime(run.startedAt), durationText(*run.finishedAt - run.startedAt))
        : exactTime(run.startedAt);
    m_summary->setText(tr("%1 · %2 · users %3 · groups %4 · memberships %5%6")
            .arg(took, triggerText(run.trigger), countsText(run.counts.users),
                countsText(run.counts.groups), countsText(run.counts.memberships),
                run.planHash.isEmpty() ? QString()
                                       : tr(" · plan %1").arg(run.planHash.left(kHashCharacters))));
    m_revert->setEnabled(count > 0);
    m_error->setError(run.error);
    QStringList notes;
    if (run.quarantined > 0) {
        notes.append(tr("⚠ %Ln record(s) were left out because they were not usable.", nullptr,
            static_cast<int>(run.quarantined)));
    }
    for (const QString& note : run.notes) {
        notes.append(tr("• %1").arg(note));
    }
    m_notes->setText(notes.join(u'\n'));
    m_notes->setVisible(!notes.isEmpty());
    m_table->expectOtherRows();
    m_changes->setRun(run.id, count);
    m_table->parentWidget()->setVisible(count > 0);
    m_empty->setVisible(count == 0);
    m_empty->setContent({ .icon = run.error ? u"error"_s : u"success"_s,
        .title = run.error ? tr("Nothing was changed") : tr("There was nothing to change"),
        .text = run.error ? tr("The run stopped before it wrote anything.")
                          : tr("The directory already said what the provider said.") });
    showChange(std::nullopt);
}

void RunDetail::loadPage(std::int64_t runId, std::int64_t page)
{
    m_context.store
        .run([runId, page](Store& store) {
            return store.runs().changes(
                runId, page * RunChangesModel::kPageSize, RunChangesModel::kPageSize);
        })
        .then(this, [this, runId, page](const Result<std::vector<RunChange>>& changes) {
            if (!changes) {
                m_error->setError(changes.error());
                return;
            }
            m_changes->setPage(runId, page, *changes);
            showChange(m_table->currentRow());
        });
}

void RunDetail::showChange(std::optional<Row> row)
{
    const RunChange* change = row ? m_changes->change(*row) : nullptr;
    m_attributes->setAttributes(
        change == nullptr ? std::vector<AttributeChange>() : change->attributes);
    m_detail->setVisible(change != nullptr && !change->attributes.empty());
}

void RunDetail::openObject(Row row)
{
    const RunChange* change = m_changes->change(row);
    if (change == nullptr) {
        return;
    }
    const bool isUser = change->kind == ObjectKind::User;
    emit objectRequested(
        (isUser ? u"user:"_s : u"group:"_s) + m_run.connectionId + u':' + change->id);
}

} // namespace portreeve
