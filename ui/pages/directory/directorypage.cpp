// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/directorypage.h"

#include "core/base/runtask.h"
#include "ui/models/directorysearcher.h"
#include "ui/pages/directory/facetpanel.h"
#include "ui/pages/directory/grouppanel.h"
#include "ui/pages/directory/userpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableexport.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kConnections = QStringLiteral("connection");
const QString kStates = QStringLiteral("state");

QString stateKey(UserState state)
{
    return state == UserState::Active ? u"active"_s : u"suspended"_s;
}

} // namespace

DirectoryPage::DirectoryPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
{
    m_searcher = new DirectorySearcher(context.workers, this);
    m_message = new MessageBar(this);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    auto* facetScroll = new QScrollArea(this);
    facetScroll->setFrameShape(QFrame::NoFrame);
    facetScroll->setWidgetResizable(true);
    facetScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_facets = new FacetPanel(facetScroll);
    facetScroll->setWidget(m_facets);
    m_facetSide = facetScroll;
    split->addWidget(facetScroll);
    split->addWidget(makeList());
    split->addWidget(makeDetail());
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 3);
    split->setStretchFactor(2, 2);
    const int unit = fontMetrics().averageCharWidth();
    split->setSizes({ unit * 22, unit * 98, unit * 52 });
    auto* layout = new QVBoxLayout(this);
    const int margin = theme::spacing(4);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(makeTitle(tr("Directory"), this));
    layout->addWidget(makeBar());
    layout->addWidget(m_message);
    layout->addWidget(split, 1);
    connect(m_facets, &FacetPanel::changed, this, &DirectoryPage::ask);
    connect(m_searcher, &DirectorySearcher::answered, this,
        [this](const DirectoryIndexPtr& index, const DirectoryAnswer& answer) {
            if (index == m_index) {
                take(answer);
            }
        });
    connect(&m_context.sync, &SyncService::storeChanged, this, [this] {
        if (isVisible()) {
            activate();
        }
    });
    showState(0, 0);
}

QWidget* DirectoryPage::makeBar()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::spacing(3));
    m_tabs = new QTabBar(bar);
    m_tabs->setObjectName(u"lists"_s);
    m_tabs->setAccessibleName(tr("Which list"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    for (const QString& title : { tr("Users"), tr("Groups"), tr("Org units"), tr("Removed") }) {
        m_tabs->addTab(title);
    }
    m_search = new SearchEdit(tr("Search names, e-mails, logins and ids"), bar);
    m_search->setObjectName(u"search"_s);
    m_export = new QPushButton(theme::icon(u"export"_s), tr("E&xport…"), bar);
    m_export->setObjectName(u"export"_s);
    m_export->setToolTip(tr("Writes the list as shown, filtered and sorted, as CSV or JSON"));
    row->addWidget(m_tabs);
    row->addWidget(m_search, 1);
    row->addWidget(m_export);
    connect(m_tabs, &QTabBar::currentChanged, this, [this] {
        m_message->dismiss();
        ask();
        showCurrent();
    });
    connect(m_search, &QLineEdit::textChanged, this, &DirectoryPage::ask);
    connect(m_search, &SearchEdit::listRequested, this, [this] {
        if (auto* table = qobject_cast<TableView*>(m_lists->currentWidget())) {
            table->setFocus(Qt::OtherFocusReason);
        }
    });
    connect(m_export, &QPushButton::clicked, this, &DirectoryPage::exportShown);
    return bar;
}

QWidget* DirectoryPage::makeList()
{
    auto* list = new QWidget(this);
    auto* layout = new QVBoxLayout(list);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(1));
    m_count = makeMutedLabel({}, list);
    m_count->setObjectName(u"count"_s);
    m_lists = new QStackedWidget(list);
    m_usersModel = new UsersModel(this);
    m_groupsModel = new GroupsModel(this);
    m_removedModel = new TombstonesModel(this);
    const auto makeTable = [this](const QString& name, const QString& title, RowsModel* model) {
        auto* table = new TableView(name, m_lists);
        table->setObjectName(name);
        table->setAccessibleName(title);
        table->setRowsModel(model);
        table->setSortMark(0, Qt::AscendingOrder);
        connect(table, &TableView::currentRowChanged, this, &DirectoryPage::showCurrent);
        connect(table, &TableView::sortRequested, this, [this](int column, Qt::SortOrder order) {
            if (tab() != Tab::Removed) {
                m_sort[static_cast<std::size_t>(tab())] = { column, order };
                ask();
            }
        });
        m_lists->addWidget(table);
        return table;
    };
    m_users = makeTable(u"users"_s, tr("Users"), m_usersModel);
    m_groups = makeTable(u"groups"_s, tr("Groups"), m_groupsModel);
    m_removed = makeTable(u"removed"_s, tr("Removed users and groups"), m_removedModel);
    m_empty = new EmptyState(m_lists);
    m_lists->addWidget(m_empty);
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_index && !m_index->view().connections.empty()
            && (!m_search->text().isEmpty() || m_facets->anyTicked())) {
            m_search->clear();
            m_facets->clear();
        } else {
            emit navigationRequested(u"providers"_s, {});
        }
    });
    layout->addWidget(m_count);
    layout->addWidget(m_lists, 1);
    return list;
}

