// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// Routes that cannot be written, and why.
class RefusalsModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Route, Policy, Reason, Fix };

    explicit RefusalsModel(QObject* parent = nullptr);

    void setRefusals(std::vector<ExportRefusal> refusals);

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::vector<ExportRefusal> m_refusals;
};

} // namespace portreeve
