// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/parser.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// What parser and lint found in a policy, by place.
class DiagnosticsModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Level, Line, What, Fix };

    explicit DiagnosticsModel(QObject* parent = nullptr);

    void setDiagnostics(std::vector<policy::Diagnostic> diagnostics);

    const policy::Diagnostic& diagnostic(Row row) const { return m_diagnostics[row]; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::vector<policy::Diagnostic> m_diagnostics;
};

} // namespace portreeve
