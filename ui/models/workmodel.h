// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/changesboard.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// The connections with what waits to be looked at on each.
class WorkModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Name, State };

    explicit WorkModel(const ChangesBoard& board, QObject* parent = nullptr);

    void refresh(); ///< the list changed
    void refreshRow(const QString& connectionId); ///< one connection's state changed

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    QString stateText(const ConnectionWork& work) const;
    QIcon stateIcon(const ConnectionWork& work) const;

    const ChangesBoard& m_board;
    std::vector<QString> m_ids;
};

} // namespace portreeve
