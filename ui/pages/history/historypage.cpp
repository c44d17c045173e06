// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/history/historypage.h"

#include "ui/pages/history/rundetail.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"

#include <QComboBox>
#include <QFuture>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kRunsAtOnce = 500;
}

HistoryPage::HistoryPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
{
    m_message = new MessageBar(this);
    m_detailStack = new QStackedWidget(this);
    auto* nothing = new EmptyState(m_detailStack);
    nothing->setContent({ .icon = u"history"_s,
        .title = tr("Nothing chosen"),
        .text = tr("Choose a run to see every change it made.") });
    m_detail = new RunDetail(context, m_detailStack);
    m_detailStack->addWidget(nothing);
    m_detailStack->addWidget(m_detail);
    auto* split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(makeList());
    split->addWidget(m_detailStack);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    const int margin = theme::spacing(4);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(makeBar());
    layout->addWidget(m_message);
    layout->addWidget(split, 1);
    connect(m_detail, &RunDetail::revertRequested, this, &HistoryPage::revert);
    connect(m_detail, &RunDetail::objectRequested, this,
        [this](const QString& target) { emit navigationRequested(u"directory"_s, target); });
    connect(&m_context.sync, &SyncService::storeChanged, this, [this] {
        if (isVisible()) {
            load();
        }
    });
    showState();
}

QWidget* HistoryPage::makeBar()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    m_connection = new QComboBox(bar);
    m_connection->setObjectName(u"connection"_s);
    m_connection->setAccessibleName(tr("Runs of which connection"));
    m_connection->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_connection->setMaximumWidth(fontMetrics().averageCharWidth() * 40);
    m_connection->addItem(tr("All connections"), QString());
    row->addWidget(makeTitle(tr("History"), bar), 1);
    row->addWidget(m_connection);
    connect(m_connection, &QComboBox::currentIndexChanged, this, &HistoryPage::load);
    return bar;
}

QWidget* HistoryPage::makeList()
{
    auto* list = new QWidget(this);
    auto* layout = new QVBoxLayout(list);
    layout->setContentsMargins(0, 0, 0, 0);
    m_lists = new QStackedWidget(list);
    m_model = new RunsModel(this);
    m_table = new TableView(u"runs"_s, m_lists);
    m_table->setObjectName(u"runs"_s);
    m_table->setAccessibleName(tr("Runs"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowsModel(m_model);
    m_empty = new EmptyState(m_lists);
    m_lists->addWidget(m_table);
    m_lists->addWidget(m_empty);
    m_older = new QPushButton(tr("Show &older runs"), list);
    m_older->setObjectName(u"older"_s);
    layout->addWidget(m_lists, 1);
    layout->addWidget(m_older, 0, Qt::AlignLeft);
    connect(m_table, &TableView::currentRowChanged, this, [this](std::optional<Row> row) {
        if (row) {
            m_detail->show(m_model->run(*row));
        }
        m_detailStack->setCurrentIndex(row ? 1 : 0);
    });
    connect(m_older, &QPushButton::clicked, this, &HistoryPage::loadOlder);
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_connection->currentIndex() > 0) {
            m_connection->setCurrentIndex(0);
        } else {
            emit navigationRequested(u"providers"_s, {});
        }
    });
    return list;
}

Result<HistoryPage::Content> HistoryPage::read(
    Store& store, const RunFilter& filter, std::int64_t wanted)
{
    auto runs = store.runs().list(filter);
    if (!runs) {
        return runs.error();
    }
    auto connections = store.connections().list();
    if (!connections) {
        return connections.error();
    }
    Content content;
    content.runs = std::move(*runs);
    content.connections = std::move(*connections);
    if (wanted > 0) {
        auto run = store.runs().byId(wanted);
        if (!run) {
            return run.error();
        }
        content.wanted = std::move(*run);
    }
    return content;
}

void HistoryPage::activate()
{
    load();
}

