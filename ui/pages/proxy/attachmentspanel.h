// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "ui/models/appcontext.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace portreeve {

class AttachmentsModel;
class EmptyState;
class MessageBar;
class TableView;

/// Policies of ours on routes of others at one target, and the way to attach and detach one.
class AttachmentsPanel final : public QWidget
{
    Q_OBJECT

public:
    AttachmentsPanel(const AppContext& context, QWidget* parent);

    void showTarget(const QString& targetId);
    void refresh();

    /// Whether the target can be asked for its routes at all.
    void setAttachingEnabled(bool isEnabled);

private:
    void askWhatToAttach();
    void detach();
    void showAnswer(const Result<AttachedPolicy>& answer);
    void refreshButtons();

    AppContext m_context;
    QString m_targetId;
    AttachmentsModel* m_model;
    MessageBar* m_message;
    QStackedWidget* m_stack;
    TableView* m_table;
    EmptyState* m_empty;
    QPushButton* m_attach;
    QPushButton* m_detach;
    bool m_canAttach = false;
    int m_request = 0;
};

} // namespace portreeve
