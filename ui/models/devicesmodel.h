// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/deviceboard.h"
#include "ui/models/rowsmodel.h"
#include "ui/theme/theme.h"

namespace portreeve {

QString deviceStatusText(devices::DeviceStatus status);
theme::Role deviceStatusRole(devices::DeviceStatus status);
QString deviceStatusIconName(devices::DeviceStatus status);
QString linkStateText(devices::LinkState state);
QString deviceDetailsText(const devices::DeviceRow& device); ///< what the table has no room for
QString doneStepsText(const devices::RevokeReport& report); ///< names of its steps

/// Devices, pending enrollments and lost links of one target.
class DevicesModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId {
        User,
        Email,
        Device,
        Type,
        Status,
        ApprovedBy,
        Enrolled,
        LastVerified,
        Credential,
        Link
    };

    explicit DevicesModel(QObject* parent = nullptr);

    /// @param order  the rows to show, in their order
    void setRows(
        DeviceRowsPtr rows, std::vector<Row> order, std::vector<devices::DeviceType> types);

    void setNow(UtcTime now) { m_now = now; }

    const devices::DeviceRow& device(Row row) const { return (*m_rows)[row]; }

    QString rowKey(Row row) const override;

    /// Rows that hold @p text and have @p status, by user.
    static std::vector<Row> filter(const std::vector<devices::DeviceRow>& rows, const QString& text,
        std::optional<devices::DeviceStatus> status);

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    QString text(const devices::DeviceRow& device, int column) const;

    DeviceRowsPtr m_rows;
    std::vector<devices::DeviceType> m_types;
    UtcTime m_now {};
};

} // namespace portreeve
