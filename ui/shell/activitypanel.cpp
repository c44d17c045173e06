// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/activitypanel.h"

#include "ui/models/appcontext.h"
#include "ui/models/connectionwatch.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

ActivityPanel::ActivityPanel(const AppContext& context, ActivityLog& log, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_log(log)
    , m_list(new QListView(this))
    , m_stop(new QPushButton(tr("S&top"), this))
    , m_again(new QPushButton(tr("&Run again"), this))
    , m_open(new QPushButton(tr("&Open"), this))
{
    setObjectName(u"activityPanel"_s);
    m_list->setObjectName(u"activityList"_s);
    m_list->setAccessibleName(tr("Running and recent tasks"));
    m_list->setModel(&log);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAlternatingRowColors(true);
    m_list->setUniformItemSizes(true);
    m_stop->setObjectName(u"activityStop"_s);
    m_again->setObjectName(u"activityAgain"_s);
    m_open->setObjectName(u"activityOpen"_s);
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(m_stop);
    buttons->addWidget(m_again);
    buttons->addWidget(m_open);
    buttons->addStretch(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(2), theme::spacing(2), theme::spacing(2), theme::spacing(2));
    layout->addWidget(m_list, 1);
    layout->addLayout(buttons);

    connect(m_stop, &QPushButton::clicked, this, &ActivityPanel::stop);
    connect(m_again, &QPushButton::clicked, this, &ActivityPanel::runAgain);
    connect(m_open, &QPushButton::clicked, this, &ActivityPanel::open);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &ActivityPanel::refreshButtons);
    connect(&log, &QAbstractItemModel::dataChanged, this, &ActivityPanel::refreshButtons);
    connect(&log, &QAbstractItemModel::rowsInserted, this, [this] {
        if (!m_list->currentIndex().isValid()) {
            m_list->setCurrentIndex(m_log.index(0));
        }
        refreshButtons();
    });
    refreshButtons();
}

void ActivityPanel::refreshButtons()
{
    const auto* entry = current();
    const bool isTask
        = entry != nullptr && (!entry->connectionId.isEmpty() || !entry->targetId.isEmpty());
    const bool isRunning = isTask && entry->outcome == ActivityLog::Outcome::Running;
    m_stop->setEnabled(isRunning);
    m_again->setEnabled(isTask && !isRunning && entry->canRunAgain());
    m_open->setEnabled(isTask);
}

void ActivityPanel::stop()
{
    const auto* entry = current();
    if (entry == nullptr) {
        return;
    }
    if (entry->targetId.isEmpty()) {
        m_context.sync.cancel(entry->connectionId);
    } else {
        m_context.deliveries.cancel(entry->targetId);
    }
}

void ActivityPanel::runAgain()
{
    const auto* entry = current();
    if (entry == nullptr) {
        return;
    }
    // By value: starting one puts another entry before it.
    const ActivityLog::Entry again = *entry;
    const bool isPlan = again.targetId.isEmpty() ? again.task == SyncService::Task::Plan
                                                 : again.delivery == DeliveryService::Task::Plan;
    if (again.targetId.isEmpty()) {
        isPlan ? m_context.sync.plan(again.connectionId) : m_context.sync.sync(again.connectionId);
    } else if (isPlan) {
        m_context.deliveries.plan(again.targetId);
    } else {
        m_context.deliveries.push({ .targetId = again.targetId });
    }
}

void ActivityPanel::open()
{
    const auto* entry = current();
    if (entry == nullptr) {
        return;
    }
    if (entry->targetId.isEmpty()) {
        emit connectionRequested(entry->connectionId);
    } else {
        emit targetRequested(entry->targetId);
    }
}

const ActivityLog::Entry* ActivityPanel::current() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? &m_log.entry(index.row()) : nullptr;
}

} // namespace portreeve
