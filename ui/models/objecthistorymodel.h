// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/runhistory.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// What happened to one user or group, newest first.
class ObjectHistoryModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { When, What, Run };

    explicit ObjectHistoryModel(QObject* parent = nullptr);

    void setEvents(std::vector<RunHistory::ObjectEvent> events);

    std::int64_t runOf(Row row) const { return m_events[row].runId; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::vector<RunHistory::ObjectEvent> m_events;
};

} // namespace portreeve