QWidget* DirectoryPage::makeDetail()
{
    m_detail = new QStackedWidget(this);
    m_detail->setContentsMargins(theme::spacing(3), 0, 0, 0);
    auto* none = new EmptyState(m_detail);
    none->setContent({ .icon = u"user"_s,
        .title = tr("Nothing chosen"),
        .text = tr("Choose somebody, or a group, to see memberships and why they hold.") });
    m_userPanel = new UserPanel(m_context, m_detail);
    m_groupPanel = new GroupPanel(m_context, m_detail);
    m_detail->addWidget(none);
    m_detail->addWidget(m_userPanel);
    m_detail->addWidget(m_groupPanel);
    const auto toRun = [this](std::int64_t run) {
        emit navigationRequested(u"history"_s, u"run:"_s + QString::number(run));
    };
    connect(m_userPanel, &UserPanel::openRequested, this, &DirectoryPage::openObject);
    connect(m_userPanel, &UserPanel::runRequested, this, toRun);
    connect(m_userPanel, &UserPanel::statusMessage, this, &Page::statusMessage);
    connect(m_userPanel, &UserPanel::failed, this,
        [this](const Error& error) { m_message->showError(error); });
    connect(m_groupPanel, &GroupPanel::openRequested, this, &DirectoryPage::openObject);
    connect(m_groupPanel, &GroupPanel::runRequested, this, toRun);
    connect(m_groupPanel, &GroupPanel::statusMessage, this, &Page::statusMessage);
    connect(m_groupPanel, &GroupPanel::policyRequested, this,
        [this](const QString& id) { emit navigationRequested(u"policies"_s, u"policy:"_s + id); });
    return m_detail;
}

DirectoryPage::Tab DirectoryPage::tab() const
{
    return static_cast<Tab>(m_tabs->currentIndex());
}

QWidget* DirectoryPage::searchField() const
{
    return m_search;
}

void DirectoryPage::activate()
{
    loadView();
    loadRemoved();
}

void DirectoryPage::loadView()
{
    const int request = ++m_request;
    const auto build
        = [](const DirectoryViewPtr& view) { return std::make_shared<const DirectoryIndex>(view); };
    m_context.store.run([](Store& store) { return store.directory().loadView(); })
        .then(this, [this, request, build](const Result<DirectoryViewPtr>& view) {
            if (request != m_request) {
                return;
            }
            m_failed = !view;
            if (!view) {
                m_message->showError(view.error(), { { tr("Try again"), [this] { activate(); } } });
                return;
            }
            runTask(m_context.workers, [view = *view, build] {
                return build(view);
            }).then(this, [this, request](const DirectoryIndexPtr& index) {
                if (request == m_request) {
                    setIndex(index);
                }
            });
        });
}

void DirectoryPage::setIndex(DirectoryIndexPtr index)
{
    m_index = std::move(index);
    m_searcher->setIndex(m_index);
    if (m_link.isEmpty()) {
        ask();
    } else {
        open(std::exchange(m_link, {}));
    }
}

