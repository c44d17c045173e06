// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"

#include <QWidget>

namespace portreeve {

class RunsModel;
class TableView;

/// The newest few runs on the overview, each a way into the history.
class RecentRuns final : public QWidget
{
    Q_OBJECT

public:
    RecentRuns(const AppContext& context, QWidget* parent);

    /// Reads them anew; hidden while there are none.
    void refresh();

signals:
    void runRequested(std::int64_t runId);
    void historyRequested();

private:
    void take(std::vector<RunRecord> runs);

    AppContext m_context;
    RunsModel* m_model;
    TableView* m_table;
    int m_request = 0;
};

} // namespace portreeve
