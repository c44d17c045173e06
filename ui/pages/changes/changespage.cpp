// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/changes/changespage.h"

#include "ui/models/changetext.h"
#include "ui/models/runsmodel.h"
#include "ui/models/workmodel.h"
#include "ui/pages/changes/heldview.h"
#include "ui/pages/changes/planview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/focusreturn.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/progressstrip.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kAccessTab = 1;
constexpr int kHeldTab = 2;
constexpr int kNotesTab = 3;
constexpr int kShownOfHash = 12;

} // namespace

ChangesPage::ChangesPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_board(context)
{
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->addWidget(makeSide());
    split->addWidget(makeMain());
    split->setStretchFactor(1, 1);
    const int unit = fontMetrics().averageCharWidth();
    split->setSizes({ unit * 54, unit * 130 });
    auto* layout = new QVBoxLayout(this);
    const int margin = theme::spacing(4);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(makeTitle(tr("Changes"), this));
    layout->addWidget(split, 1);
    connectBoard();
    select({});
}

QWidget* ChangesPage::makeSide()
{
    m_sideStack = new QStackedWidget(this);
    m_workModel = new WorkModel(m_board, this);
    m_works = new TableView(u"changesConnections"_s, m_sideStack);
    m_works->setObjectName(u"connections"_s);
    m_works->setAccessibleName(tr("Connections"));
    m_works->setSelectionMode(QAbstractItemView::SingleSelection);
    m_works->setRowsModel(m_workModel);
    m_noConnections = new EmptyState(m_sideStack);
    m_noConnections->setContent({ .icon = u"providers"_s,
        .title = tr("No connections yet"),
        .text = tr("Changes appear here once a connection is set up."),
        .buttonText = tr("Add identity provider") });
    m_sideStack->addWidget(m_works);
    m_sideStack->addWidget(m_noConnections);
    connect(m_works, &TableView::currentRowChanged, this, [this](std::optional<Row> row) {
        if (row && m_workModel->rowKey(*row) != m_current) {
            select(m_workModel->rowKey(*row));
        }
    });
    connect(m_noConnections, &EmptyState::actionRequested, this,
        [this] { emit navigationRequested(u"providers"_s, u"add"_s); });
    return m_sideStack;
}

QWidget* ChangesPage::makeMain()
{
    m_main = new QWidget(this);
    auto* main = m_main;
    auto* layout = new QVBoxLayout(main);
    layout->setContentsMargins(theme::spacing(3), 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    m_progress = new ProgressStrip(main);
    m_message = new MessageBar(main);
    m_trips = makeTextLabel({}, main);
    m_trips->setObjectName(u"trips"_s);
    m_trips->setRole(theme::Role::Held);
    m_outdated = makeTextLabel(
        tr("⚠ The directory has changed since this preview. Preview again before applying."), main);
    m_outdated->setObjectName(u"outdated"_s);
    m_outdated->setRole(theme::Role::Warning);
    m_error = new ErrorPanel(main);
    m_stack = new QStackedWidget(main);
    m_empty = new EmptyState(m_stack);
    makeTabs();
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_tabs);
    layout->addWidget(makeHead());
    connect(
        m_progress, &ProgressStrip::cancelRequested, this, [this] { m_board.cancel(m_current); });
    connect(m_empty, &EmptyState::actionRequested, m_preview, &QPushButton::click);
    layout->addWidget(m_progress);
    layout->addWidget(m_message);
    layout->addWidget(m_outdated);
    layout->addWidget(m_trips);
    layout->addWidget(m_error);
    layout->addWidget(m_stack, 1);
    return main;
}

