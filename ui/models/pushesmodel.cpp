// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/pushesmodel.h"

#include "ui/models/targettext.h"
#include "ui/widgets/timetext.h"

using namespace Qt::StringLiterals;

namespace portreeve {

PushesModel::PushesModel(QObject* parent)
    : RowsModel(
          { { .id = u"started"_s, .title = tr("Started"), .widthChars = 20, .sortable = false },
              { .id = u"outcome"_s, .title = tr("Outcome"), .widthChars = 16, .sortable = false },
              { .id = u"trigger"_s, .title = tr("Why"), .widthChars = 18, .sortable = false },
              { .id = u"users"_s, .title = tr("Users"), .widthChars = 20, .sortable = false },
              { .id = u"groups"_s, .title = tr("Groups"), .widthChars = 18, .sortable = false },
              { .id = u"policies"_s, .title = tr("Policies"), .widthChars = 16, .sortable = false },
              { .id = u"routes"_s, .title = tr("Routes"), .widthChars = 16, .sortable = false },
              { .id = u"duration"_s, .title = tr("Took"), .widthChars = 14, .sortable = false },
              { .id = u"error"_s, .title = tr("Error"), .widthChars = 40, .sortable = false } },
          parent)
{
}

void PushesModel::setPushes(std::vector<PushRecord> pushes, UtcTime now)
{
    swapRows(naturalOrder(pushes.size()), [&] {
        m_pushes = std::move(pushes);
        m_now = now;
    });
}

QString PushesModel::rowKey(Row row) const
{
    return QString::number(m_pushes[row].id);
}

QVariant PushesModel::cell(Row row, int column, int role) const
{
    const PushRecord& push = m_pushes[row];
    if (role == Qt::DecorationRole && column == Outcome && push.finishedAt) {
        return theme::icon(pushOutcomeIconName(push.outcome), pushOutcomeRole(push.outcome));
    }
    if (role == kRawRole && column == Started) {
        return toRfc3339(push.startedAt);
    }
    return role == Qt::DisplayRole || role == kRawRole ? QVariant(text(push, column)) : QVariant();
}

QString PushesModel::text(const PushRecord& push, int column) const
{
    switch (column) {
    case Started:
        return shortTime(push.startedAt, m_now);
    case Outcome:
        return push.finishedAt ? pushOutcomeText(push.outcome) : tr("Going on");
    case Trigger:
        return pushTriggerText(push.trigger);
    case Users:
        return deliveryCountsText(push.counts.users);
    case Groups:
        return deliveryCountsText(push.counts.groups);
    case Policies:
        return deliveryCountsText(push.counts.policies);
    case Routes:
        return deliveryCountsText(push.counts.routes);
    case Duration:
        return push.finishedAt ? durationText(*push.finishedAt - push.startedAt) : tr("–");
    case Error:
        return push.error ? push.error->what.translated() : QString();
    default:
        return {};
    }
}

} // namespace portreeve
