// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/models/runsmodel.h"
#include "ui/pages/page.h"

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace portreeve {

class EmptyState;
class MessageBar;
class RunDetail;
class TableView;

/// Every run, what it changed, and the way back.
class HistoryPage final : public Page
{
    Q_OBJECT

public:
    explicit HistoryPage(const AppContext& context, QWidget* parent = nullptr);

    void activate() override;

    /// "run:<id>" or "connection:<id>"
    void open(const QString& target) override;

    RunDetail* detail() const { return m_detail; }

    RunsModel* model() const { return m_model; }

private:
    struct Content
    {
        std::vector<RunRecord> runs;
        std::vector<Connection> connections;
        std::optional<RunRecord> wanted;
    };

    QWidget* makeBar();
    QWidget* makeList();
    static Result<Content> read(Store& store, const RunFilter& filter, std::int64_t wanted);
    void load();
    void loadOlder();
    void take(const Content& content);
    void fillConnections(const std::vector<Connection>& connections);
    void showState();
    void revert(std::int64_t runId);

    AppContext m_context;
    RunsModel* m_model = nullptr;
    QComboBox* m_connection = nullptr;
    MessageBar* m_message = nullptr;
    TableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    QStackedWidget* m_lists = nullptr;
    QPushButton* m_older = nullptr;
    QStackedWidget* m_detailStack = nullptr;
    RunDetail* m_detail = nullptr;
    std::int64_t m_wanted = 0;
    QString m_wantedConnection;
    int m_request = 0;
};

} // namespace portreeve
