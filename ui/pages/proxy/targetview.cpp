// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/targetview.h"

#include "core/proxy/targetoptions.h"
#include "ui/forms/optionsform.h"
#include "ui/models/capabilitiesmodel.h"
#include "ui/models/targetboard.h"
#include "ui/models/targettext.h"
#include "ui/pages/proxy/attachmentspanel.h"
#include "ui/pages/proxy/deliverypreview.h"
#include "ui/pages/proxy/pushhistorypanel.h"
#include "ui/widgets/commitbar.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/focusreturn.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/progressstrip.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/testpanel.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

enum Tab { PreviewTab, HistoryTab, AttachmentsTab, CapabilitiesTab, SettingsTab };

const QString kNameKey = u"name"_s;

std::vector<FieldDescriptor> identityFields()
{
    return { { .key = kNameKey,
        .label = QT_TRANSLATE_NOOP("Connector", "&Name"),
        .help = QT_TRANSLATE_NOOP("Connector", "Shown in lists. 1 to 64 characters, unique."),
        .required = true,
        .pattern = u"^.{1,64}$"_s,
        .example = u"Office"_s } };
}

/// What the fields alone cannot say: a channel that misses what it needs.
std::vector<FieldProblem> checkOptions(
    const OptionValues& values, const std::vector<QString>& present)
{
    auto problems = validate(targetFields(), values, present);
    if (!problems.empty()) {
        return problems;
    }
    const auto read = readTargetOptions({ .options = values, .storedSecrets = present });
    if (!read) {
        problems.push_back({ .key = read.error().field,
            .what = read.error().what,
            .remedy = read.error().remedy });
    }
    return problems;
}

} // namespace