QWidget* ChangesPage::makeHead()
{
    auto* head = new QWidget(this);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::spacing(2));
    m_name = makeHeading({}, head);
    m_hash = makeMutedLabel({}, head);
    m_hash->setObjectName(u"planHash"_s);
    m_hash->setWordWrap(false);
    m_preview = new QPushButton(theme::icon(u"test"_s), tr("Previe&w"), head);
    m_preview->setObjectName(u"preview"_s);
    m_preview->setToolTip(tr("Reads the provider and shows what would change; changes nothing"));
    m_apply = new QPushButton(theme::icon(u"play"_s), tr("A&pply…"), head);
    m_apply->setObjectName(u"apply"_s);
    m_apply->setToolTip(tr("Writes exactly the changes shown"));
    row->addWidget(m_name);
    row->addWidget(m_hash, 1);
    row->addWidget(m_preview);
    row->addWidget(m_apply);
    new FocusReturn({ m_preview, m_apply }, this);
    connect(m_preview, &QPushButton::clicked, this, [this] { m_board.preview(m_current); });
    connect(m_apply, &QPushButton::clicked, this, &ChangesPage::askToApply);
    return head;
}

void ChangesPage::makeTabs()
{
    m_tabs = new QTabWidget(m_stack);
    m_tabs->setObjectName(u"tabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the preview"));
    m_planView = new PlanView(m_context.workers, m_tabs);
    auto* access = new QWidget(m_tabs);
    auto* accessLayout = new QVBoxLayout(access);
    accessLayout->setContentsMargins(0, theme::spacing(2), 0, 0);
    m_accessModel = new AccessChangesModel(this);
    m_access = new TableView(u"planAccess"_s, access);
    m_access->setObjectName(u"access"_s);
    m_access->setAccessibleName(tr("Access gained and lost"));
    m_access->setRowsModel(m_accessModel);
    m_noAccess = new EmptyState(access);
    m_noAccess->setContent({ .icon = u"access"_s,
        .title = tr("No one's access changes"),
        .text = tr("As far as the directory decides it, everybody reaches the same routes as "
                   "before.") });
    accessLayout->addWidget(m_access, 1);
    accessLayout->addWidget(m_noAccess, 1);
    m_held = new HeldView(m_context.workers, m_tabs);
    auto* notes = new QScrollArea(m_tabs);
    notes->setWidgetResizable(true);
    notes->setFrameShape(QFrame::NoFrame);
    m_notes = makeTextLabel({}, notes);
    m_notes->setObjectName(u"notes"_s);
    m_notes->setAlignment(Qt::AlignTop | Qt::AlignLeading);
    m_notes->setContentsMargins(0, theme::spacing(2), 0, 0);
    notes->setWidget(m_notes);
    m_tabs->addTab(m_planView, tr("Changes"));
    m_tabs->addTab(access, tr("Access"));
    m_tabs->addTab(m_held, tr("Held"));
    m_tabs->addTab(notes, tr("Notes"));
    connect(m_tabs, &QTabWidget::currentChanged, this,
        [this](int tab) { m_trips->setVisible(!m_trips->text().isEmpty() && tab != kHeldTab); });
    connect(m_held, &HeldView::approveRequested, this,
        [this](const HeldChoice& choice) { m_board.approve(m_current, choice); });
    connect(m_held, &HeldView::rejectRequested, this, [this] { m_board.reject(m_current); });
}

void ChangesPage::connectBoard()
{
    connect(&m_board, &ChangesBoard::reloaded, this, [this] {
        m_workModel->refresh();
        const bool any = m_workModel->rowCount() > 0;
        m_sideStack->setCurrentWidget(any ? static_cast<QWidget*>(m_works) : m_noConnections);
        m_main->setVisible(any);
        const QString target = m_wanted.isEmpty() ? m_current : std::exchange(m_wanted, {});
        if (any && (target.isEmpty() || m_board.work(target) == nullptr)) {
            select(m_board.order().front());
        } else if (any) {
            select(target);
        } else {
            select({});
        }
    });
    connect(&m_board, &ChangesBoard::changed, this, &ChangesPage::refresh);
    connect(&m_board, &ChangesBoard::failed, this, [this](const Error& error) {
        m_main->show(); // the message is in it
        m_message->showError(error);
    });
    connect(&m_board, &ChangesBoard::approvalOutdated, this, [this](const QString& id) {
        if (id == m_current) {
            m_message->showMessage(MessageBar::Kind::Warning,
                tr("Nothing was removed: the source now says something else than what you "
                   "approved. Look at the new preview and approve again."));
        }
    });
    connect(&m_board, &ChangesBoard::rejected, this, [this](const QString&, std::int64_t rows) {
        m_message->showMessage(MessageBar::Kind::Success,
            tr("%Ln row(s) stay until the provider lists them again.", nullptr,
                static_cast<int>(rows)));
    });
}