void HistoryPage::load()
{
    const QString connectionId = m_wantedConnection.isEmpty()
        ? m_connection->currentData().toString()
        : m_wantedConnection;
    const RunFilter filter { .connectionId = connectionId, .limit = kRunsAtOnce };
    m_context.store
        .run([filter, wanted = m_wanted](Store& store) { return read(store, filter, wanted); })
        .then(this, [this, request = ++m_request](const Result<Content>& content) {
            if (request != m_request) {
                return;
            }
            m_wanted = 0;
            if (!content) {
                m_message->showError(content.error());
                return;
            }
            take(*content);
        });
}

void HistoryPage::take(const Content& content)
{
    fillConnections(content.connections);
    m_model->setRuns(content.runs, m_context.clock.nowUtc());
    m_older->setVisible(content.runs.size() >= static_cast<std::size_t>(kRunsAtOnce));
    showState();
    if (content.wanted) {
        // An old run may not be in the list; it is shown all the same.
        if (!m_table->selectKey(QString::number(content.wanted->id))) {
            m_detail->show(*content.wanted);
            m_detailStack->setCurrentIndex(1);
            m_detailStack->show();
        }
    }
}

void HistoryPage::fillConnections(const std::vector<Connection>& connections)
{
    const QSignalBlocker quiet(m_connection);
    const QString chosen = m_wantedConnection.isEmpty() ? m_connection->currentData().toString()
                                                        : std::exchange(m_wantedConnection, {});
    while (m_connection->count() > 1) {
        m_connection->removeItem(1);
    }
    for (const Connection& connection : connections) {
        m_connection->addItem(connection.name, connection.id);
    }
    m_connection->setCurrentIndex(std::max(0, m_connection->findData(chosen)));
}

void HistoryPage::loadOlder()
{
    if (m_model->runs().empty()) {
        return;
    }
    const RunFilter filter { .connectionId = m_connection->currentData().toString(),
        .limit = kRunsAtOnce,
        .beforeId = m_model->runs().back().id };
    m_older->setEnabled(false);
    m_context.store.run([filter](Store& store) { return store.runs().list(filter); })
        .then(this, [this, request = ++m_request](const Result<std::vector<RunRecord>>& older) {
            m_older->setEnabled(true);
            if (request != m_request) {
                return;
            }
            if (!older) {
                m_message->showError(older.error());
                return;
            }
            m_model->append(*older);
            m_older->setVisible(older->size() >= static_cast<std::size_t>(kRunsAtOnce));
        });
}

void HistoryPage::showState()
{
    const bool any = m_model->rowCount() > 0;
    m_lists->setCurrentWidget(any ? static_cast<QWidget*>(m_table) : m_empty);
    m_detailStack->setVisible(any); // "Nothing chosen" says nothing where nothing can be chosen
    if (!any) {
        m_older->hide();
        m_detailStack->setCurrentIndex(0);
    }
    if (m_connection->currentIndex() > 0) {
        m_empty->setContent({ .icon = u"filter"_s,
            .title = tr("No runs of this connection"),
            .text = tr("It has not been synced yet."),
            .buttonText = tr("Show all connections") });
    } else {
        m_empty->setContent({ .icon = u"history"_s,
            .title = tr("No runs yet"),
            .text = tr("Every sync is kept here with each change it made."),
            .buttonText = tr("Open the connections") });
    }
}

void HistoryPage::open(const QString& target)
{
    if (target.startsWith(u"run:")) {
        m_wanted = target.section(u':', 1).toLongLong();
        const QSignalBlocker quiet(m_connection);
        m_connection->setCurrentIndex(0);
    } else if (target.startsWith(u"connection:")) {
        m_wantedConnection = target.section(u':', 1);
    } else {
        return;
    }
    load();
}

void HistoryPage::revert(std::int64_t runId)
{
    m_context.sync.planRevert(runId);
    emit navigationRequested(u"changes"_s, u"plan:"_s + m_detail->run().connectionId);
    emit statusMessage(tr("The way back from run %1 is shown as a preview.").arg(runId));
}

} // namespace portreeve
