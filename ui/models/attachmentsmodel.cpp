// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/attachmentsmodel.h"

#include "ui/widgets/timetext.h"

using namespace Qt::StringLiterals;

namespace portreeve {

AttachmentsModel::AttachmentsModel(QObject* parent)
    : RowsModel(
          { { .id = u"route"_s, .title = tr("Route"), .widthChars = 30, .sortable = false },
              { .id = u"policy"_s, .title = tr("Policy"), .widthChars = 30, .sortable = false },
              { .id = u"state"_s, .title = tr("State"), .widthChars = 30, .sortable = false },
              { .id = u"since"_s, .title = tr("Since"), .widthChars = 20, .sortable = false },
              { .id = u"actor"_s, .title = tr("By"), .widthChars = 16, .sortable = false } },
          parent)
{
}

void AttachmentsModel::setAttachments(std::vector<AttachedPolicy> attachments, UtcTime now)
{
    swapRows(naturalOrder(attachments.size()), [&] {
        m_attachments = std::move(attachments);
        m_now = now;
    });
}

QString AttachmentsModel::rowKey(Row row) const
{
    const auto& attachment = m_attachments[row];
    return attachment.routeId + u'\n' + attachment.policyId;
}

QVariant AttachmentsModel::cell(Row row, int column, int role) const
{
    const auto& attachment = m_attachments[row];
    if (role == kRawRole && column == Route) {
        return attachment.routeId;
    }
    if (role == kRawRole && column == Since) {
        return toRfc3339(attachment.since);
    }
    return role == Qt::DisplayRole || role == kRawRole ? QVariant(text(attachment, column))
                                                       : QVariant();
}

QString AttachmentsModel::text(const AttachedPolicy& attachment, int column) const
{
    switch (column) {
    case Route:
        return attachment.routeName.isEmpty() ? attachment.routeId : attachment.routeName;
    case Policy:
        return attachment.policyName;
    case State:
        return attachment.wanted ? tr("Attached") : tr("Leaves with the next delivery");
    case Since:
        return shortTime(attachment.since, m_now);
    case Actor:
        return attachment.actor;
    default:
        return {};
    }
}

} // namespace portreeve