TargetView::TargetView(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_title(makeTitle({}, this))
    , m_facts(makeMutedLabel({}, this))
    , m_badge(new StatusBadge(this))
    , m_compare(new QPushButton(theme::icon(u"changes"_s), tr("&Compare"), this))
    , m_test(new QPushButton(theme::icon(u"test"_s), tr("&Test connection"), this))
    , m_join(new QPushButton(theme::icon(u"user"_s), tr("Check s&ign-ins"), this))
    , m_block(new QPushButton(theme::icon(u"stop"_s), tr("&Block now…"), this))
    , m_enable(new QPushButton(this))
    , m_remove(new QPushButton(theme::icon(u"remove"_s), tr("Re&move…"), this))
    , m_message(new MessageBar(this))
    , m_progress(new ProgressStrip(this))
    , m_error(new ErrorPanel(this))
    , m_report(new TestPanel(this))
    , m_tabs(new QTabWidget(this))
    , m_preview(new DeliveryPreview(this))
    , m_attachments(new AttachmentsPanel(context, this))
    , m_capabilities(new CapabilitiesModel(this))
    , m_history(new PushHistoryPanel(context, this))
    , m_scroll(new QScrollArea(this))
    , m_identity(new OptionsForm(identityFields(), {}, this))
    , m_options(new OptionsForm(targetFields(), checkOptions, this))
    , m_commit(new CommitBar(this))
{
    setObjectName(u"targetView"_s);
    m_compare->setObjectName(u"compareButton"_s);
    m_test->setObjectName(u"testTarget"_s);
    m_join->setObjectName(u"joinButton"_s);
    m_block->setObjectName(u"blockNowButton"_s);
    m_enable->setObjectName(u"enableTarget"_s);
    m_remove->setObjectName(u"removeTarget"_s);
    m_join->setToolTip(tr("Whether the people who sign in are those of the directory"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    buildHeader(layout);
    m_tabs->setObjectName(u"targetTabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the proxy"));
    m_tabs->insertTab(PreviewTab, m_preview, tr("&Preview"));
    m_tabs->insertTab(HistoryTab, m_history, tr("Deliveries"));
    m_tabs->insertTab(AttachmentsTab, m_attachments, tr("Routes of others"));
    m_tabs->insertTab(CapabilitiesTab, buildCapabilities(), tr("What it can do"));
    m_tabs->insertTab(SettingsTab, buildSettings(), tr("Settings"));
    auto* tabs = new QVBoxLayout;
    tabs->setContentsMargins(theme::spacing(5), 0, theme::spacing(5), 0);
    tabs->addWidget(m_tabs);
    layout->addLayout(tabs, 1);
    layout->addWidget(m_commit);
    connectParts();
    connectAnswers();
}

void TargetView::buildHeader(QVBoxLayout* layout)
{
    auto* titleLine = new QHBoxLayout;
    titleLine->setSpacing(theme::spacing(3));
    titleLine->addWidget(m_title);
    titleLine->addWidget(m_badge);
    titleLine->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    for (auto* button : { m_compare, m_test, m_join, m_block, m_enable }) {
        buttons->addWidget(button);
    }
    new FocusReturn({ m_compare, m_test, m_join, m_block, m_enable }, this);
    buttons->addStretch(1);
    buttons->addWidget(m_remove);
    auto* header = new QVBoxLayout;
    header->setContentsMargins(
        theme::spacing(5), theme::spacing(4), theme::spacing(5), theme::spacing(3));
    header->setSpacing(theme::spacing(2));
    header->addLayout(titleLine);
    header->addWidget(m_facts);
    header->addLayout(buttons);
    header->addWidget(m_message);
    header->addWidget(m_progress);
    header->addWidget(m_error);
    header->addWidget(m_report);
    layout->addLayout(header);
}

QWidget* TargetView::buildSettings()
{
    auto* page = new QWidget(this);
    page->setMaximumWidth(theme::formWidth());
    auto* card = new Card(tr("Proxy"), page);
    card->setSubtitle(tr("A proxy that is kept in step with the directory and the policies."));
    card->body()->setSpacing(theme::spacing(3));
    card->body()->addWidget(m_identity);
    card->body()->addWidget(m_options);
    const int width = std::max(m_identity->labelWidth(), m_options->labelWidth());
    m_identity->setLabelWidth(width);
    m_options->setLabelWidth(width);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, theme::spacing(3), 0, theme::spacing(4));
    layout->addWidget(card);
    layout->addStretch(1);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidget(page);
    return m_scroll;
}

void TargetView::connectParts()
{
    connect(m_compare, &QPushButton::clicked, this, &TargetView::showPreview);
    connect(m_test, &QPushButton::clicked, this, &TargetView::test);
    connect(m_join, &QPushButton::clicked, this, [this] {
        m_report->clear();
        m_context.deliveries.checkJoin(m_target.id);
    });
    connect(m_block, &QPushButton::clicked, this, &TargetView::openBlocking);
    connect(m_enable, &QPushButton::clicked, this, &TargetView::toggleEnabled);
    connect(m_remove, &QPushButton::clicked, this, &TargetView::askRemoval);
    connect(m_progress, &ProgressStrip::cancelRequested, this,
        [this] { m_context.deliveries.cancel(m_target.id); });
    connect(m_preview, &DeliveryPreview::planRequested, this, &TargetView::plan);
    connect(m_preview, &DeliveryPreview::deliverRequested, this,
        [this](const QString& hash, bool isHeldAllowed, DeliveryChoices::Foreign foreign) {
            m_context.deliveries.push({ .targetId = m_target.id,
                .planHash = hash,
                .allowHeld = isHeldAllowed ? hash : QString(),
                .choices = { .foreign = foreign } });
        });
    for (auto* form : { m_identity, m_options }) {
        connect(form, &OptionsForm::edited, this, [this] {
            m_commit->setDirty(hasUnsavedChanges());
            showCommitBar();
            m_commit->setProblem({});
        });
    }
    connect(m_tabs, &QTabWidget::currentChanged, this, &TargetView::showCommitBar);
    m_commit->takeSaveKeys(this);
    m_commit->setPlaceAfter(m_tabs->tabBar());
    connect(m_commit, &CommitBar::saveRequested, this, [this] { save([](bool) { }); });
    connect(m_commit, &CommitBar::discardRequested, this, &TargetView::discard);
}

// Beside what it is about, and wherever something waits to be saved.
void TargetView::showCommitBar()
{
    m_commit->setVisible(m_tabs->currentIndex() == SettingsTab || hasUnsavedChanges());
}

void TargetView::connectAnswers()
{
    const auto isShown = [this](const QString& id) { return id == m_target.id; };
    connect(&m_context.deliveries, &DeliveryService::testFinished, this,
        [this, isShown](const QString& id, const Result<TargetReport>& report) {
            if (!isShown(id)) {
                return;
            }
            if (!report) {
                m_report->setError(report.error());
                return;
            }
            m_report->setSteps(report->steps, {}, report->failure);
            if (const auto& fault = report->failure) {
                const QString text = fault->what.translated() + u' ' + fault->remedy.translated();
                m_options->showProblem(fault->field, text);
            }
            m_measured = report->measured;
            refreshButtons();
            refreshCapabilities();
        });
    connect(&m_context.deliveries, &DeliveryService::joinFinished, this,
        [this, isShown](const QString& id, const Result<JoinReport>& report) {
            if (isShown(id)) {
                showJoin(report);
            }
        });
    connect(&m_context.deliveries, &DeliveryService::pushFinished, this,
        [this, isShown](const QString& id, const Result<DeliveryOutcome>& outcome) {
            if (!isShown(id)) {
                return;
            }
            m_history->refresh();
            m_attachments->refresh();
            if (outcome && outcome->push && outcome->push->outcome == PushOutcome::Succeeded) {
                m_message->showMessage(MessageBar::Kind::Success,
                    outcome->confirmed
                        ? tr("Delivered, and seen to have arrived.")
                        : tr("Delivered. Whether the proxy obeys could not be seen."));
            }
        });
    connect(
        &m_context.targets, &TargetBoard::workChanged, this, [this, isShown](const QString& id) {
            if (isShown(id)) {
                refreshWork();
            }
        });
    connect(
        &m_context.targets, &TargetBoard::planChanged, this, [this, isShown](const QString& id) {
            if (isShown(id)) {
                refresh();
            }
        });
    connect(&m_context.targets, &TargetBoard::targetsChanged, this, &TargetView::refresh);
}

void TargetView::showTarget(const QString& targetId)
{
    const ProxyTarget* target = m_context.targets.find(targetId);
    if (target == nullptr || (!m_isNew && targetId == m_target.id)) {
        return;
    }
    m_isNew = false;
    m_target = *target;
    m_measured = {};
    m_message->dismiss();
    m_report->clear();
    m_progress->finish();
    m_preview->forgetChoice();
    m_history->showTarget(targetId);
    m_attachments->showTarget(targetId);
    m_tabs->setCurrentIndex(PreviewTab);
    fillForm();
    refresh();
}

void TargetView::startNew()
{
    m_isNew = true;
    m_target = {};
    m_measured = {};
    m_message->dismiss();
    m_report->clear();
    m_progress->finish();
    m_error->clear();
    m_history->showTarget({});
    m_attachments->showTarget({});
    m_preview->setPlan(nullptr, false);
    m_tabs->setCurrentIndex(SettingsTab);
    fillForm();
    refresh();
    m_identity->findChild<QWidget*>(kNameKey)->setFocus();
}

void TargetView::refresh()
{
    if (!m_isNew) {
        const ProxyTarget* target = m_context.targets.find(m_target.id);
        if (target == nullptr) {
            return;
        }
        m_target = *target;
    }
    m_title->setText(m_isNew ? tr("New proxy") : m_target.name);
    m_badge->setVisible(!m_isNew);
    m_badge->setStatus(targetStateIconName(m_target.state), targetStateRole(m_target.state),
        targetStateText(m_target.state));
    m_facts->setText(facts());
    if (!m_isNew) {
        const auto options = readTargetOptions(m_target);
        m_preview->setTargetName(m_target.name);
        m_preview->setPlan(m_context.targets.plan(m_target.id), options && options->readOnly);
    }
    refreshWork();
    refreshCapabilities();
    if (!hasUnsavedChanges() && !m_isSaving) {
        fillForm();
    }
}

QString TargetView::facts() const
{
    if (m_isNew) {
        return tr("Fill in how the proxy can be reached, test it, and save.");
    }
    QStringList parts;
    if (!m_target.serverVersion.isEmpty()) {
        parts << tr("%1 %2").arg(m_target.serverKind, m_target.serverVersion).trimmed();
    }
    const auto now = m_context.clock.nowUtc();
    parts << (m_target.lastSuccessAt
            ? tr("Last delivery %1").arg(relativeTime(*m_target.lastSuccessAt, now))
            : tr("Never delivered to"));
    // An error stands in full below.
    if (!m_target.stateReason.isEmpty() && !m_target.lastError) {
        parts << m_target.stateReason.translated();
    }
    return parts.join(u" · "_s);
}

void TargetView::refreshWork()
{
    const auto work = m_context.targets.work(m_target.id);
    if (work && !m_isNew) {
        const QString title = deliveryTaskText(work->task);
        if (!m_progress->isActive()) {
            m_progress->start(title);
        }
        const bool counts = work->progress.phase == DeliveryProgress::Phase::Writing;
        m_progress->setProgress(deliveryPhaseText(work->progress.phase),
            { .done = work->progress.done, .total = counts ? work->progress.total : -1 });
    } else {
        m_progress->finish();
    }
    const auto failed = m_context.targets.error(m_target.id);
    m_error->setError(m_isNew ? std::nullopt : failed ? failed : m_target.lastError);
    refreshButtons();
}

void TargetView::refreshButtons()
{
    const bool isBusy = m_context.targets.work(m_target.id).has_value();
    const bool isDisabled = m_target.state == TargetState::Disabled;
    const auto options = readTargetOptions(m_target);
    const bool hasRecords = options && options->directoryChannel == DirectoryChannel::Databroker;
    const bool hasEntities = options && options->writesEntities();
    const bool canAttach = options && options->attachesToOthers();
    m_compare->setVisible(!m_isNew);
    m_compare->setEnabled(!isBusy && !isDisabled);
    m_preview->setBusy(isBusy);
    m_test->setEnabled(!isBusy);
    m_join->setVisible(!m_isNew && hasRecords);
    m_join->setEnabled(!isBusy && !isDisabled);
    const auto canBlock = options ? requireFeature(TargetFeature::BlockNow, *options, m_measured)
                                  : Result<void>(options.error());
    m_block->setVisible(!m_isNew && hasEntities);
    m_block->setEnabled(!isBusy && !isDisabled && canBlock && !options->readOnly);
    m_block->setToolTip(canBlock ? tr("Lock somebody out of every managed route at once")
                                 : canBlock.error().what.translated());
    m_enable->setVisible(!m_isNew);
    m_enable->setText(isDisabled ? tr("&Enable") : tr("Disabl&e"));
    m_enable->setIcon(theme::icon(isDisabled ? u"play"_s : u"pause"_s));
    m_remove->setVisible(!m_isNew);
    m_tabs->setTabEnabled(PreviewTab, !m_isNew);
    m_tabs->setTabEnabled(HistoryTab, !m_isNew);
    m_tabs->setTabVisible(AttachmentsTab, !m_isNew && canAttach);
    m_attachments->setAttachingEnabled(!isDisabled && canAttach && !options->readOnly);
}

void TargetView::showPreview()
{
    m_tabs->setCurrentIndex(PreviewTab);
    plan(m_preview->foreignChoice());
}

void TargetView::fillForm()
{
    m_identity->setValues({ { kNameKey, m_target.name } }, {});
    m_options->setValues(m_target.options, m_target.storedSecrets);
    m_commit->setDirty(false);
    showCommitBar();
    m_commit->setProblem({});
}

TargetEdit TargetView::edit() const
{
    TargetEdit edit { .target = m_target,
        .secrets = { .typed = m_options->typedSecrets(), .removed = m_options->removedSecrets() } };
    edit.target.name = m_identity->values().value(kNameKey);
    edit.target.options = m_options->values();
    return edit;
}

bool TargetView::checkForm()
{
    const bool isRight = m_identity->check() && m_options->check();
    if (!isRight) {
        m_tabs->setCurrentIndex(SettingsTab);
        auto* wrong = m_identity->firstInvalid() != nullptr ? m_identity->firstInvalid()
                                                            : m_options->firstInvalid();
        m_scroll->ensureWidgetVisible(wrong);
        wrong->setFocus();
    }
    return isRight;
}

bool TargetView::hasUnsavedChanges() const
{
    return m_identity->isDirty() || m_options->isDirty();
}

QString TargetView::unsavedName() const
{
    return m_isNew ? tr("The new proxy") : tr("“%1”").arg(m_target.name);
}

void TargetView::save(const std::function<void(bool)>& done)
{
    if (m_isSaving) {
        done(false);
        return;
    }
    if (!checkForm()) {
        m_commit->setProblem(tr("Not saved: a field is not right yet."));
        done(false);
        return;
    }
    m_isSaving = true;
    m_commit->setBusy(true);
    storeTarget(m_context, edit()).then(this, [this, done](const Result<ProxyTarget>& result) {
        m_isSaving = false;
        m_commit->setBusy(false);
        if (!result) {
            showProblem(result.error());
            done(false);
            return;
        }
        m_isNew = false;
        m_target = *result;
        fillForm();
        m_message->showMessage(MessageBar::Kind::Success, tr("“%1” is saved.").arg(m_target.name));
        m_context.targets.refresh();
        emit stored(m_target.id);
        done(true);
    });
}

void TargetView::showProblem(const Error& error)
{
    m_commit->setProblem(tr("Not saved."));
    m_tabs->setCurrentIndex(SettingsTab);
    const QString text = error.what.translated() + u' ' + error.remedy.translated();
    if (!m_identity->showProblem(error.field, text) && !m_options->showProblem(error.field, text)) {
        m_message->showError(error);
    }
}

} // namespace portreeve
