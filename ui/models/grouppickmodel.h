// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/groupcatalog.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// Groups of a GroupCatalog to choose from.
class GroupPickModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Name, Id, Members, Connection };

    explicit GroupPickModel(GroupCatalogPtr groups, QObject* parent = nullptr);

    void show(std::vector<Row> rows);

    const GroupEntry& entry(Row row) const { return m_groups->entries()[row]; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    GroupCatalogPtr m_groups;
};

} // namespace portreeve
