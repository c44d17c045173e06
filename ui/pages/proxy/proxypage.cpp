// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/proxy/proxypage.h"

#include "ui/models/targetboard.h"
#include "ui/models/targettext.h"
#include "ui/pages/proxy/targetview.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/statelist.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

ProxyPage::ProxyPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
    , m_splitter(new QSplitter(this))
    , m_list(new StateList(this))
    , m_view(new TargetView(m_context, this))
{
    m_list->setObjectName(u"targetList"_s);
    m_list->setAccessibleName(tr("Proxies"));
    m_empty->setObjectName(u"noTarget"_s);
    m_empty->setContent({ .icon = u"proxy"_s,
        .title = tr("No proxy yet"),
        .text = tr("Add the proxy that people go through. It is given people, groups and policies, "
                   "and you see first what would change."),
        .buttonText = tr("&Add proxy") });
    m_splitter->addWidget(buildList());
    m_splitter->addWidget(m_view);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_splitter);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_empty, &EmptyState::actionRequested, this, &ProxyPage::startNew);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] { select(m_list->currentId()); });
    connect(m_view, &TargetView::stored, this, [this](const QString& id) { m_wanted = id; });
    connect(m_view, &TargetView::left, this, &ProxyPage::refresh);
    connect(&m_context.targets, &TargetBoard::targetsChanged, this, &ProxyPage::refresh);
    connect(&m_context.targets, &TargetBoard::workChanged, this, &ProxyPage::refreshList);
    refresh();
}

QWidget* ProxyPage::buildList()
{
    auto* side = new QWidget(this);
    auto* add = new QPushButton(theme::icon(u"add"_s), tr("&Add…"), side);
    add->setObjectName(u"addTarget"_s);
    connect(add, &QPushButton::clicked, this, [this] { open(u"add"_s); });
    auto* header = new QHBoxLayout;
    header->setContentsMargins(
        theme::spacing(4), theme::spacing(4), theme::spacing(3), theme::spacing(3));
    header->addWidget(makeHeading(tr("Proxies"), side), 1);
    header->addWidget(add);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(m_list, 1);
    side->setMinimumWidth(fontMetrics().averageCharWidth() * 28);
    return side;
}

void ProxyPage::activate()
{
    m_context.targets.refresh();
}

void ProxyPage::open(const QString& target)
{
    if (target == u"add") {
        startNew();
    } else if (target.startsWith(u"target:")) {
        m_wanted = target.mid(target.indexOf(u':') + 1);
        refresh();
    }
}

bool ProxyPage::hasUnsavedChanges() const
{
    return m_view->hasUnsavedChanges();
}

QString ProxyPage::unsavedName() const
{
    return m_view->unsavedName();
}

void ProxyPage::saveChanges(const std::function<void(bool)>& done)
{
    m_view->save(done);
}

void ProxyPage::discardChanges()
{
    m_view->discard();
}

void ProxyPage::refreshList()
{
    std::vector<StateList::Entry> entries;
    const auto now = m_context.clock.nowUtc();
    for (const ProxyTarget& target : m_context.targets.targets()) {
        const auto work = m_context.targets.work(target.id);
        entries.push_back({ .id = target.id,
            .name = target.name,
            .state = work ? deliveryTaskText(work->task) : targetStateText(target.state),
            .note = target.lastSuccessAt
                ? tr("delivered %1").arg(relativeTime(*target.lastSuccessAt, now))
                : QString(),
            .icon
            = theme::icon(targetStateIconName(target.state), targetStateRole(target.state)) });
    }
    m_list->setEntries(entries);
}

void ProxyPage::refresh()
{
    refreshList();
    const bool isEmpty = m_context.targets.targets().empty() && !m_view->isNew();
    m_stack->setCurrentWidget(isEmpty ? static_cast<QWidget*>(m_empty) : m_splitter);
    if (isEmpty || m_view->isNew()) {
        return;
    }
    if (!m_wanted.isEmpty() && m_context.targets.find(m_wanted) != nullptr) {
        m_list->setCurrentId(std::exchange(m_wanted, {}));
    }
    if (m_list->currentId().isEmpty()) {
        m_list->setCurrentRow(0);
    }
    select(m_list->currentId());
}

void ProxyPage::select(const QString& targetId)
{
    if (targetId.isEmpty() || (!m_view->isNew() && targetId == m_view->targetId())) {
        return;
    }
    const bool isGone = !m_view->isNew() && m_context.targets.find(m_view->targetId()) == nullptr;
    if (isGone || !m_view->hasUnsavedChanges()) {
        m_view->showTarget(targetId);
        return;
    }
    m_list->setCurrentId(m_view->targetId());
    ConfirmDialog::ask(this,
        { .title = tr("Unsaved changes"),
            .text = tr("%1 has unsaved changes.").arg(unsavedName()),
            .verb = tr("&Save"),
            .alternative = tr("&Discard") },
        [this, targetId](ConfirmDialog::Answer answer) { leaveFor(targetId, answer); });
}

void ProxyPage::leaveFor(const QString& targetId, ConfirmDialog::Answer answer)
{
    if (answer == ConfirmDialog::Answer::Confirmed) {
        m_view->save([this, targetId](bool isSaved) {
            if (isSaved) {
                m_list->setCurrentId(targetId);
            }
        });
    } else if (answer == ConfirmDialog::Answer::Alternative) {
        m_view->discard();
        m_view->showTarget(targetId);
        m_list->setCurrentId(targetId);
    }
}

void ProxyPage::startNew()
{
    m_stack->setCurrentWidget(m_splitter);
    {
        const QSignalBlocker quiet(m_list);
        m_list->setCurrentRow(-1);
    }
    m_view->startNew();
}

} // namespace portreeve
