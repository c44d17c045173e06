// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "ui/models/appcontext.h"
#include "ui/pages/proxy/targetwrites.h"

#include <QWidget>

#include <functional>

class QPushButton;
class QScrollArea;
class QTabWidget;
class QVBoxLayout;

namespace portreeve {

class AttachmentsPanel;
class CapabilitiesModel;
class CommitBar;
class DeliveryPreview;
class ErrorPanel;
class MessageBar;
class OptionsForm;
class ProgressStrip;
class PushHistoryPanel;
class StatusBadge;
class TestPanel;
class TextLabel;

/// One target: how it stands, what would be delivered, what was, and its settings.
class TargetView final : public QWidget
{
    Q_OBJECT

public:
    TargetView(const AppContext& context, QWidget* parent);

    /// Shows another target; unsaved changes of the one before are dropped.
    void showTarget(const QString& targetId);

    /// An empty form for a target that is not stored yet.
    void startNew();

    QString targetId() const { return m_target.id; } ///< empty for a new one

    bool isNew() const { return m_isNew; }

    /// After a change in the store or a task: refreshes what is not being edited.
    void refresh();

    void showPreview(); ///< brings the preview into view and compares

    bool hasUnsavedChanges() const;
    QString unsavedName() const;
    void save(const std::function<void(bool)>& done);
    void discard();

signals:
    void stored(const QString& targetId); ///< a new target has its id now
    void left(); ///< a new target was given up
    void removed();

private:
    void buildHeader(QVBoxLayout* layout);
    void connectParts();
    void connectAnswers();
    void showCommitBar();
    QWidget* buildSettings();
    QWidget* buildCapabilities();
    QString facts() const;
    void refreshWork();
    void refreshButtons();
    void refreshCapabilities();
    void fillForm();
    TargetEdit edit() const;
    bool checkForm();
    void showProblem(const Error& error);
    void test();
    void plan(DeliveryChoices::Foreign foreign);
    void toggleEnabled();
    void askRemoval();
    void openBlocking();
    void showJoin(const Result<JoinReport>& report);

    AppContext m_context;
    ProxyTarget m_target;
    bool m_isNew = false;
    bool m_isSaving = false;
    TextLabel* m_title;
    TextLabel* m_facts;
    StatusBadge* m_badge;
    QPushButton* m_compare;
    QPushButton* m_test;
    QPushButton* m_join;
    QPushButton* m_block;
    QPushButton* m_enable;
    QPushButton* m_remove;
    MessageBar* m_message;
    ProgressStrip* m_progress;
    ErrorPanel* m_error;
    TestPanel* m_report;
    QTabWidget* m_tabs;
    DeliveryPreview* m_preview;
    AttachmentsPanel* m_attachments;
    CapabilitiesModel* m_capabilities;
    MeasuredCapabilities m_measured; // by the last test of this target
    PushHistoryPanel* m_history;
    QScrollArea* m_scroll;
    OptionsForm* m_identity;
    OptionsForm* m_options;
    CommitBar* m_commit;
};

} // namespace portreeve
