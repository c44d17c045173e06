// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/activitypanel.h"

#include "ui/shell/activitylog.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

ActivityPanel::ActivityPanel(ActivityLog& log, SyncService& sync, QWidget* parent)
    : QWidget(parent)
    , m_log(log)
    , m_sync(sync)
    , m_list(new QListView(this))
    , m_stop(new QPushButton(tr("S&top"), this))
    , m_again(new QPushButton(tr("&Run again"), this))
    , m_open(new QPushButton(tr("&Open connection"), this))
{
    setObjectName(u"activityPanel"_s);
    m_list->setObjectName(u"activityList"_s);
    m_list->setAccessibleName(tr("Running and recent tasks"));
    m_list->setModel(&log);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAlternatingRowColors(true);
    m_list->setUniformItemSizes(true);
    m_stop->setObjectName(u"activityStop"_s);
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

    connect(m_stop, &QPushButton::clicked, this, [this] { m_sync.cancel(currentConnection()); });
    connect(m_again, &QPushButton::clicked, this, [this] { m_sync.sync(currentConnection()); });
    connect(m_open, &QPushButton::clicked, this,
        [this] { emit connectionRequested(currentConnection()); });
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
    const QModelIndex index = m_list->currentIndex();
    const bool isRunning
        = index.isValid() && m_log.entry(index.row()).outcome == ActivityLog::Outcome::Running;
    const bool isTask = !currentConnection().isEmpty();
    m_stop->setEnabled(isRunning);
    m_again->setEnabled(isTask && !isRunning);
    m_open->setEnabled(isTask);
}

QString ActivityPanel::currentConnection() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.isValid() ? m_log.entry(index.row()).connectionId : QString();
}

} // namespace portreeve