QWidget* ChangesPage::searchField() const
{
    return m_planView->searchField();
}

void ChangesPage::activate()
{
    m_board.reload();
}

void ChangesPage::open(const QString& target)
{
    const QString kind = target.section(u':', 0, 0);
    if (kind != u"plan" && kind != u"hold" && kind != u"connection") {
        return;
    }
    m_wanted = target.section(u':', 1);
    m_wantsHeld = kind == u"hold";
    if (m_board.work(m_wanted) != nullptr) {
        select(std::exchange(m_wanted, {}));
    }
}

void ChangesPage::select(const QString& connectionId)
{
    if (connectionId != m_current) {
        m_message->dismiss();
    }
    m_current = connectionId;
    if (!connectionId.isEmpty()) {
        m_works->selectKey(connectionId);
    }
    const ConnectionWork* work = m_board.work(connectionId);
    showWork(work == nullptr ? ConnectionWork {} : *work);
    if (work != nullptr && std::exchange(m_wantsHeld, false) && work->hasHeld()) {
        m_tabs->setCurrentIndex(kHeldTab);
    }
}

void ChangesPage::refresh(const QString& connectionId)
{
    m_workModel->refreshRow(connectionId);
    const ConnectionWork* work = m_board.work(connectionId);
    if (connectionId == m_current && work != nullptr) {
        showWork(*work);
    }
}

void ChangesPage::showWork(const ConnectionWork& work)
{
    const bool known = !m_current.isEmpty();
    const bool ready
        = work.plan && !work.outdated && !work.running && work.plan->verdict != Verdict::Nothing;
    m_name->setText(known ? work.connection.name : QString());
    m_preview->setEnabled(known && !work.running);
    m_apply->setEnabled(ready);
    // One primary button: first look, then apply.
    m_preview->setDefault(!ready);
    m_apply->setDefault(ready);
    m_hash->setText(
        work.plan ? tr("Plan %1").arg(work.plan->planHash.left(kShownOfHash)) : QString());
    m_hash->setToolTip(work.plan ? work.plan->planHash : QString());
    m_outdated->setVisible(work.plan && work.outdated && !work.running);
    m_error->setError(work.error);
    showProgress(work);
    showBanner(work);
    showContent(work);
}

void ChangesPage::showProgress(const ConnectionWork& work)
{
    if (!work.running) {
        m_progress->finish();
        return;
    }
    if (!m_progress->isActive()) {
        m_progress->start(*work.running == SyncService::Task::Plan
                ? tr("Previewing “%1”").arg(work.connection.name)
                : tr("Working on “%1”").arg(work.connection.name));
    }
    if (work.progress) {
        m_progress->setProgress(*work.progress);
    }
}

void ChangesPage::showBanner(const ConnectionWork& work)
{
    QStringList lines;
    if (work.plan) {
        for (const GuardTrip& trip : work.plan->trips) {
            lines.append(tr("⚠ %1").arg(trip.reason.translated()));
        }
    }
    m_trips->setText(lines.join(u'\n'));
    m_trips->setVisible(!lines.isEmpty() && m_tabs->currentIndex() != kHeldTab);
}

