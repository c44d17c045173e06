// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/directoryindex.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// Users of all connections; columns as UserColumn.
class UsersModel final : public RowsModel
{
    Q_OBJECT

public:
    explicit UsersModel(QObject* parent = nullptr);

    void show(DirectoryIndexPtr index, std::vector<Row> rows);

    const DirectoryIndexPtr& directory() const { return m_index; } ///< what the rows belong to

    QString rowKey(Row row) const override; ///< "<connection id>:<id>"

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    DirectoryIndexPtr m_index;
};

/// Groups or org units of all connections; columns as GroupColumn.
class GroupsModel final : public RowsModel
{
    Q_OBJECT

public:
    explicit GroupsModel(QObject* parent = nullptr);

    void show(DirectoryIndexPtr index, std::vector<Row> rows);

    const DirectoryIndexPtr& directory() const { return m_index; } ///< what the rows belong to

    QString rowKey(Row row) const override; ///< "<connection id>:<id>"

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    DirectoryIndexPtr m_index;
};

/// Removed users and groups that can still come back.
class TombstonesModel final : public RowsModel
{
    Q_OBJECT

public:
    struct Line
    {
        Tombstone tombstone {};
        QString connectionName {};
    };

    enum ColumnId { Name, Kind, RemovedAt, Run, Connection, Id };

    explicit TombstonesModel(QObject* parent = nullptr);

    void setLines(std::vector<Line> lines);

    /// Lines whose name or id holds @p text.
    void filter(const QString& text);

    const Line& line(Row row) const { return m_lines[row]; }

    std::size_t total() const { return m_lines.size(); }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::vector<Line> m_lines;
    TextSearch m_search;
};

QString userStateText(UserState state);

} // namespace portreeve
