// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/records.h"
#include "ui/models/planmodel.h"

namespace portreeve {

/// One removal or suspension that waits.
struct HeldLine
{
    QString key {}; ///< removalKey()
    ObjectKind kind = ObjectKind::User;
    ChangeAction action = ChangeAction::Remove;
    QString name {};
    QString reason {}; ///< guards that hold it
    bool approvable = true;
};

/// What waits, from a plan in memory or from a hold in the store, and why.
struct HeldRowsView
{
    QString planHash {}; ///< of what is left to decide: heldPart()
    std::vector<QString> reasons {}; ///< a sentence with numbers for each guard
    std::vector<HeldLine> lines {};
    std::int64_t locked = 0; ///< lines that cannot be approved (G7)
};

/// @param protectedUsers  sorted ids; their removal is locked when G7 tripped
HeldRowsView heldRowsOf(const SyncPlan& plan, const std::vector<QString>& protectedUsers);
HeldRowsView heldRowsOf(const Hold& hold, const std::vector<QString>& protectedUsers);

class HeldModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { What, Kind, Name, Reason };

    explicit HeldModel(QObject* parent = nullptr);

    void setRows(HeldRowsView rows);
    void filter(const QString& text);

    const HeldRowsView& rows() const { return m_rows; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    HeldRowsView m_rows;
};

} // namespace portreeve
