// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/capabilitiesmodel.h"

#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace portreeve {

CapabilitiesModel::CapabilitiesModel(QObject* parent)
    : RowsModel(
          { { .id = u"what"_s, .title = tr("What"), .widthChars = 36, .sortable = false },
              { .id = u"possible"_s, .title = tr("Possible"), .widthChars = 12, .sortable = false },
              { .id = u"reason"_s, .title = tr("Why not"), .widthChars = 50, .sortable = false },
              { .id = u"remedy"_s,
                  .title = tr("What helps"),
                  .widthChars = 40,
                  .sortable = false } },
          parent)
{
}

void CapabilitiesModel::setCapabilities(std::vector<CapabilityRow> capabilities)
{
    swapRows(naturalOrder(capabilities.size()), [&] { m_capabilities = std::move(capabilities); });
}

QString CapabilitiesModel::rowKey(Row row) const
{
    return targetFeatureName(m_capabilities[row].feature);
}

QVariant CapabilitiesModel::cell(Row row, int column, int role) const
{
    const auto& capability = m_capabilities[row];
    if (role == Qt::DecorationRole && column == Possible) {
        return capability.allowed ? theme::icon(u"success"_s, theme::Role::Success)
                                  : theme::icon(u"stop"_s, theme::Role::Muted);
    }
    return role == Qt::DisplayRole || role == kRawRole ? QVariant(text(capability, column))
                                                       : QVariant();
}

QString CapabilitiesModel::text(const CapabilityRow& capability, int column) const
{
    switch (column) {
    case What:
        return capability.what.translated();
    case Possible:
        return capability.allowed ? tr("Yes") : tr("No");
    case Reason:
        return capability.reason.translated();
    case Remedy:
        return capability.remedy.translated();
    default:
        return {};
    }
}

} // namespace portreeve
