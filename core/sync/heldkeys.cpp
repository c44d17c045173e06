// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/removalkey.h"
#include "core/sync/syncplan.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

std::vector<QString> heldKeys(const QByteArray& planJson)
{
    std::vector<QString> keys;
    const QJsonArray changes
        = QJsonDocument::fromJson(planJson).object().value(u"changes"_s).toArray();
    for (const auto& value : changes) {
        const QJsonObject change = value.toObject();
        if (!change.value(u"held"_s).toBool()) {
            continue;
        }
        if (const QString key = change.value(u"key"_s).toString(); !key.isEmpty()) {
            keys.push_back(key);
            continue;
        }
        // of a hold that was stored before plans told them
        const QString kind = change.value(u"kind"_s).toString();
        const QString id = change.value(u"id"_s).toString();
        if (kind != objectKindName(ObjectKind::Membership)) {
            keys.push_back(kind + u':' + id);
            continue;
        }
        keys.push_back(membershipRemovalKey(id, change.value(u"member_id"_s).toString(),
            change.value(u"member_is_group"_s).toBool()));
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

} // namespace portreeve
