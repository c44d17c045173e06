// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/objecthistorylist.h"

#include "ui/models/objecthistorymodel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/tableview.h"

#include <QFuture>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr int kMostEvents = 500;
}

ObjectHistoryList::ObjectHistoryList(StoreWorker& store, QWidget* parent)
    : QWidget(parent)
    , m_store(store)
{
    m_model = new ObjectHistoryModel(this);
    m_table = new TableView(u"objectHistory"_s, this);
    m_table->setObjectName(u"events"_s);
    m_table->setAccessibleName(tr("History"));
    m_table->setRowsModel(m_model);
    m_empty = new EmptyState(this);
    m_empty->setContent({ .icon = u"history"_s,
        .title = tr("No changes yet"),
        .text = tr("What syncs change here is listed with its run.") });
    m_error = new ErrorPanel(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    layout->addWidget(m_error);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);
    m_table->hide();
    connect(m_table, &TableView::rowActivated, this,
        [this](Row row) { emit runRequested(m_model->runOf(row)); });
}

void ObjectHistoryList::show(const QString& connectionId, ObjectKind kind, const QString& id)
{
    const int request = ++m_request;
    m_store
        .run([connectionId, kind, id](Store& store) {
            return store.runs().ofObject(connectionId, kind, id, kMostEvents);
        })
        .then(this, [this, request](const Result<std::vector<RunHistory::ObjectEvent>>& events) {
            if (request != m_request) {
                return;
            }
            m_error->setError(events ? std::nullopt : std::optional(events.error()));
            m_model->setEvents(events ? *events : std::vector<RunHistory::ObjectEvent>());
            m_table->setVisible(m_model->rowCount() > 0);
            m_empty->setVisible(events.hasValue() && m_model->rowCount() == 0);
        });
}

} // namespace portreeve
