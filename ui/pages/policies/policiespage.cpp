// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/policiespage.h"

#include "core/proxy/targetoptions.h"
#include "ui/models/targetboard.h"
#include "ui/pages/policies/exportdialog.h"
#include "ui/pages/policies/policyeditor.h"
#include "ui/pages/policies/routeeditor.h"
#include "ui/theme/theme.h"
#include "ui/widgets/commitbar.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// What deliveries may go to: a policy need not please a target that is switched off.
std::vector<policy::NamedTarget> policyTargets(const AppContext& context)
{
    std::vector<policy::NamedTarget> out;
    for (const ProxyTarget& target : context.targets.targets()) {
        const auto options = readTargetOptions(target);
        if (options && target.state != TargetState::Disabled) {
            out.push_back({ .name = target.name, .target = policyTarget(*options) });
        }
    }
    return out;
}

} // namespace

PoliciesPage::PoliciesPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_library(context.store, context.workers)
{
    buildList();
    buildEditors();
    m_message = new MessageBar(this);
    m_bar = new CommitBar(this);
    m_bar->takeSaveKeys(this);
    m_bar->setPlaceAfter(m_list);
    m_editor = new QWidget(this);
    auto* editorLayout = new QVBoxLayout(m_editor);
    editorLayout->setContentsMargins(theme::spacing(2), 0, 0, 0);
    editorLayout->setSpacing(theme::spacing(2));
    editorLayout->addWidget(m_stack, 1);
    editorLayout->addWidget(m_bar);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_list);
    split->addWidget(m_editor);
    split->setStretchFactor(1, 1);
    const int unit = fontMetrics().averageCharWidth();
    split->setSizes({ unit * 44, unit * 130 });
    auto* layout = new QVBoxLayout(this);
    const int margin = theme::spacing(4);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(theme::spacing(3));
    auto* head = new QHBoxLayout;
    auto* exportButton = new QPushButton(theme::icon(u"export"_s), tr("E&xport…"), this);
    exportButton->setObjectName(u"export"_s);
    exportButton->setToolTip(tr("Writes routes and policies for the proxy's configuration file"));
    connect(exportButton, &QPushButton::clicked, this, [this] {
        auto* dialog = new ExportDialog(m_context, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    head->addWidget(makeTitle(tr("Policies"), this), 1);
    head->addWidget(exportButton);
    layout->addLayout(head);
    layout->addWidget(m_message);
    layout->addWidget(split, 1);
    connect(m_bar, &CommitBar::saveRequested, this, &PoliciesPage::save);
    connect(m_bar, &CommitBar::discardRequested, this, &PoliciesPage::discard);
    connectLibrary();
    showNothing();
}

void PoliciesPage::buildList()
{
    m_list = new PoliciesList(m_library, this);
    connect(m_list, &PoliciesList::openRequested, this, [this](PolicyKind kind, const QString& id) {
        if (kind != m_shownKind || id != m_shownId) {
            whenClean([this, kind, id] { showEntry(kind, id); });
        }
    });
    connect(m_list, &PoliciesList::addRequested, this,
        [this](PolicyKind kind) { whenClean([this, kind] { add(kind); }); });
    connect(m_list, &PoliciesList::duplicateRequested, this,
        [this](PolicyKind kind, const QString& id) {
            whenClean([this, kind, id] { duplicate(kind, id); });
        });
    connect(m_list, &PoliciesList::removeRequested, this, &PoliciesPage::askToRemove);
    connect(m_list, &PoliciesList::kindChanged, this, &PoliciesPage::refreshBar);
}

void PoliciesPage::buildEditors()
{
    m_stack = new QStackedWidget(this);
    m_empty = new EmptyState(m_stack);
    m_policyEditor = new PolicyEditor({ .groups = [this] { return m_library.groups(); },
                                          .targets = [this] { return policyTargets(m_context); } },
        m_stack);
    auto* scroll = new QScrollArea(m_stack);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    m_routeEditor = new RouteEditor(m_library, scroll);
    scroll->setWidget(m_routeEditor);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_policyEditor);
    m_stack->addWidget(scroll);
    connect(m_policyEditor, &PolicyEditor::edited, this, &PoliciesPage::refreshBar);
    connect(m_routeEditor, &RouteEditor::edited, this, &PoliciesPage::refreshBar);
}

void PoliciesPage::connectLibrary()
{
    connect(&m_library, &PolicyLibrary::loaded, this, &PoliciesPage::takeLibrary);
    connect(&m_library, &PolicyLibrary::groupsLoaded, this, [this] {
        m_list->refresh();
        m_policyEditor->refreshGroups();
    });
    connect(&m_library, &PolicyLibrary::policySaved, this, [this](const StoredPolicy& policy) {
        m_shownId = policy.id;
        m_policyEditor->acceptSaved(policy);
        afterSave();
    });
    connect(&m_library, &PolicyLibrary::routeSaved, this, [this](const StoredRoute& route) {
        m_shownId = route.id;
        m_routeEditor->setRoute(route);
        afterSave();
    });
    connect(&m_library, &PolicyLibrary::removed, this, [this](const QString& id) {
        if (id == m_shownId) {
            showNothing();
        }
        emit statusMessage(tr("Deleted."));
    });
    connect(&m_library, &PolicyLibrary::failed, this, [this](const Error& error) {
        m_bar->setBusy(false);
        m_afterSave = {};
        m_message->showError(error);
    });
    connect(&m_context.targets, &TargetBoard::targetsChanged, m_policyEditor,
        &PolicyEditor::refreshTargets);
    m_policyEditor->refreshTargets();
    connect(&m_context.sync, &SyncService::storeChanged, this, [this] {
        if (isVisible()) {
            activate();
        }
    });
}

void PoliciesPage::activate()
{
    m_library.reload();
    m_library.reloadGroups();
}

void PoliciesPage::open(const QString& target)
{
    const bool isRoute = target.startsWith(u"route:");
    if (!isRoute && !target.startsWith(u"policy:")) {
        return;
    }
    m_wanted = target;
    if (!m_library.policies().empty() || !m_library.routes().empty()) {
        takeLibrary();
    }
}

bool PoliciesPage::hasUnsavedChanges() const
{
    if (m_stack->currentWidget() == m_empty) {
        return false;
    }
    return m_shownKind == PolicyKind::Policy ? m_policyEditor->isModified() || m_shownId.isEmpty()
                                             : m_routeEditor->isModified() || m_shownId.isEmpty();
}

void PoliciesPage::takeLibrary()
{
    m_list->refresh();
    m_routeEditor->refreshPolicies();
    const PolicyKind inView = m_list->kind(); // maybe the other list: who looks at it stays there
    if (inView == m_shownKind && !m_shownId.isEmpty() && m_list->currentId() != m_shownId) {
        m_list->select(m_shownKind, m_shownId);
    }
    if (!m_wanted.isEmpty()) {
        const QString target = std::exchange(m_wanted, {});
        const bool isRoute = target.startsWith(u"route:");
        const QString id = target.section(u':', 1);
        whenClean([this, isRoute, id] {
            showEntry(isRoute ? PolicyKind::Route : PolicyKind::Policy, id);
        });
        return;
    }
    if (m_stack->currentWidget() == m_empty) {
        showNothing();
    } else if (!hasUnsavedChanges()) {
        showEntry(m_shownKind, m_shownId);
        m_list->setKind(inView);
    }
}

void PoliciesPage::showEntry(PolicyKind kind, const QString& id)
{
    if (kind == PolicyKind::Policy) {
        if (const StoredPolicy* policy = m_library.policy(id)) {
            showPolicy(*policy);
            return;
        }
    } else if (const StoredRoute* route = m_library.route(id)) {
        showRoute(*route);
        return;
    }
    showNothing();
}

void PoliciesPage::showNothing()
{
    m_shownId.clear();
    m_stack->setCurrentWidget(m_empty);
    m_empty->setContent({ .icon = u"policies"_s,
        .title = tr("Nothing chosen"),
        .text = tr("Choose a policy or a route on the left.") });
    refreshBar();
}

void PoliciesPage::showPolicy(const StoredPolicy& policy)
{
    m_shownKind = PolicyKind::Policy;
    m_shownId = policy.id;
    // The same content again, after a reload, must not throw the place in the editor away.
    if (m_policyEditor->policy().id != policy.id || policy.id.isEmpty()
        || m_policyEditor->policy().updatedAt != policy.updatedAt) {
        m_policyEditor->setPolicy(policy);
    }
    m_stack->setCurrentWidget(m_policyEditor);
    m_list->select(PolicyKind::Policy, policy.id);
    refreshBar();
}

void PoliciesPage::showRoute(const StoredRoute& route)
{
    m_shownKind = PolicyKind::Route;
    m_shownId = route.id;
    m_routeEditor->setRoute(route);
    m_stack->setCurrentIndex(2);
    m_list->select(PolicyKind::Route, route.id);
    refreshBar();
}

void PoliciesPage::add(PolicyKind kind)
{
    if (kind == PolicyKind::Policy) {
        showPolicy({ .name = m_library.freePolicyName(tr("New policy")), .text = u"[]\n"_s });
        m_policyEditor->focusName();
    } else {
        showRoute({ .name = m_library.freeRouteName(tr("New route")) });
        m_routeEditor->focusName();
    }
}

void PoliciesPage::duplicate(PolicyKind kind, const QString& id)
{
    if (kind == PolicyKind::Policy) {
        if (const StoredPolicy* policy = m_library.policy(id)) {
            StoredPolicy copy = *policy;
            copy.id.clear();
            copy.name = m_library.freePolicyName(tr("%1 copy").arg(policy->name));
            showPolicy(copy);
            m_policyEditor->focusName();
        }
    } else if (const StoredRoute* route = m_library.route(id)) {
        StoredRoute copy = *route;
        copy.id.clear();
        copy.name = m_library.freeRouteName(tr("%1 copy").arg(route->name));
        showRoute(copy);
        m_routeEditor->focusName();
    }
}

void PoliciesPage::askToRemove(PolicyKind kind, const QString& id)
{
    if (kind == PolicyKind::Route) {
        if (const StoredRoute* route = m_library.route(id)) {
            ConfirmDialog::confirm(this,
                { .title = tr("Delete route"),
                    .text = tr("Delete the route “%1” (%2)?").arg(route->name, route->from),
                    .details = tr("Its policies stay. The proxy drops the route at the next "
                                  "export."),
                    .verb = tr("Delete route") },
                [this, id] { m_library.removeRoute(id); });
        }
        return;
    }
    const StoredPolicy* policy = m_library.policy(id);
    if (policy == nullptr) {
        return;
    }
    QStringList names;
    for (const StoredRoute& route : m_library.routesUsing(id)) {
        names.append(route.name);
    }
    if (!names.isEmpty()) {
        m_message->showMessage(MessageBar::Kind::Warning,
            tr("“%1” guards %n route(s): %2. Take it off them first.", nullptr,
                static_cast<int>(names.size()))
                .arg(policy->name, names.join(u", "_s)),
            { { tr("Show routes"), [this] { m_list->setKind(PolicyKind::Route); } } });
        return;
    }
    ConfirmDialog::confirm(this,
        { .title = tr("Delete policy"),
            .text = tr("Delete the policy “%1”?").arg(policy->name),
            .details = tr("No route uses it, so no one's access changes."),
            .verb = tr("Delete policy") },
        [this, id] { m_library.removePolicy(id); });
}

void PoliciesPage::whenClean(std::function<void()> next)
{
    if (!hasUnsavedChanges()) {
        next();
        return;
    }
    const QString name = m_shownKind == PolicyKind::Policy ? m_policyEditor->policy().name
                                                           : m_routeEditor->route().name;
    ConfirmDialog::ask(this,
        { .title = tr("Unsaved changes"),
            .text = tr("“%1” has changes that are not saved.").arg(name),
            .details = problem(),
            .verb = tr("Save"),
            .alternative = tr("Discard") },
        [this, next = std::move(next)](ConfirmDialog::Answer answer) {
            switch (answer) {
            case ConfirmDialog::Answer::Alternative:
                next();
                break;
            case ConfirmDialog::Answer::Confirmed:
                m_afterSave = next;
                save();
                break;
            case ConfirmDialog::Answer::Cancel:
                m_list->select(m_shownKind, m_shownId);
                break;
            }
        });
}

QString PoliciesPage::problem() const
{
    return m_shownKind == PolicyKind::Policy ? m_policyEditor->problem() : m_routeEditor->problem();
}

void PoliciesPage::save()
{
    if (const QString wrong = problem(); !wrong.isEmpty()) {
        m_afterSave = {};
        m_bar->setProblem(wrong);
        m_list->select(m_shownKind, m_shownId);
        return;
    }
    m_bar->setBusy(true);
    if (m_shownKind == PolicyKind::Policy) {
        m_library.save(m_policyEditor->policy());
    } else {
        m_library.save(m_routeEditor->route());
    }
}

void PoliciesPage::afterSave()
{
    m_bar->setBusy(false);
    m_message->dismiss();
    emit statusMessage(tr("Saved."));
    if (const auto next = std::exchange(m_afterSave, {})) {
        next();
    }
}

void PoliciesPage::discard()
{
    if (m_shownId.isEmpty()) {
        showNothing();
        m_list->select(m_shownKind, {});
        return;
    }
    if (m_shownKind == PolicyKind::Policy) {
        if (const StoredPolicy* policy = m_library.policy(m_shownId)) {
            m_policyEditor->setPolicy(*policy);
        }
    } else if (const StoredRoute* route = m_library.route(m_shownId)) {
        m_routeEditor->setRoute(*route);
    }
}

void PoliciesPage::refreshBar()
{
    if (m_bar == nullptr) {
        return;
    }
    const bool dirty = hasUnsavedChanges();
    const bool isOpen = m_stack->currentWidget() != m_empty;
    // Beside an empty list there is nothing to choose: its own empty state says what to do.
    m_editor->setVisible(isOpen || !m_list->isEmpty());
    m_bar->setVisible(isOpen);
    m_bar->setDirty(dirty);
    m_bar->setProblem(dirty ? problem() : QString());
}

} // namespace portreeve