void DirectoryPage::loadRemoved()
{
    m_context.store
        .run([](Store& store) -> Result<std::vector<TombstonesModel::Line>> {
            auto connections = store.connections().list();
            if (!connections) {
                return connections.error();
            }
            std::vector<TombstonesModel::Line> lines;
            for (const Connection& connection : *connections) {
                auto tombstones = store.directory().tombstones(connection.id);
                if (!tombstones) {
                    return tombstones.error();
                }
                for (Tombstone& tombstone : *tombstones) {
                    lines.push_back({ std::move(tombstone), connection.name });
                }
            }
            return lines;
        })
        .then(this, [this](const Result<std::vector<TombstonesModel::Line>>& lines) {
            if (!lines) {
                m_message->showError(lines.error());
                return;
            }
            m_removedModel->setLines(*lines);
            if (tab() == Tab::Removed) {
                showRemoved();
            }
        });
}

void DirectoryPage::ask()
{
    if (tab() == Tab::Removed) {
        showRemoved();
        return;
    }
    const auto list = static_cast<DirectoryList>(tab());
    const auto [column, order] = m_sort[static_cast<std::size_t>(list)];
    DirectoryQuery query { .list = list,
        .text = m_search->text(),
        .connections = m_facets->ticked(kConnections),
        .sortColumn = column,
        .order = order };
    const QSet<QString> states = m_facets->ticked(kStates);
    if (list == DirectoryList::Users) {
        for (const UserState state : { UserState::Active, UserState::Suspended }) {
            if (states.contains(stateKey(state))) {
                query.states.insert(state);
            }
        }
    }
    m_searcher->ask(query);
}

void DirectoryPage::take(const DirectoryAnswer& answer)
{
    if (answer.query.list != static_cast<DirectoryList>(tab())) {
        return;
    }
    const auto shown = static_cast<std::int64_t>(answer.rows.size());
    TableView* table = answer.query.list == DirectoryList::Users ? m_users : m_groups;
    if (answer.query.list == DirectoryList::Users) {
        m_usersModel->show(m_index, answer.rows);
    } else {
        m_groupsModel->show(m_index, answer.rows);
    }
    table->setSortMark(answer.query.sortColumn, answer.query.order);
    m_lists->setCurrentWidget(table);
    showFacets(answer);
    showCount(shown, answer.total);
    showState(shown, answer.total);
    finishOpen();
    showCurrent();
}

void DirectoryPage::showFacets(const DirectoryAnswer& answer)
{
    std::vector<FacetPanel::Facet> states;
    if (answer.query.list == DirectoryList::Users) {
        for (const UserState state : { UserState::Active, UserState::Suspended }) {
            states.push_back({ stateKey(state), userStateText(state),
                answer.perState[static_cast<std::size_t>(state)] });
        }
    }
    m_facets->setSection(kStates, tr("State"), states);
    std::vector<FacetPanel::Facet> connections;
    for (std::size_t i = 0; i < answer.perConnection.size(); ++i) {
        const ConnectionDirectory& source = m_index->connection(i);
        connections.push_back(
            { source.connectionId, source.connectionName, answer.perConnection[i] });
    }
    m_facets->setSection(kConnections, tr("Connection"), connections);
    m_facetSide->setVisible(!m_facets->isEmpty());
    const bool hasSeveral = connections.size() > 1;
    if (std::exchange(m_hasSeveral, hasSeveral) != hasSeveral) {
        m_users->setColumnNeeded(static_cast<int>(UserColumn::Connection), hasSeveral);
        m_groups->setColumnNeeded(static_cast<int>(GroupColumn::Connection), hasSeveral);
    }
}

void DirectoryPage::showCount(std::int64_t shown, std::int64_t total)
{
    m_count->setText(shown == total ? tr("%1 in all").arg(countText(total))
                                    : tr("%1 of %2").arg(countText(shown), countText(total)));
}

