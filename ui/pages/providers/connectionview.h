// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/pages/providers/connectionwrites.h"

#include <QWidget>

#include <functional>

class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace portreeve {

class CommitBar;
class ConnectionForm;
class ErrorPanel;
class MessageBar;
class ProgressStrip;
class StatusBadge;
class TestPanel;
class TextLabel;

/// One connection: its state and last error beside the settings that cause them, and everything
/// that can be done with it.
class ConnectionView final : public QWidget
{
    Q_OBJECT

public:
    ConnectionView(const AppContext& context, QWidget* parent);

    /// Shows another connection; unsaved changes of the one before are dropped.
    void showConnection(const QString& connectionId);

    QString connectionId() const { return m_id; }

    /// After a change in the store or a run: refreshes what is not being edited.
    void refresh();

    bool hasUnsavedChanges() const;
    void save(const std::function<void(bool)>& done);
    void discard();

signals:
    void setUpRequested(const QString& connectionId); ///< a draft is to be continued
    void planRequested(const QString& connectionId); ///< to the Changes page
    void removed(const QString& connectionId);

private:
    void buildHeader(QVBoxLayout* layout);
    void connectParts();
    void refreshButtons(const Connection& connection);
    void replaceForm(const Connection& connection);
    void showProblem(const Error& error);
    void test();
    void toggleEnabled();
    void askRemoval();
    void confirmRemoval(const Connection& connection, const access::ConnectionRemoval& removal);

    AppContext m_context;
    QString m_id;
    ConnectionForm* m_form = nullptr;
    TextLabel* m_title;
    TextLabel* m_facts;
    StatusBadge* m_badge;
    QPushButton* m_preview;
    QPushButton* m_sync;
    QPushButton* m_test;
    QPushButton* m_enable;
    QPushButton* m_remove;
    MessageBar* m_message;
    ProgressStrip* m_progress;
    ErrorPanel* m_error;
    TestPanel* m_report;
    QScrollArea* m_scroll;
    CommitBar* m_commit;
    bool m_saving = false;
};

} // namespace portreeve
