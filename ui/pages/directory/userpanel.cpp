// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/userpanel.h"

#include "core/store/storedsettings.h"
#include "ui/models/directorymodels.h"
#include "ui/pages/directory/memberlist.h"
#include "ui/pages/directory/objectheader.h"
#include "ui/pages/directory/objecthistorylist.h"
#include "ui/pages/directory/pathview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCheckBox>
#include <QFuture>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

std::vector<QStringList> pathNames(const ConnectionDirectory& source, Row user, Row group)
{
    const auto groupName = [&](Row row) {
        const QString name = source.snapshot->groupNames().text(row);
        return name.isEmpty() ? source.snapshot->groupId(row) : name;
    };
    const QString userName = source.snapshot->userNames().text(user);
    std::vector<QStringList> names;
    for (const WitnessPath& path : source.closure->witnessPaths(user, group)) {
        QStringList steps { userName.isEmpty() ? source.snapshot->userId(user) : userName };
        std::transform(path.begin(), path.end(), std::back_inserter(steps), groupName);
        names.push_back(steps);
    }
    return names;
}

UserPanel::UserPanel(const AppContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    m_header = new ObjectHeader(this);
    m_groups = new MemberList(Relation::GroupsOfUser, context.workers, this);
    m_paths = new PathView(this);
    m_history = new ObjectHistoryList(context.store, this);
    auto* groups = new QSplitter(Qt::Vertical, this);
    groups->setChildrenCollapsible(false);
    groups->addWidget(m_groups);
    groups->addWidget(m_paths);
    groups->setStretchFactor(0, 2);
    groups->setStretchFactor(1, 1);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the person"));
    m_tabs->addTab(groups, tr("Groups"));
    m_tabs->addTab(m_history, tr("History"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(3));
    layout->addWidget(m_header);
    layout->addWidget(makeProtection());
    layout->addWidget(m_tabs, 1);
    connect(m_header, &ObjectHeader::idCopied, this,
        [this] { emit statusMessage(tr("The id is in the clipboard.")); });
    connect(m_groups, &MemberList::currentChanged, this, &UserPanel::explain);
    connect(m_groups, &MemberList::openRequested, this, &UserPanel::openRequested);
    connect(m_groups, &MemberList::counted, this,
        [this](std::int64_t all) { m_tabs->setTabText(0, tr("Groups (%1)").arg(countText(all))); });
    connect(m_history, &ObjectHistoryList::runRequested, this, &UserPanel::runRequested);
}

QWidget* UserPanel::makeProtection()
{
    m_protect = new QCheckBox(tr("&Protect this administrator"), this);
    m_protect->setObjectName(u"protect"_s);
    m_protect->setToolTip(tr("A sync that would remove or suspend this user is held, and the hold "
                             "cannot be approved in bulk."));
    connect(m_protect, &QCheckBox::clicked, this, &UserPanel::setProtected);
    return m_protect;
}

void UserPanel::show(DirectoryIndexPtr index, Row user)
{
    m_index = std::move(index);
    m_place = m_index->userPlace(user);
    const ConnectionDirectory& source = m_index->connection(m_place.connection);
    const UserRecord record = source.snapshot->user(m_place.row);
    const bool isActive = record.state == UserState::Active;
    m_header->show(record.displayName.isEmpty() ? record.login : record.displayName, record.id,
        { { tr("E-mail"), record.email }, { tr("Login"), record.login }, { tr("Id"), record.id },
            { tr("Connection"), source.connectionName } });
    m_header->badge()->setStatus(isActive ? u"success"_s : u"pause"_s,
        isActive ? theme::Role::Success : theme::Role::Warning, userStateText(record.state));
    const QSignalBlocker quiet(m_protect);
    m_protect->setChecked(
        std::binary_search(source.protectedUsers.begin(), source.protectedUsers.end(), record.id));
    m_paths->clear();
    m_groups->setObject(m_index, m_place.connection, m_place.row);
    m_history->show(source.connectionId, ObjectKind::User, record.id);
}

void UserPanel::explain(std::optional<Row> group)
{
    if (!group || !m_index) {
        m_paths->clear();
        return;
    }
    const ConnectionDirectory& source = m_index->connection(m_place.connection);
    const auto paths = pathNames(source, m_place.row, *group);
    if (paths.empty()) {
        m_paths->show(tr("Suspended users are effectively in no group."), {});
        return;
    }
    m_paths->show(tr("Why in “%1”: %n path(s)", nullptr, static_cast<int>(paths.size()))
                      .arg(paths.front().back()),
        paths);
}

void UserPanel::setProtected(bool isProtected)
{
    const ConnectionDirectory& source = m_index->connection(m_place.connection);
    const QString id = source.snapshot->userId(m_place.row);
    m_context.store
        .run([connection = source.connectionId, id, isProtected](Store& store) {
            return store.directory().setProtected(connection, id, isProtected, currentActor(store));
        })
        .then(this, [this, isProtected](const Result<void>& done) {
            if (!done) {
                const QSignalBlocker quiet(m_protect);
                m_protect->setChecked(!isProtected);
                emit failed(done.error());
                return;
            }
            emit statusMessage(isProtected ? tr("Protected: no sync removes this user by itself.")
                                           : tr("No longer protected."));
        });
}

} // namespace portreeve
