// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/changes/heldview.h"

#include "core/base/runtask.h"
#include "ui/theme/theme.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace portreeve {

HeldView::HeldView(QThreadPool& workers, QWidget* parent)
    : QWidget(parent)
    , m_workers(workers)
{
    m_model = new HeldModel(this);
    m_since = makeMutedLabel({}, this);
    m_since->setObjectName(u"since"_s);
    m_reasons = makeTextLabel({}, this);
    m_reasons->setObjectName(u"reasons"_s);
    m_reasons->setRole(theme::Role::Held);
    m_locked = makeTextLabel({}, this);
    m_locked->setObjectName(u"locked"_s);
    m_locked->setRole(theme::Role::Warning);
    m_search = new SearchEdit(tr("Filter what waits"), this);
    m_table = new TableView(u"heldRows"_s, this);
    m_table->setObjectName(u"held"_s);
    m_table->setAccessibleName(tr("Held removals"));
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setRowsModel(m_model);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(m_reasons);
    layout->addWidget(m_since);
    layout->addWidget(m_locked);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addWidget(makeButtons());
    connect(m_search, &QLineEdit::textChanged, m_model, &HeldModel::filter);
    connect(m_search, &SearchEdit::listRequested, m_table,
        [this] { m_table->setFocus(Qt::OtherFocusReason); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &HeldView::refreshButtons);
    connect(m_model, &QAbstractItemModel::modelReset, this, &HeldView::refreshButtons);
}

QWidget* HeldView::makeButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    m_reject = new QPushButton(tr("&Reject…"), bar);
    m_reject->setObjectName(u"reject"_s);
    m_reject->setToolTip(tr("Keeps what would be removed until the provider lists it again"));
    m_approveSelected = new QPushButton(tr("Approve se&lected…"), bar);
    m_approveSelected->setObjectName(u"approveSelected"_s);
    m_approveAll = new QPushButton(tr("&Approve all…"), bar);
    m_approveAll->setObjectName(u"approveAll"_s);
    row->addWidget(m_reject);
    row->addStretch();
    row->addWidget(m_approveSelected);
    row->addWidget(m_approveAll);
    connect(m_reject, &QPushButton::clicked, this, &HeldView::askToReject);
    connect(m_approveSelected, &QPushButton::clicked, this, [this] { askToApprove(false); });
    connect(m_approveAll, &QPushButton::clicked, this, [this] { askToApprove(true); });
    return bar;
}

void HeldView::show(const ConnectionWork& work, UtcTime now)
{
    m_connectionName = work.connection.name;
    m_busy = work.running.has_value();
    if (work.hold) {
        m_since->setText(work.connection.lastSuccessAt
                ? tr("Held %1. Last seen at the source before that.")
                      .arg(relativeTime(work.hold->openedAt, now))
                : tr("Held %1.").arg(relativeTime(work.hold->openedAt, now)));
        m_since->setToolTip(exactTime(work.hold->openedAt));
    } else {
        m_since->setText(tr("In this preview; applying leaves these rows waiting."));
    }
    // A fresh preview is newer than the stored hold and is what an approval would use.
    const bool fresh = work.plan && !work.outdated && work.plan->verdict == Verdict::Held;
    const QString hash = fresh ? work.plan->planHash : work.hold ? work.hold->planHash : QString();
    if (hash == m_shownHash && work.protectedUsers == m_shownProtected) {
        refreshButtons();
        return;
    }
    m_shownHash = hash;
    m_shownProtected = work.protectedUsers;
    const int request = ++m_request;
    runTask(m_workers, [fresh, plan = work.plan, hold = work.hold, ids = work.protectedUsers] {
        return fresh ? heldRowsOf(*plan, ids) : hold ? heldRowsOf(*hold, ids) : HeldRowsView {};
    }).then(this, [this, request](const HeldRowsView& rows) {
        if (request == m_request) {
            take(rows);
        }
    });
}

void HeldView::take(HeldRowsView rows)
{
    QStringList lines;
    for (const QString& reason : rows.reasons) {
        lines.append(tr("⚠ %1").arg(reason));
    }
    m_reasons->setText(lines.join(u'\n'));
    m_locked->setText(
        tr("%Ln row(s) concern a protected administrator and cannot be approved here. "
           "Take the protection off in the directory first.",
            nullptr, static_cast<int>(rows.locked)));
    m_locked->setVisible(rows.locked > 0);
    m_model->setRows(std::move(rows));
    m_model->filter(m_search->text());
    refreshButtons();
}

void HeldView::refreshButtons()
{
    const auto all = static_cast<std::int64_t>(m_model->rows().lines.size());
    const std::int64_t open = all - m_model->rows().locked;
    std::int64_t selected = 0;
    for (const Row row : m_table->selectedRows()) {
        selected += m_model->rows().lines[row].approvable ? 1 : 0;
    }
    m_approveAll->setEnabled(!m_busy && open > 0);
    m_approveAll->setText(tr("&Approve all %1…").arg(countText(open)));
    m_approveSelected->setEnabled(!m_busy && selected > 0);
    m_approveSelected->setText(selected > 0 ? tr("Approve %1 se&lected…").arg(countText(selected))
                                            : tr("Approve se&lected…"));
    m_reject->setEnabled(!m_busy && all > 0);
}

void HeldView::askToApprove(bool everything)
{
    const HeldRowsView& rows = m_model->rows();
    HeldChoice choice { .shownHash = rows.planHash, .everything = everything };
    const auto all = static_cast<std::int64_t>(rows.lines.size());
    std::int64_t count = all - rows.locked;
    if (!everything) {
        for (const Row row : m_table->selectedRows()) {
            if (rows.lines[row].approvable) {
                choice.keys.push_back(rows.lines[row].key);
            }
        }
        count = static_cast<std::int64_t>(choice.keys.size());
    }
    ConfirmDialog::confirm(this,
        { .title = tr("Approve held removals"),
            .text = tr("Let %Ln held change(s) through on “%1”?", nullptr, static_cast<int>(count))
                .arg(m_connectionName),
            .details = tr("%1 of %2 waiting rows. Users and groups removed now stay under "
                          "“Removed” and come back when the provider lists them again. The "
                          "approval holds for exactly these rows: when the source has changed "
                          "since, nothing is removed.")
                .arg(countText(count), countText(all)),
            .verb = tr("Approve %1").arg(countText(count)) },
        [this, choice] { emit approveRequested(choice); });
}

void HeldView::askToReject()
{
    const auto all = static_cast<int>(m_model->rows().lines.size());
    ConfirmDialog::confirm(this,
        { .title = tr("Reject held removals"),
            .text = tr(
                "Keep %Ln row(s) of “%1” although the provider no longer lists them?", nullptr, all)
                .arg(m_connectionName),
            .details = tr("Each is pinned until the provider lists it again."),
            .verb = tr("Reject and keep") },
        [this] { emit rejectRequested(); });
}

} // namespace portreeve
