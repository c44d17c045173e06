// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/pushrecords.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// Deliveries to one target, newest first.
class PushesModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Started, Outcome, Trigger, Users, Groups, Policies, Routes, Duration, Error };

    explicit PushesModel(QObject* parent = nullptr);

    void setPushes(std::vector<PushRecord> pushes, UtcTime now);

    const PushRecord& push(Row row) const { return m_pushes[row]; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    QString text(const PushRecord& push, int column) const;

    std::vector<PushRecord> m_pushes;
    UtcTime m_now {};
};

} // namespace portreeve
