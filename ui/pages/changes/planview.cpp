// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/changes/planview.h"

#include "core/base/runtask.h"
#include "ui/models/changetext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QComboBox>
#include <QGridLayout>
#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kAny = -1;

std::int64_t heldCount(const ChangeCounts& counts)
{
    return counts.users.held + counts.groups.held + counts.memberships.held;
}

struct CountColumn
{
    QString title;
    ChangeAction action;
    std::int64_t KindCounts::* count;
};

} // namespace

PlanView::PlanView(QThreadPool& workers, QWidget* parent)
    : QWidget(parent)
    , m_workers(workers)
{
    m_model = new PlanModel(this);
    m_attributes = new AttributesModel(this);
    m_countsBox = new QWidget(this);
    m_countsBox->setObjectName(u"counts"_s);
    m_counts = new QGridLayout(m_countsBox);
    m_counts->setContentsMargins(0, 0, 0, 0);
    m_counts->setHorizontalSpacing(theme::spacing(6));
    m_counts->setVerticalSpacing(theme::spacing(1));
    m_table = new TableView(u"planChanges"_s, this);
    m_table->setObjectName(u"changes"_s);
    m_table->setAccessibleName(tr("Changes"));
    m_table->setRowsModel(m_model);
    m_detail = new TableView(u"planDetail"_s, this);
    m_detail->setObjectName(u"detail"_s);
    m_detail->setAccessibleName(tr("Old and new values"));
    m_detail->setRowsModel(m_attributes);
    m_empty = new EmptyState(this);
    auto* list = new QWidget(this);
    auto* listLayout = new QVBoxLayout(list);
    listLayout->setContentsMargins(0, 0, 0, 0);
    listLayout->addWidget(m_table, 1);
    listLayout->addWidget(m_empty, 1);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(list);
    split->addWidget(m_detail);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_countsBox, 0, Qt::AlignLeft);
    layout->addWidget(makeFilters());
    layout->addWidget(split, 1);
    connect(m_table, &TableView::currentRowChanged, this, &PlanView::showDetail);
    connect(m_search, &SearchEdit::listRequested, m_table,
        [this] { m_table->setFocus(Qt::OtherFocusReason); });
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        m_search->clear();
        m_kind->setCurrentIndex(0);
        m_action->setCurrentIndex(0);
    });
}

QWidget* PlanView::makeFilters()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    m_kind = new QComboBox(bar);
    m_kind->setObjectName(u"kind"_s);
    m_kind->setAccessibleName(tr("Which kind"));
    m_kind->addItem(tr("All kinds"), kAny);
    m_kind->addItem(tr("Users"), static_cast<int>(ObjectKind::User));
    m_kind->addItem(tr("Groups"), static_cast<int>(ObjectKind::Group));
    m_kind->addItem(tr("Memberships"), static_cast<int>(ObjectKind::Membership));
    m_action = new QComboBox(bar);
    m_action->setObjectName(u"action"_s);
    m_action->setAccessibleName(tr("Which action"));
    m_action->addItem(tr("All actions"), kAny);
    for (const ChangeAction action : { ChangeAction::Add, ChangeAction::Update,
             ChangeAction::Suspend, ChangeAction::Resume, ChangeAction::Remove }) {
        m_action->addItem(actionIcon(action), actionText(action), static_cast<int>(action));
    }
    m_search = new SearchEdit(tr("Filter by name or id"), bar);
    m_search->setObjectName(u"search"_s);
    m_shown = makeMutedLabel({}, bar);
    m_shown->setWordWrap(false);
    row->addWidget(m_kind);
    row->addWidget(m_action);
    row->addWidget(m_search, 1);
    row->addWidget(m_shown);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &PlanView::applyFilter);
    connect(m_action, &QComboBox::currentIndexChanged, this, &PlanView::applyFilter);
    connect(m_search, &QLineEdit::textChanged, this, &PlanView::applyFilter);
    return bar;
}

QWidget* PlanView::searchField() const
{
    return m_search;
}

