// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/grouppanel.h"

#include "core/access/exportedids.h"
#include "core/access/groupreferences.h"
#include "core/base/runtask.h"
#include "ui/pages/directory/memberlist.h"
#include "ui/pages/directory/objectheader.h"
#include "ui/pages/directory/objecthistorylist.h"
#include "ui/pages/directory/pathview.h"
#include "ui/pages/directory/userpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QListWidget>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Result<std::vector<StoredPolicy>> policiesUsing(Store& store, const QString& groupId)
{
    auto all = store.policies().policies();
    if (!all) {
        return all.error();
    }
    return access::policiesNaming(*all, { groupId });
}

QStringList namesOf(const Snapshot& snapshot, const std::vector<Row>& groups)
{
    QStringList names;
    std::transform(groups.begin(), groups.end(), std::back_inserter(names),
        [&](Row group) { return snapshot.groupNames().text(group); });
    return names;
}

} // namespace

GroupPanel::GroupPanel(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    m_header = new ObjectHeader(this);
    m_nesting = makeTextLabel({}, this);
    m_nesting->setObjectName(u"nesting"_s);
    makeTabs();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_header);
    layout->addWidget(m_nesting);
    layout->addWidget(m_tabs, 1);
    connect(m_header, &ObjectHeader::idCopied, this,
        [this] { emit statusMessage(tr("The id is in the clipboard.")); });
}

void GroupPanel::makeTabs()
{
    m_people = new MemberList(Relation::PeopleOfGroup, m_context.workers, this);
    m_below = new MemberList(Relation::GroupsBelow, m_context.workers, this);
    m_above = new MemberList(Relation::GroupsAbove, m_context.workers, this);
    m_paths = new PathView(this);
    m_history = new ObjectHistoryList(m_context.store, this);
    auto* people = new QSplitter(Qt::Vertical, this);
    people->setChildrenCollapsible(false);
    people->addWidget(m_people);
    people->addWidget(m_paths);
    people->setStretchFactor(0, 2);
    people->setStretchFactor(1, 1);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the group"));
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->addTab(people, tr("People"));
    m_tabs->addTab(m_below, tr("Inside"));
    m_tabs->addTab(m_above, tr("Part of"));
    m_tabs->addTab(makePolicies(), tr("Policies"));
    m_tabs->addTab(m_history, tr("History"));
    connect(m_people, &MemberList::currentChanged, this, &GroupPanel::explain);
    connect(m_history, &ObjectHistoryList::runRequested, this, &GroupPanel::runRequested);
    const auto follow = [this](MemberList* list, int tab, const QString& title) {
        connect(list, &MemberList::openRequested, this, &GroupPanel::openRequested);
        connect(list, &MemberList::counted, this,
            [this, tab, title](std::int64_t all) { setCount(tab, title, all); });
    };
    follow(m_people, 0, tr("People"));
    follow(m_below, 1, tr("Inside"));
    follow(m_above, 2, tr("Part of"));
}

void GroupPanel::setCount(int tab, const QString& title, std::int64_t count)
{
    m_tabs->setTabText(tab, count == 0 ? title : tr("%1 (%2)").arg(title, countText(count)));
}

QWidget* GroupPanel::makePolicies()
{
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    m_policies = new QListWidget(page);
    m_policies->setObjectName(u"policies"_s);
    m_policies->setAccessibleName(tr("Policies that use this group"));
    m_noPolicies = makeMutedLabel(tr("No policy uses this group."), page);
    layout->addWidget(m_noPolicies);
    layout->addWidget(m_policies, 1);
    connect(m_policies, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        emit policyRequested(item->data(Qt::UserRole).toString());
    });
    return page;
}

