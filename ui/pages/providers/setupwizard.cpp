// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/providers/setupwizard.h"

#include "core/connectors/registry.h"
#include "ui/models/connectionwatch.h"
#include "ui/pages/providers/connectionform.h"
#include "ui/pages/providers/plansummary.h"
#include "ui/pages/providers/providerpicker.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/focusreturn.h"
#include "ui/widgets/progressstrip.h"
#include "ui/widgets/testpanel.h"
#include "ui/widgets/textlabel.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kUnsavedId = u"unsaved"_s; // of a draft under test that is not stored yet

} // namespace

SetUpWizard::SetUpWizard(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_title(makeTitle({}, this))
    , m_hint(makeMutedLabel({}, this))
    , m_stack(new QStackedWidget(this))
    , m_picker(new ProviderPicker(this))
    , m_scroll(new QScrollArea(this))
    , m_summary(new PlanSummary(this))
    , m_progress(new ProgressStrip(this))
    , m_error(new ErrorPanel(this))
    , m_report(new TestPanel(this))
    , m_cancel(new QPushButton(tr("Canc&el"), this))
    , m_saveDraft(new QPushButton(tr("F&inish later"), this))
    , m_test(new QPushButton(theme::icon(u"test"_s), tr("&Test connection"), this))
    , m_back(new QPushButton(tr("&Back"), this))
    , m_next(new QPushButton(this))
{
    setObjectName(u"setUpWizard"_s);
    m_cancel->setObjectName(u"wizardCancel"_s);
    m_saveDraft->setObjectName(u"wizardLater"_s);
    m_test->setObjectName(u"wizardTest"_s);
    m_back->setObjectName(u"wizardBack"_s);
    m_next->setObjectName(u"wizardNext"_s);
    m_next->setDefault(true);
    new FocusReturn({ m_test, m_next }, this);
    m_title->setObjectName(u"wizardTitle"_s);
    buildSteps();
    connectSync();
    connect(m_picker, &QListWidget::itemActivated, this, &SetUpWizard::goForward);
    connect(m_cancel, &QPushButton::clicked, this, &SetUpWizard::left);
    connect(m_saveDraft, &QPushButton::clicked, this, [this] {
        saveDraft([this](bool saved) {
            if (saved) {
                emit left();
            }
        });
    });
    connect(m_test, &QPushButton::clicked, this, &SetUpWizard::test);
    connect(m_back, &QPushButton::clicked, this, &SetUpWizard::goBack);
    connect(m_next, &QPushButton::clicked, this, &SetUpWizard::goForward);
    connect(m_progress, &ProgressStrip::cancelRequested, this,
        [this] { m_context.sync.cancel(m_draft.id.isEmpty() ? kUnsavedId : m_draft.id); });
}

void SetUpWizard::buildSteps()
{
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_stack->addWidget(m_picker);
    m_stack->addWidget(m_scroll);
    m_stack->addWidget(m_summary);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_saveDraft);
    buttons->addStretch(1);
    buttons->addWidget(m_test);
    buttons->addWidget(m_back);
    buttons->addWidget(m_next);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(5), theme::spacing(4), theme::spacing(5), theme::spacing(4));
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_title);
    layout->addWidget(m_hint);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_error);
    layout->addWidget(m_report);
    layout->addLayout(buttons);
}

void SetUpWizard::connectSync()
{
    const auto isOurs = [this](const QString& id) {
        return isVisible() && (id == m_draft.id || (m_draft.id.isEmpty() && id == kUnsavedId));
    };
    connect(&m_context.sync, &SyncService::runProgressed, this,
        [this, isOurs](const QString& id, const RunProgress& now) {
            if (isOurs(id)) {
                m_progress->setProgress(now);
            }
        });
    connect(&m_context.sync, &SyncService::testFinished, this,
        [this, isOurs](const QString& id, const Result<TestReport>& report) {
            if (!isOurs(id)) {
                return;
            }
            m_busy = false;
            m_progress->finish();
            if (report && report->passed() && m_previewAfterTest) {
                startPreview();
            } else if (report) {
                m_report->setReport(*report);
            } else {
                m_report->setError(report.error());
            }
            m_previewAfterTest = false;
            refreshButtons();
        });
    connect(&m_context.sync, &SyncService::planFinished, this,
        [this, isOurs](const QString& id, const Result<SyncPlan>& plan) {
            if (!isOurs(id) || m_step != Preview) {
                return;
            }
            m_busy = false;
            m_progress->finish();
            if (plan) {
                m_plan = *plan;
                m_summary->setPlan(*plan);
                m_summary->show();
            } else {
                m_error->setError(plan.error());
            }
            refreshButtons();
            // What led here is gone from sight, and the focus went wherever there was room.
            const QWidget* now = window()->focusWidget();
            if (plan && (now == nullptr || isAncestorOf(now))) {
                m_next->setFocus();
            }
        });
}

void SetUpWizard::focusForm()
{
    m_form->findChild<QWidget*>(u"name"_s)->setFocus();
}

void SetUpWizard::startNew()
{
    m_draft = {};
    goTo(Choose);
    m_picker->setFocus();
}

void SetUpWizard::resume(const Connection& draft)
{
    const auto* connector = findConnector(draft.provider);
    if (connector == nullptr) {
        return;
    }
    m_draft = draft;
    showForm(*connector, draft);
    goTo(Configure);
}