void ChangesPage::showContent(const ConnectionWork& work)
{
    m_planView->setPlan(work.plan);
    m_accessModel->setChanges(
        work.plan ? AccessChangesModel::Changes(work.plan, &work.plan->access) : nullptr);
    const auto access = static_cast<std::int64_t>(work.plan ? work.plan->access.size() : 0);
    m_access->setVisible(access > 0);
    m_noAccess->setVisible(access == 0);
    m_tabs->setTabText(kAccessTab, tr("Access (%1)").arg(countText(access)));
    m_tabs->setTabVisible(kHeldTab, work.hasHeld());
    m_tabs->setTabVisible(0, work.plan != nullptr);
    m_tabs->setTabVisible(kAccessTab, work.plan != nullptr);
    if (work.hasHeld()) {
        m_held->show(work, m_context.clock.nowUtc());
    }
    showNotes(work);
    m_stack->setCurrentWidget(
        work.plan || work.hasHeld() ? static_cast<QWidget*>(m_tabs) : m_empty);
    if (m_current.isEmpty()) {
        m_empty->setContent({ .icon = u"changes"_s,
            .title = tr("Look before it happens"),
            .text = tr("Choose a connection to preview what its next sync would change.") });
    } else if (work.applied) {
        const bool isSame = changeCount(*work.applied) == 0;
        m_empty->setContent({ .icon = u"success"_s,
            .title = isSame ? tr("Up to date") : tr("Applied"),
            .text = isSame ? tr("Nothing had changed at the provider.")
                           : tr("Users %1, groups %2, memberships %3.")
                                 .arg(countsText(work.applied->counts.users),
                                     countsText(work.applied->counts.groups),
                                     countsText(work.applied->counts.memberships)),
            .buttonText = tr("Preview again") });
    } else {
        m_empty->setContent({ .icon = u"changes"_s,
            .title = tr("No preview yet"),
            .text = tr("A preview reads the provider and shows every change, and who would gain "
                       "or lose access. It changes nothing."),
            .buttonText = work.running ? QString() : tr("Preview") });
    }
}

void ChangesPage::showNotes(const ConnectionWork& work)
{
    QStringList lines;
    if (work.plan) {
        for (const QString& note : work.plan->notes) {
            lines.append(tr("• %1").arg(note));
        }
        for (const Quarantined& entry : work.plan->quarantine) {
            lines.append(
                tr("• Left out: %1 “%2”: %3").arg(kindText(entry.kind), entry.id, entry.reason));
        }
        if (work.plan->danglingMembers > 0) {
            lines.append(tr("• %Ln membership(s) point to nobody the provider lists.", nullptr,
                static_cast<int>(work.plan->danglingMembers)));
        }
    }
    m_notes->setText(lines.join(u'\n'));
    m_tabs->setTabVisible(kNotesTab, !lines.isEmpty());
    m_tabs->setTabText(kNotesTab, tr("Notes (%1)").arg(countText(lines.size())));
}

void ChangesPage::askToApply()
{
    const ConnectionWork* work = m_board.work(m_current);
    if (work == nullptr || !work->plan) {
        return;
    }
    const ChangeCounts& counts = work->plan->counts;
    const std::int64_t users = counts.users.removed - counts.users.held;
    const std::int64_t groups = counts.groups.removed - counts.groups.held;
    const std::int64_t held = counts.users.held + counts.groups.held + counts.memberships.held;
    const QString waits = held > 0 ? tr("%1 held rows keep waiting.").arg(countText(held))
                                   : tr("A run can be reverted from the history.");
    const QString id = m_current;
    if (users + groups <= 0) {
        m_board.apply(id); // nothing is taken away: the preview was the question
        return;
    }
    QStringList removals;
    if (users > 0) {
        removals << tr("%Ln user(s)", nullptr, static_cast<int>(users));
    }
    if (groups > 0) {
        removals << tr("%Ln group(s)", nullptr, static_cast<int>(groups));
    }
    ConfirmDialog::confirm(this,
        { .title = tr("Apply changes"),
            .text = tr("Apply this plan to “%1”? It removes %2.")
                .arg(work->connection.name, removals.join(tr(" and "))),
            .details = tr("Users %1, groups %2, memberships %3. %4")
                .arg(countsText(counts.users), countsText(counts.groups),
                    countsText(counts.memberships), waits),
            .verb = tr("Apply changes") },
        [this, id] { m_board.apply(id); });
}

} // namespace portreeve
