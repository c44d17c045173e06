// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/pages/providers/connectionwrites.h"

#include <QWidget>

#include <functional>
#include <optional>

class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace portreeve {

class ConnectionForm;
class ErrorPanel;
class PlanSummary;
class ProgressStrip;
class ProviderPicker;
class TestPanel;
class TextLabel;
struct ConnectorDescriptor;

/// Choose a provider, set it up, test it, look at what the first sync would bring, start. What was
/// saved stays as a draft when the wizard is left, and can be continued.
class SetUpWizard final : public QWidget
{
    Q_OBJECT

public:
    SetUpWizard(const AppContext& context, QWidget* parent);

    void startNew();
    void resume(const Connection& draft);

    bool hasUnsavedChanges() const;
    void saveDraft(const std::function<void(bool)>& done);

signals:
    void left(); ///< cancelled, or saved for later
    void finished(const QString& connectionId); ///< the first sync has begun

private:
    enum Step { Choose, Configure, Preview };

    void buildSteps();
    void connectSync();
    void goTo(Step step);
    void focusForm(); ///< at its first field
    void goBack();
    void goForward();
    void showForm(const ConnectorDescriptor& connector, const Connection& connection);
    bool checkForm();
    void saveAndTest();
    void test();
    void startPreview();
    void acceptPlan();
    void showProblem(const Error& error);
    void refreshButtons();

    AppContext m_context;
    Step m_step = Choose;
    Connection m_draft;
    std::optional<SyncPlan> m_plan;
    bool m_previewAfterTest = false;
    bool m_busy = false;
    TextLabel* m_title;
    TextLabel* m_hint;
    QStackedWidget* m_stack;
    ProviderPicker* m_picker;
    QScrollArea* m_scroll;
    ConnectionForm* m_form = nullptr;
    PlanSummary* m_summary;
    ProgressStrip* m_progress;
    ErrorPanel* m_error;
    TestPanel* m_report;
    QPushButton* m_cancel;
    QPushButton* m_saveDraft;
    QPushButton* m_test;
    QPushButton* m_back;
    QPushButton* m_next;
};

} // namespace portreeve
