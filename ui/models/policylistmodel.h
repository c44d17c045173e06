// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/policylibrary.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// The stored policies, by name.
class PolicyListModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Name, Routes, State };

    explicit PolicyListModel(const PolicyLibrary& library, QObject* parent = nullptr);

    void refresh();

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    struct Line
    {
        QString id;
        QString name;
        int routes = 0;
        int orphans = 0;
        bool readable = true;
        bool enforced = false;
        bool empty = false;
    };

    static QString stateText(const Line& line);

    const PolicyLibrary& m_library;
    std::vector<Line> m_lines;
};

/// The stored routes, by name.
class RouteListModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Name, From, Policies };

    explicit RouteListModel(const PolicyLibrary& library, QObject* parent = nullptr);

    void refresh();

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    const PolicyLibrary& m_library;
    std::vector<StoredRoute> m_routes;
};

} // namespace portreeve
