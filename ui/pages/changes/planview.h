// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/planmodel.h"

#include <QThreadPool>
#include <QWidget>

class QComboBox;
class QGridLayout;

namespace portreeve {

class EmptyState;
class SearchEdit;
class TableView;
class TextLabel;

/// The changes of one plan: counts, filters, the list, and old against new for one line.
class PlanView final : public QWidget
{
    Q_OBJECT

public:
    explicit PlanView(QThreadPool& workers, QWidget* parent = nullptr);

    void setPlan(SyncPlanPtr plan);

    PlanModel* model() const { return m_model; }

    QWidget* searchField() const;

private:
    QWidget* makeFilters();
    void showCounts();
    void applyFilter();
    void showRows(std::vector<Row> rows);
    void showDetail(std::optional<Row> row);

    QThreadPool& m_workers;
    SyncPlanPtr m_plan;
    PlanModel* m_model = nullptr;
    AttributesModel* m_attributes = nullptr;
    QGridLayout* m_counts = nullptr;
    QWidget* m_countsBox = nullptr;
    QComboBox* m_kind = nullptr;
    QComboBox* m_action = nullptr;
    SearchEdit* m_search = nullptr;
    TextLabel* m_shown = nullptr;
    TableView* m_table = nullptr;
    TableView* m_detail = nullptr;
    EmptyState* m_empty = nullptr;
    int m_request = 0;
};

} // namespace portreeve