void DirectoryPage::showState(std::int64_t shown, std::int64_t total)
{
    m_count->setVisible(total > 0);
    m_export->setEnabled(shown > 0);
    if (shown > 0) {
        return;
    }
    m_lists->setCurrentWidget(m_empty);
    if (total > 0) {
        m_empty->setContent({ .icon = u"search"_s,
            .title = tr("No match"),
            .text = m_facets->anyTicked()
                ? tr("Nothing in this list fits the search and the ticks on the left.")
                : tr("Nothing in this list fits the search."),
            .buttonText
            = m_facets->anyTicked() ? tr("Clear search and ticks") : tr("Clear search") });
    } else if (tab() == Tab::Removed) {
        m_empty->setContent({ .icon = u"remove"_s,
            .title = tr("Nothing was removed"),
            .text = tr("Removed users and groups stay here until their retention ends, and come "
                       "back with their history when the provider lists them again.") });
    } else if (!m_index && !m_failed) {
        m_empty->setContent({ .icon = u"directory"_s, .title = tr("Reading the directory…") });
    } else if (m_failed) {
        m_empty->setContent({ .icon = u"error"_s,
            .title = tr("The directory could not be read"),
            .text = tr("See the message above.") });
    } else if (tab() != Tab::Users && m_index->userCount() > 0) {
        m_empty->setContent({ .icon = u"group"_s,
            .title = tab() == Tab::Groups ? tr("No groups") : tr("No org units"),
            .text = tr("The connections have delivered none.") });
    } else {
        m_empty->setContent({ .icon = u"directory"_s,
            .title = tr("Nobody yet"),
            .text = tr("Users and groups appear here after the first sync of a connection."),
            .buttonText = tr("Set up a connection") });
    }
}

void DirectoryPage::showRemoved()
{
    m_removedModel->filter(m_search->text());
    m_lists->setCurrentWidget(m_removed);
    m_facets->setSection(kStates, {}, {});
    m_facets->setSection(kConnections, {}, {});
    m_facetSide->hide();
    const auto shown = static_cast<std::int64_t>(m_removedModel->rowCount());
    const auto total = static_cast<std::int64_t>(m_removedModel->total());
    showCount(shown, total);
    showState(shown, total);
    showCurrent();
}

void DirectoryPage::showCurrent()
{
    // The models' own index: a newer one may be loaded whose rows are not shown yet.
    const bool isGroups = tab() == Tab::Groups || tab() == Tab::OrgUnits;
    if (tab() == Tab::Users && m_users->currentRow()) {
        m_userPanel->show(m_usersModel->directory(), *m_users->currentRow());
        m_detail->setCurrentWidget(m_userPanel);
    } else if (isGroups && m_groups->currentRow()) {
        m_groupPanel->show(m_groupsModel->directory(), *m_groups->currentRow());
        m_detail->setCurrentWidget(m_groupPanel);
    } else {
        m_detail->setCurrentIndex(0);
    }
}

void DirectoryPage::open(const QString& target)
{
    if (!m_index) {
        m_link = target; // which list a group is in only the index tells
        return;
    }
    const bool isGroup = target.startsWith(u"group:");
    if (isGroup || target.startsWith(u"user:")) {
        openObject(isGroup, target.section(u':', 1));
    }
}

void DirectoryPage::openObject(bool isGroup, const QString& key)
{
    m_search->clear();
    m_facets->clear();
    Tab wanted = isGroup ? Tab::Groups : Tab::Users;
    if (isGroup) {
        const QString connectionId = key.section(u':', 0, 0);
        for (const ConnectionDirectory& source : m_index->view().connections) {
            const Row row = source.connectionId == connectionId
                ? source.snapshot->findGroup(key.section(u':', 1))
                : kNoRow;
            if (row != kNoRow && source.snapshot->groupKind(row) == GroupKind::OrgUnit) {
                wanted = Tab::OrgUnits;
            }
        }
    }
    m_tabs->setCurrentIndex(static_cast<int>(wanted));
    m_wanted = key; // only now: each change above asks too, and may be answered at once
    ask();
}

void DirectoryPage::finishOpen()
{
    if (m_wanted.isEmpty()) {
        return;
    }
    TableView* table = tab() == Tab::Users ? m_users : m_groups;
    const QString key = std::exchange(m_wanted, {});
    if (!table->selectKey(key)) {
        m_message->showMessage(MessageBar::Kind::Info,
            tr("“%1” is no longer in the directory; look under Removed.")
                .arg(key.section(u':', 1)));
    }
}

void DirectoryPage::exportShown()
{
    if (auto* table = qobject_cast<TableView*>(m_lists->currentWidget())) {
        TableExport::ask(*m_message, *table->rowsModel(), m_context.workers);
    }
}

} // namespace portreeve