void GroupPanel::show(DirectoryIndexPtr index, Row group)
{
    m_index = std::move(index);
    m_place = m_index->groupPlace(group);
    const ConnectionDirectory& source = m_index->connection(m_place.connection);
    const GroupRecord record = source.snapshot->group(m_place.row);
    const bool isUnit = record.kind == GroupKind::OrgUnit;
    m_header->show(record.name, record.id,
        { { tr("E-mail"), record.email },
            { tr("People in all"), countText(m_index->peopleOfGroup(group)) },
            { tr("Id"), record.id }, { tr("Connection"), source.connectionName } });
    m_header->badge()->setStatus(isUnit ? u"folder"_s : u"group"_s, theme::Role::Muted,
        isUnit ? tr("Org unit") : tr("Group"));
    m_paths->clear();
    m_people->setObject(m_index, m_place.connection, m_place.row);
    m_below->setObject(m_index, m_place.connection, m_place.row);
    m_above->setObject(m_index, m_place.connection, m_place.row);
    m_history->show(source.connectionId, ObjectKind::Group, record.id);
    loadPolicies(record.id);
    showNesting();
}

void GroupPanel::explain(std::optional<Row> user)
{
    if (!user || !m_index) {
        m_paths->clear();
        return;
    }
    const auto paths = pathNames(m_index->connection(m_place.connection), *user, m_place.row);
    if (paths.empty()) {
        m_paths->clear();
        return;
    }
    m_paths->show(tr("Why “%1” is in here: %n path(s)", nullptr, static_cast<int>(paths.size()))
                      .arg(paths.front().front()),
        paths);
}

void GroupPanel::showNesting()
{
    const int request = ++m_nestingRequest;
    m_nesting->hide();
    runTask(m_context.workers, [closure = m_index->connection(m_place.connection).closure] {
        return closure->nesting();
    }).then(this, [this, request](const NestingReport& report) {
        if (request != m_nestingRequest) {
            return;
        }
        const auto cycle = std::find_if(
            report.cycles.begin(), report.cycles.end(), [this](const std::vector<Row>& rows) {
                return std::binary_search(rows.begin(), rows.end(), m_place.row);
            });
        const bool onCycle = cycle != report.cycles.end();
        m_nesting->setRole(onCycle ? theme::Role::Warning : theme::Role::Muted);
        if (onCycle && cycle->size() == 1) {
            m_nesting->setText(tr("⚠ This group is a member of itself. It counts once."));
        } else if (onCycle) {
            const Snapshot& snapshot = *m_index->connection(m_place.connection).snapshot;
            m_nesting->setText(tr("⚠ On a cycle of %n group(s), which all hold the same "
                                  "people: %1",
                nullptr, static_cast<int>(cycle->size()))
                    .arg(namesOf(snapshot, *cycle).join(u", "_s)));
        } else {
            m_nesting->setText(tr("Not on a cycle. Groups of this connection nest up to %n "
                                  "level(s) deep.",
                nullptr, static_cast<int>(report.depth)));
        }
        m_nesting->show();
    });
}

void GroupPanel::loadPolicies(const QString& groupId)
{
    const int request = ++m_request;
    m_policies->clear();
    const QString connectionId = m_index->connection(m_place.connection).connectionId;
    m_context.store
        .run([index = m_index, connectionId, groupId](Store& store) {
            // Policies name groups as the proxy does.
            const access::ExportedGroups exported(index->view(), {});
            return policiesUsing(store, exported.prefix(connectionId) + groupId);
        })
        .then(this, [this, request](const Result<std::vector<StoredPolicy>>& policies) {
            if (request != m_request) {
                return;
            }
            m_noPolicies->setText(
                policies ? tr("No policy uses this group.") : policies.error().what.translated());
            for (const StoredPolicy& policy : policies ? *policies : std::vector<StoredPolicy>()) {
                auto* item = new QListWidgetItem(policy.name, m_policies);
                item->setIcon(theme::icon(u"policies"_s));
                item->setData(Qt::UserRole, policy.id);
                item->setToolTip(tr("Enter opens the policy"));
            }
            m_noPolicies->setVisible(m_policies->count() == 0);
            m_policies->setVisible(m_policies->count() > 0);
            setCount(3, tr("Policies"), m_policies->count());
        });
}

} // namespace portreeve
