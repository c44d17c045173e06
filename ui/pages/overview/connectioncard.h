// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"

#include <QWidget>

class QPushButton;

namespace portreeve {

class Card;
class ProgressStrip;
class StatusBadge;
class TextLabel;

/// One connection on the overview: state, counts, last and next run in words, what it needs.
class ConnectionCard final : public QWidget
{
    Q_OBJECT

public:
    ConnectionCard(const AppContext& context, const QString& connectionId, QWidget* parent);

    QString connectionId() const { return m_id; }

    void refresh();

signals:
    void openRequested(const QString& connectionId);
    void reviewRequested(const QString& connectionId);
    void directoryRequested(const QString& connectionId);

private:
    void refreshProblem(const Connection& connection);
    void refreshProgress(const Connection& connection);

    AppContext m_context;
    QString m_id;
    Card* m_card;
    StatusBadge* m_badge;
    TextLabel* m_users;
    TextLabel* m_groups;
    TextLabel* m_last;
    TextLabel* m_next;
    TextLabel* m_problem;
    ProgressStrip* m_progress;
    QPushButton* m_review;
    QPushButton* m_sync;
    QPushButton* m_directory;
    QPushButton* m_open;
};

} // namespace portreeve
