// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/deliverymodel.h"

#include "ui/models/changetext.h"
#include "ui/models/targettext.h"

#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

DeliveryModel::DeliveryModel(QObject* parent)
    : RowsModel(
          { { .id = u"action"_s, .title = tr("Action"), .widthChars = 14, .sortable = false },
              { .id = u"kind"_s, .title = tr("Kind"), .widthChars = 12, .sortable = false },
              { .id = u"name"_s,
                  .title = tr("Name"),
                  .widthChars = 56,
                  .sortable = false,
                  .elidesMiddle = true },
              { .id = u"what"_s, .title = tr("Change"), .widthChars = 40, .sortable = false } },
          parent)
{
}

void DeliveryModel::setPlan(DeliveryPlanPtr plan)
{
    const std::size_t count = plan ? plan->changes.size() : 0;
    swapRows(naturalOrder(count), [&] { m_plan = std::move(plan); });
}

QString DeliveryModel::rowKey(Row row) const
{
    const DeliveryChange& here = change(row);
    return deliveredKindName(here.kind) + u':' + here.id;
}

QVariant DeliveryModel::cell(Row row, int column, int role) const
{
    const DeliveryChange& here = change(row);
    if (role == Qt::DecorationRole && column == Action) {
        return actionIcon(here.action);
    }
    if (role == Qt::ForegroundRole && column == Action) {
        return theme::color(actionRole(here.action), QGuiApplication::palette());
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case Action:
        return actionText(here.action);
    case Kind:
        return deliveredKindText(here.kind);
    case Name:
        return here.name.isEmpty() || here.name == here.id ? here.id
                                                           : tr("%1 (%2)").arg(here.name, here.id);
    case What:
        return here.isForeign ? tr("Somebody else's. %1").arg(attributeSummary(here.fields))
                              : attributeSummary(here.fields);
    default:
        return {};
    }
}

} // namespace portreeve