void PlanView::setPlan(SyncPlanPtr plan)
{
    if (plan == m_plan) {
        return;
    }
    m_plan = std::move(plan);
    showCounts();
    m_table->expectOtherRows();
    m_table->setColumnNeeded(PlanModel::Held, m_plan && heldCount(m_plan->counts) > 0);
    applyFilter();
}

void PlanView::showCounts()
{
    while (QLayoutItem* item = m_counts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!m_plan) {
        return;
    }
    const std::vector<CountColumn> columns {
        { tr("added"), ChangeAction::Add, &KindCounts::added },
        { tr("changed"), ChangeAction::Update, &KindCounts::updated },
        { tr("of these suspended"), ChangeAction::Suspend, &KindCounts::suspended },
        { tr("removed"), ChangeAction::Remove, &KindCounts::removed },
    };
    // The signs of letters' size stand apart from the number.
    const auto signOf = [](ChangeAction action) {
        return action == ChangeAction::Suspend ? actionSign(action) + u' ' : actionSign(action);
    };
    const auto addRow = [&](int row, const QString& title, const KindCounts& counts) {
        m_counts->addWidget(new TextLabel(title, m_countsBox), row, 0);
        int column = 1;
        for (const CountColumn& entry : columns) {
            const std::int64_t count = counts.*entry.count;
            if (entry.action == ChangeAction::Suspend && &counts != &m_plan->counts.users) {
                ++column; // only people are
                continue;
            }
            auto* label = new TextLabel(tr("%1%2 %3").arg(
                count > 0 ? signOf(entry.action) : QString(), countText(count), entry.title));
            label->setRole(count > 0 ? actionRole(entry.action) : theme::Role::Muted);
            m_counts->addWidget(label, row, column++);
        }
        if (counts.held > 0) {
            auto* held = new TextLabel(tr("⚠ %1 held").arg(countText(counts.held)));
            held->setRole(theme::Role::Held);
            m_counts->addWidget(held, row, column);
        }
    };
    addRow(0, tr("Users"), m_plan->counts.users);
    addRow(1, tr("Groups"), m_plan->counts.groups);
    addRow(2, tr("Memberships"), m_plan->counts.memberships);
}

void PlanView::applyFilter()
{
    const int request = ++m_request;
    if (!m_plan) {
        m_model->setPlan(nullptr, {});
        showDetail(std::nullopt);
        return;
    }
    PlanFilter filter { .text = m_search->text() };
    if (const int kind = m_kind->currentData().toInt(); kind != kAny) {
        filter.kind = static_cast<ObjectKind>(kind);
    }
    if (const int action = m_action->currentData().toInt(); action != kAny) {
        filter.action = static_cast<ChangeAction>(action);
    }
    runTask(m_workers, [plan = m_plan, filter] {
        return filterPlan(*plan, filter);
    }).then(this, [this, request](const std::vector<Row>& rows) {
        if (request == m_request) {
            showRows(rows);
        }
    });
}

void PlanView::showRows(std::vector<Row> rows)
{
    const auto shown = static_cast<std::int64_t>(rows.size());
    const std::int64_t all = planLineCount(*m_plan);
    m_model->setPlan(m_plan, std::move(rows));
    m_shown->setText(tr("%1 of %2").arg(countText(shown), countText(all)));
    m_table->setVisible(shown > 0);
    m_empty->setVisible(shown == 0);
    m_detail->setVisible(shown > 0);
    if (all == 0) {
        m_empty->setContent({ .icon = u"success"_s,
            .title = tr("Nothing to change"),
            .text = tr("The directory already says what the provider says.") });
    } else if (shown == 0) {
        m_empty->setContent({ .icon = u"filter"_s,
            .title = tr("No match"),
            .text = tr("No change passes the filters."),
            .buttonText = tr("Clear the filters") });
    }
    showDetail(m_table->currentRow());
}

void PlanView::showDetail(std::optional<Row> row)
{
    m_attributes->setAttributes(row && m_plan ? planLineAttributes(*m_plan, planLine(*m_plan, *row))
                                              : std::vector<AttributeChange>());
}

} // namespace portreeve
