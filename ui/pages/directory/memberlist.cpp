// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/memberlist.h"

#include "core/base/runtask.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/searchedit.h"
#include "ui/widgets/tableview.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString searchPurpose(Relation relation)
{
    switch (relation) {
    case Relation::GroupsOfUser:
        return MemberList::tr("Search this user's groups");
    case Relation::PeopleOfGroup:
        return MemberList::tr("Search the people in this group");
    case Relation::GroupsBelow:
        return MemberList::tr("Search the groups inside");
    case Relation::GroupsAbove:
        return MemberList::tr("Search the groups above");
    }
    return {};
}

QString nothingText(Relation relation)
{
    switch (relation) {
    case Relation::GroupsOfUser:
        return MemberList::tr("This user is in no group.");
    case Relation::PeopleOfGroup:
        return MemberList::tr("No active person is in this group, directly or through others.");
    case Relation::GroupsBelow:
        return MemberList::tr("This group holds no other group.");
    case Relation::GroupsAbove:
        return MemberList::tr("This group is in no other group.");
    }
    return {};
}

QString stateName(Relation relation)
{
    switch (relation) {
    case Relation::GroupsOfUser:
        return u"userGroups"_s;
    case Relation::PeopleOfGroup:
        return u"groupPeople"_s;
    case Relation::GroupsBelow:
        return u"groupsBelow"_s;
    case Relation::GroupsAbove:
        return u"groupsAbove"_s;
    }
    return {};
}

} // namespace

MemberList::MemberList(Relation relation, QThreadPool& workers, QWidget* parent)
    : QWidget(parent)
    , m_workers(workers)
    , m_relation(relation)
{
    m_model = new MembersModel(relation, this);
    m_search = new SearchEdit(searchPurpose(relation), this);
    m_search->setObjectName(u"search"_s);
    m_count = makeMutedLabel({}, this);
    m_count->setObjectName(u"count"_s);
    m_table = new TableView(stateName(relation), this);
    m_table->setObjectName(u"members"_s);
    m_table->setAccessibleName(searchPurpose(relation));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowsModel(m_model);
    m_empty = new EmptyState(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    layout->setSpacing(theme::spacing(1));
    layout->addWidget(m_search);
    layout->addWidget(m_count);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);
    connect(m_search, &QLineEdit::textChanged, this, &MemberList::search);
    connect(m_search, &SearchEdit::listRequested, m_table,
        [this] { m_table->setFocus(Qt::OtherFocusReason); });
    connect(m_table, &TableView::currentRowChanged, this, [this](std::optional<Row> row) {
        emit currentChanged(row ? std::optional(m_model->object(*row).row) : std::nullopt);
    });
    connect(m_table, &TableView::rowActivated, this, [this](Row row) {
        const RelatedObjects* related = m_model->related();
        const QString id = related->index->connection(related->connection).connectionId;
        emit openRequested(
            m_relation != Relation::PeopleOfGroup, QString(id + u':' + m_model->rowKey(row)));
    });
    showState();
}

void MemberList::setObject(const DirectoryIndexPtr& index, std::size_t connection, Row of)
{
    const int request = ++m_request;
    runTask(m_workers, [index, connection, relation = m_relation, of] {
        return std::make_shared<const RelatedObjects>(findRelated(index, connection, relation, of));
    }).then(this, [this, request](const std::shared_ptr<const RelatedObjects>& related) {
        if (request == m_request) {
            take(related);
        }
    });
}

void MemberList::take(std::shared_ptr<const RelatedObjects> related)
{
    ++m_searchRequest;
    m_model->setRelated(std::move(related));
    emit counted(static_cast<std::int64_t>(m_model->related()->objects.size()));
    search(m_search->text());
}

void MemberList::search(const QString& text)
{
    if (m_model->related() == nullptr) {
        return;
    }
    if (text.trimmed().isEmpty()) {
        std::vector<Row> all(m_model->related()->objects.size());
        for (Row i = 0; i < all.size(); ++i) {
            all[i] = i;
        }
        ++m_searchRequest;
        m_model->show(std::move(all));
        showState();
        return;
    }
    const int request = ++m_searchRequest;
    runTask(m_workers, [related = m_model->shared(), text] {
        return filterRelated(*related, text);
    }).then(this, [this, request](const std::vector<Row>& positions) {
        if (request == m_searchRequest) {
            m_model->show(positions);
            showState();
        }
    });
}

void MemberList::showState()
{
    const RelatedObjects* related = m_model->related();
    const auto all = related == nullptr ? 0 : static_cast<std::int64_t>(related->objects.size());
    const bool any = m_model->rowCount() > 0;
    m_table->setVisible(any);
    m_empty->setVisible(related != nullptr && !any);
    m_search->setVisible(all > 0);
    m_count->setVisible(all > 0);
    if (related != nullptr) {
        m_count->setText(tr("%1 direct, %2 inherited")
                .arg(countText(related->direct), countText(all - related->direct)));
    }
    m_empty->setContent(all == 0
            ? EmptyState::Content { .icon = u"group"_s, .title = nothingText(m_relation) }
            : EmptyState::Content { .icon = u"search"_s,
                  .title = tr("No match"),
                  .text = tr("Nothing here holds “%1”.").arg(m_search->text()) });
}

} // namespace portreeve
