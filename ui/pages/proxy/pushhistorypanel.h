// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"

#include <QWidget>

class QStackedWidget;

namespace portreeve {

class EmptyState;
class MessageBar;
class PushesModel;
class TableView;
class TextLabel;

/// Every delivery to one target, and what the chosen one noted.
class PushHistoryPanel final : public QWidget
{
    Q_OBJECT

public:
    PushHistoryPanel(const AppContext& context, QWidget* parent);

    void showTarget(const QString& targetId);
    void refresh();

private:
    AppContext m_context;
    QString m_targetId;
    PushesModel* m_model;
    MessageBar* m_message;
    QStackedWidget* m_stack;
    TableView* m_table;
    EmptyState* m_empty;
    TextLabel* m_notes;
    int m_request = 0;
};

} // namespace portreeve
