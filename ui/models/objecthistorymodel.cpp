// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/objecthistorymodel.h"

#include "ui/models/changetext.h"
#include "ui/widgets/timetext.h"

using namespace Qt::StringLiterals;

namespace portreeve {

ObjectHistoryModel::ObjectHistoryModel(QObject* parent)
    : RowsModel({ { .id = u"when"_s, .title = tr("When"), .widthChars = 26, .sortable = false },
                    { .id = u"what"_s, .title = tr("What"), .widthChars = 50, .sortable = false },
                    { .id = u"run"_s,
                        .title = tr("Run"),
                        .alignment = Qt::AlignTrailing | Qt::AlignVCenter,
                        .widthChars = 7,
                        .sortable = false } },
          parent)
{
}

void ObjectHistoryModel::setEvents(std::vector<RunHistory::ObjectEvent> events)
{
    swapRows(naturalOrder(events.size()), [&] { m_events = std::move(events); });
}

QString ObjectHistoryModel::rowKey(Row row) const
{
    const RunHistory::ObjectEvent& event = m_events[row];
    return QString::number(event.runId) + u':' + event.change.id + u':' + event.change.memberId;
}

QVariant ObjectHistoryModel::cell(Row row, int column, int role) const
{
    const RunHistory::ObjectEvent& event = m_events[row];
    if (role == Qt::DecorationRole && column == What) {
        return actionIcon(event.change.action);
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case When:
        return role == kRawRole ? toRfc3339(event.at) : exactTime(event.at);
    case What:
        return changeSentence(event.change);
    case Run:
        return QVariant::fromValue(event.runId);
    default:
        return {};
    }
}

} // namespace portreeve
