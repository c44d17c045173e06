// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/attachmentstore.h"
#include "ui/models/rowsmodel.h"

namespace portreeve {

/// Policies of ours on routes of others at one target.
class AttachmentsModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Route, Policy, State, Since, Actor };

    explicit AttachmentsModel(QObject* parent = nullptr);

    void setAttachments(std::vector<AttachedPolicy> attachments, UtcTime now);

    const AttachedPolicy& attachment(Row row) const { return m_attachments[row]; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    QString text(const AttachedPolicy& attachment, int column) const;

    std::vector<AttachedPolicy> m_attachments;
    UtcTime m_now {};
};

} // namespace portreeve
