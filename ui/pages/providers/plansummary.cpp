// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/plansummary.h"

#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QGridLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

PlanSummary::PlanSummary(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_verdict(makeTextLabel({}, this))
    , m_notes(makeMutedLabel({}, this))
{
    setObjectName(u"planSummary"_s);
    m_grid->setHorizontalSpacing(theme::spacing(6));
    m_grid->setVerticalSpacing(theme::spacing(2));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(4));
    layout->addWidget(m_verdict);
    layout->addLayout(m_grid);
    layout->addWidget(m_notes);
    layout->addStretch(1);
}

void PlanSummary::setPlan(const SyncPlan& plan)
{
    while (auto* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QString heads[] { QString(), tr("Added"), tr("Changed"), tr("Removed") };
    for (int column = 0; column < 4; ++column) {
        m_grid->addWidget(makeMutedLabel(heads[column], this), 0, column,
            column == 0 ? Qt::AlignLeading : Qt::AlignTrailing);
    }
    addRow(1, tr("Users"), plan.counts.users);
    addRow(2, tr("Groups"), plan.counts.groups);
    addRow(3, tr("Memberships"), plan.counts.memberships);
    m_grid->setColumnStretch(4, 1);

    switch (plan.verdict) {
    case Verdict::Nothing:
        m_verdict->setText(tr("The directory is empty: there is nothing to bring in. Check the "
                              "options and what the credentials may read."));
        break;
    case Verdict::Go:
        m_verdict->setText(tr("Nothing is stored yet. This is what the first sync brings in:"));
        break;
    case Verdict::Held:
        m_verdict->setText(plan.trips.empty() ? QString() : plan.trips.front().reason.translated());
        break;
    }
    QStringList notes;
    for (const QString& note : plan.notes) {
        notes << note;
    }
    if (!plan.quarantine.empty()) {
        notes << tr("%Ln record(s) were left out because they are not usable as they are.", nullptr,
            static_cast<int>(plan.quarantine.size()));
    }
    m_notes->setText(notes.join(u'\n'));
}

void PlanSummary::addRow(int row, const QString& kind, const KindCounts& counts)
{
    m_grid->addWidget(makeHeading(kind, this), row, 0);
    const std::int64_t numbers[] { counts.added, counts.updated, counts.removed };
    const QChar signs[] { u'+', u'~', u'−' };
    const theme::Role roles[] { theme::Role::Added, theme::Role::Changed, theme::Role::Removed };
    for (int column = 0; column < 3; ++column) {
        const std::int64_t number = numbers[column];
        auto* label
            = makeHeading(number == 0 ? u"0"_s : QString(signs[column] + countText(number)), this);
        label->setRole(number == 0 ? theme::Role::Muted : roles[column]);
        m_grid->addWidget(label, row, column + 1, Qt::AlignTrailing);
    }
}

} // namespace portreeve