bool SetUpWizard::hasUnsavedChanges() const
{
    return m_step == Configure && m_form != nullptr && m_form->isDirty();
}

void SetUpWizard::saveDraft(const std::function<void(bool)>& done)
{
    if (m_step != Configure) {
        done(true);
        return;
    }
    m_busy = true;
    refreshButtons();
    ConnectionEdit edit = m_form->edit();
    edit.connection.id = m_draft.id;
    storeConnection(m_context, edit).then(this, [this, done](const Result<Connection>& stored) {
        m_busy = false;
        if (stored) {
            m_draft = *stored;
            m_form->setConnection(*stored);
            m_context.connections.refresh();
        } else {
            showProblem(stored.error());
        }
        refreshButtons();
        done(stored.hasValue());
    });
}

void SetUpWizard::goTo(Step step)
{
    m_step = step;
    m_plan.reset();
    m_error->clear();
    m_report->clear();
    m_progress->finish();
    m_busy = false;
    m_stack->setCurrentIndex(step);
    m_summary->setVisible(step != Preview);
    switch (step) {
    case Choose:
        m_title->setText(tr("Add identity provider"));
        m_hint->setText(tr("Step 1 of 3. Where do your people and groups come from?"));
        break;
    case Configure:
        m_title->setText(tr("Connect %1").arg(m_form->connection().name));
        m_hint->setText(
            tr("Step 2 of 3. Nothing is read before you test or preview, and nothing is stored "
               "before you accept the preview."));
        break;
    case Preview:
        m_title->setText(tr("First sync of %1").arg(m_draft.name));
        m_hint->setText(tr("Step 3 of 3. Look at the numbers, then start."));
        break;
    }
    refreshButtons();
}

void SetUpWizard::goBack()
{
    if (m_step == Preview) {
        m_context.sync.cancel(m_draft.id);
        goTo(Configure);
        focusForm();
    } else {
        goTo(Choose);
        m_picker->setFocus();
    }
}

void SetUpWizard::goForward()
{
    switch (m_step) {
    case Choose:
        if (const auto* connector = m_picker->current()) {
            const Connection fresh { .name
                = QCoreApplication::translate("Connector", connector->name),
                .provider = connector->id };
            showForm(*connector, m_draft.provider == connector->id ? m_draft : fresh);
            m_draft = m_form->connection();
            goTo(Configure);
            focusForm();
        }
        return;
    case Configure:
        saveAndTest();
        return;
    case Preview:
        acceptPlan();
        return;
    }
}

void SetUpWizard::saveAndTest()
{
    if (!checkForm()) {
        return;
    }
    saveDraft([this](bool saved) {
        if (saved) {
            m_previewAfterTest = true;
            test();
        }
    });
}

void SetUpWizard::showForm(const ConnectorDescriptor& connector, const Connection& connection)
{
    delete m_scroll->takeWidget();
    m_form = new ConnectionForm(connector, ConnectionForm::Extent::SetUp, this);
    m_form->setConnection(connection);
    m_scroll->setWidget(m_form);
}

bool SetUpWizard::checkForm()
{
    if (m_form->check()) {
        return true;
    }
    auto* wrong = m_form->firstInvalid();
    m_scroll->ensureWidgetVisible(wrong);
    wrong->setFocus();
    return false;
}

void SetUpWizard::test()
{
    if (!checkForm()) {
        return;
    }
    m_report->clear();
    m_error->clear();
    ConnectionEdit edit = m_form->edit();
    edit.connection.id = m_draft.id.isEmpty() ? kUnsavedId : m_draft.id;
    m_busy = true;
    m_progress->start(tr("Testing %1").arg(edit.connection.name));
    refreshButtons();
    m_context.sync.test({ .connection = edit.connection, .typedSecrets = edit.typedSecrets });
}

void SetUpWizard::startPreview()
{
    goTo(Preview);
    m_busy = true;
    m_progress->start(tr("Reading %1").arg(m_draft.name));
    refreshButtons();
    m_context.sync.plan(m_draft.id);
}

void SetUpWizard::acceptPlan()
{
    if (!m_plan) {
        startPreview();
        return;
    }
    m_context.sync.applyPlan(*m_plan, std::nullopt);
    emit finished(m_draft.id);
}

void SetUpWizard::showProblem(const Error& error)
{
    if (m_form != nullptr && m_form->showError(error)) {
        m_scroll->ensureWidgetVisible(m_form->firstInvalid());
        m_form->firstInvalid()->setFocus();
    } else {
        m_error->setError(error);
    }
}

void SetUpWizard::refreshButtons()
{
    m_saveDraft->setVisible(m_step == Configure);
    m_test->setVisible(m_step == Configure);
    m_back->setVisible(m_step == Preview || (m_step == Configure && m_draft.id.isEmpty()));
    m_cancel->setText(m_draft.id.isEmpty() ? tr("Canc&el") : tr("Clos&e"));
    m_saveDraft->setEnabled(!m_busy);
    m_test->setEnabled(!m_busy);
    m_next->setEnabled(!m_busy);
    switch (m_step) {
    case Choose:
        m_next->setText(tr("&Next"));
        break;
    case Configure:
        m_next->setText(tr("&Preview first sync"));
        break;
    case Preview:
        m_next->setText(m_plan || m_busy ? tr("Sta&rt syncing") : tr("Try agai&n"));
        break;
    }
}

} // namespace portreeve
