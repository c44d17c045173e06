// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/capabilities.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// What one target can do, and why it cannot do the rest.
class CapabilitiesModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { What, Possible, Reason, Remedy };

    explicit CapabilitiesModel(QObject* parent = nullptr);

    void setCapabilities(std::vector<CapabilityRow> capabilities);

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    QString text(const CapabilityRow& capability, int column) const;

    std::vector<CapabilityRow> m_capabilities;
};

} // namespace portreeve
