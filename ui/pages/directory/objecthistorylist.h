// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/storeworker.h"

#include <QWidget>

namespace portreeve {

class EmptyState;
class ErrorPanel;
class ObjectHistoryModel;
class TableView;

/// What syncs did to one user or group.
class ObjectHistoryList final : public QWidget
{
    Q_OBJECT

public:
    explicit ObjectHistoryList(StoreWorker& store, QWidget* parent = nullptr);

    void show(const QString& connectionId, ObjectKind kind, const QString& id);

signals:
    void runRequested(std::int64_t runId);

private:
    StoreWorker& m_store;
    ObjectHistoryModel* m_model = nullptr;
    TableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    ErrorPanel* m_error = nullptr;
    int m_request = 0;
};

} // namespace portreeve
