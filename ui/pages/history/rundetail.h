// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/runsmodel.h"

#include <QWidget>

class QPushButton;

namespace portreeve {

class AttributesModel;
class EmptyState;
class ErrorPanel;
class StatusBadge;
class TableView;
class TextLabel;

/// One run: when, why, what came of it, every change it made, and the way back.
class RunDetail final : public QWidget
{
    Q_OBJECT

public:
    explicit RunDetail(const AppContext& context, QWidget* parent = nullptr);

    void show(const RunRecord& run);

    const RunRecord& run() const { return m_run; }

    RunChangesModel* changes() const { return m_changes; }

signals:
    void revertRequested(std::int64_t runId);
    /// Enter or double click on a change: "user:<connection>:<id>" or "group:..."
    void objectRequested(const QString& target);

private:
    QWidget* makeHead();
    void loadPage(std::int64_t runId, std::int64_t page);
    void showChange(std::optional<Row> row);
    void openObject(Row row);

    AppContext m_context;
    RunRecord m_run;
    RunChangesModel* m_changes = nullptr;
    AttributesModel* m_attributes = nullptr;
    TextLabel* m_title = nullptr;
    TextLabel* m_summary = nullptr;
    StatusBadge* m_outcome = nullptr;
    QPushButton* m_revert = nullptr;
    ErrorPanel* m_error = nullptr;
    TextLabel* m_notes = nullptr;
    TableView* m_table = nullptr;
    TableView* m_detail = nullptr;
    EmptyState* m_empty = nullptr;
};

} // namespace portreeve
