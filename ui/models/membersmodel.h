// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/directoryindex.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// Which objects around one user or group.
enum class Relation {
    GroupsOfUser, ///< direct and inherited
    PeopleOfGroup, ///< effective members
    GroupsBelow, ///< member groups, at any depth
    GroupsAbove, ///< groups this one is a member of, at any depth
};

/// One related user or group.
struct RelatedObject
{
    Row row = kNoRow;
    bool isDirect = false;
};

/// Everything related to one object, direct ones marked. Made off the GUI thread.
struct RelatedObjects
{
    DirectoryIndexPtr index {};
    std::size_t connection = 0;
    Relation relation = Relation::GroupsOfUser;
    std::vector<RelatedObject> objects {}; ///< direct ones first, each part by name
    std::int64_t direct = 0;
};

RelatedObjects findRelated(
    const DirectoryIndexPtr& index, std::size_t connection, Relation relation, Row of);

/// Positions in @p related whose object's text holds @p text, in their order.
std::vector<Row> filterRelated(const RelatedObjects& related, const QString& text);

/// A membership list, direct and inherited.
class MembersModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Name, How, Detail, Id };

    explicit MembersModel(Relation relation, QObject* parent = nullptr);

    void setRelated(std::shared_ptr<const RelatedObjects> related);
    void show(std::vector<Row> positions);

    const RelatedObjects* related() const { return m_related.get(); }

    std::shared_ptr<const RelatedObjects> shared() const { return m_related; }

    const RelatedObject& object(Row position) const { return m_related->objects[position]; }

    QString rowKey(Row row) const override; ///< the id

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    const Snapshot& snapshot() const;
    QVariant peopleIn(Row group, int role) const;

    Relation m_relation;
    std::shared_ptr<const RelatedObjects> m_related;
};

} // namespace portreeve
