// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/overview/recentruns.h"

#include "ui/models/runsmodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/tableview.h"

#include <QFuture>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kRecentRuns = 6;
}

RecentRuns::RecentRuns(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new RunsModel(this))
    , m_table(new TableView(u"recentRuns"_s, this))
{
    setObjectName(u"recentRuns"_s);
    auto* card = new Card(tr("Recent syncs"), this);
    auto* history = new QPushButton(theme::icon(u"history"_s), tr("History"), card);
    history->setObjectName(u"openHistory"_s);
    card->addHeaderWidget(history);
    m_table->setAccessibleName(tr("Recent syncs"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setRowsModel(m_model);
    card->body()->addWidget(m_table);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(card);
    connect(history, &QPushButton::clicked, this, &RecentRuns::historyRequested);
    connect(m_table, &TableView::rowActivated, this,
        [this](Row row) { emit runRequested(m_model->run(row).id); });
    hide();
}

void RecentRuns::refresh()
{
    m_context.store.run([](Store& store) { return store.runs().list({ .limit = kRecentRuns }); })
        .then(this, [this, request = ++m_request](const Result<std::vector<RunRecord>>& runs) {
            if (request == m_request && runs) {
                take(*runs);
            }
        });
}

void RecentRuns::take(std::vector<RunRecord> runs)
{
    const auto lines = static_cast<int>(runs.size());
    m_model->setRuns(std::move(runs), m_context.clock.nowUtc());
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height()
        + m_table->verticalHeader()->defaultSectionSize() * lines
        + m_table->horizontalScrollBar()->sizeHint().height());
    setVisible(lines > 0);
}

} // namespace portreeve
