// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/refusalsmodel.h"

using namespace Qt::StringLiterals;

namespace portreeve {

RefusalsModel::RefusalsModel(QObject* parent)
    : RowsModel(
          { { .id = u"route"_s, .title = tr("Route"), .widthChars = 18, .sortable = false },
              { .id = u"policy"_s, .title = tr("Policy"), .widthChars = 18, .sortable = false },
              { .id = u"reason"_s, .title = tr("Why not"), .widthChars = 50, .sortable = false },
              { .id = u"fix"_s, .title = tr("What helps"), .widthChars = 40, .sortable = false } },
          parent)
{
}

void RefusalsModel::setRefusals(std::vector<ExportRefusal> refusals)
{
    swapRows(naturalOrder(refusals.size()), [&] { m_refusals = std::move(refusals); });
}

QString RefusalsModel::rowKey(Row row) const
{
    return QString::number(row);
}

QVariant RefusalsModel::cell(Row row, int column, int role) const
{
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    const ExportRefusal& refusal = m_refusals[row];
    switch (column) {
    case Route:
        return refusal.routeName;
    case Policy:
        return refusal.policyName;
    case Reason:
        return refusal.reason.translated();
    case Fix:
        return refusal.fix.translated();
    default:
        return {};
    }
}

} // namespace portreeve
