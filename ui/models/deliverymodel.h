// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/rowsmodel.h"
#include "ui/models/targetboard.h"

namespace portreeve {

/// What a delivery would add, change or delete at a target.
class DeliveryModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Action, Kind, Name, What };

    explicit DeliveryModel(QObject* parent = nullptr);

    void setPlan(DeliveryPlanPtr plan);

    const DeliveryChange& change(Row row) const { return m_plan->changes[row]; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    DeliveryPlanPtr m_plan;
};

} // namespace portreeve
