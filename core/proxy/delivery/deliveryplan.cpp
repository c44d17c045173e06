// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/deliveryplan.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using Foreign = DeliveryChoices::Foreign;

const auto& foreignNames()
{
    static const std::array<std::pair<Foreign, QString>, 4> names { {
        { Foreign::LeaveAlone, u"leave_alone"_s },
        { Foreign::Adopt, u"adopt"_s },
        { Foreign::Delete, u"delete"_s },
        { Foreign::Keep, u"keep"_s },
    } };
    return names;
}

QJsonObject countsJson(const DeliveryCounts& counts)
{
    return { { u"put"_s, qint64(counts.put) }, { u"deleted"_s, qint64(counts.deleted) },
        { u"unchanged"_s, qint64(counts.unchanged) } };
}

QJsonObject changeJson(const DeliveryChange& change)
{
    QJsonObject object { { u"kind"_s, deliveredKindName(change.kind) },
        { u"action"_s, changeActionName(change.action) }, { u"id"_s, change.id },
        { u"name"_s, change.name } };
    if (change.isForeign) {
        object.insert(u"foreign"_s, true);
    }
    QJsonArray fields;
    for (const auto& field : change.fields) {
        fields.append(QJsonObject { { u"name"_s, field.name }, { u"before"_s, field.before },
            { u"after"_s, field.after } });
    }
    if (!fields.isEmpty()) {
        object.insert(u"fields"_s, fields);
    }
    return object;
}

QJsonArray rowsJson(const std::vector<DeliveryRow>& rows)
{
    QJsonArray out;
    for (const auto& row : rows) {
        out.append(QJsonObject { { u"kind"_s, deliveredKindName(row.kind) }, { u"id"_s, row.id },
            { u"name"_s, row.name }, { u"what"_s, row.what.english() },
            { u"remedy"_s, row.remedy.english() } });
    }
    return out;
}

QJsonArray textsJson(const std::vector<Message>& texts)
{
    QJsonArray out;
    for (const auto& text : texts) {
        out.append(text.english());
    }
    return out;
}

QJsonArray filesJson(const std::vector<DeliveryFile>& files)
{
    QJsonArray out;
    for (const auto& file : files) {
        out.append(QJsonObject { { u"path"_s, file.path }, { u"exists"_s, file.exists },
            { u"differs"_s, file.differs }, { u"bytes"_s, qint64(file.bytes) } });
    }
    return out;
}

QJsonObject accessJson(const std::vector<AccessChange>& changes)
{
    QJsonArray gained;
    QJsonArray lost;
    for (const auto& change : changes) {
        (change.gained ? gained : lost)
            .append(QJsonObject { { u"user"_s, change.userId }, { u"name"_s, change.userName },
                { u"route"_s, change.route } });
    }
    return { { u"gained"_s, gained }, { u"lost"_s, lost } };
}

} // namespace

bool DeliveryPlan::changesFiles() const
{
    return std::any_of(
        files.begin(), files.end(), [](const DeliveryFile& file) { return file.differs; });
}

QJsonObject DeliveryPlan::toJson() const
{
    QJsonArray all;
    for (const auto& change : changes) {
        all.append(changeJson(change));
    }
    QJsonArray errors;
    for (const auto& error : blocked) {
        errors.append(error.toJson());
    }
    return { { u"target"_s, targetName }, { u"target_id"_s, targetId },
        { u"generation"_s, qint64(generation) }, { u"users"_s, countsJson(counts.users) },
        { u"groups"_s, countsJson(counts.groups) }, { u"policies"_s, countsJson(counts.policies) },
        { u"routes"_s, countsJson(counts.routes) },
        // above 2^53 for real servers, so text
        { u"server_version"_s,
            serverVersion == 0 ? QJsonValue() : QJsonValue(QString::number(serverVersion)) },
        { u"verdict"_s, verdictName(verdict) }, { u"held_reasons"_s, textsJson(heldReasons) },
        { u"plan_hash"_s, planHash }, { u"changes"_s, all }, { u"files"_s, filesJson(files) },
        { u"foreign"_s, rowsJson(foreign) }, { u"refusals"_s, rowsJson(refusals) },
        { u"conflicts"_s, rowsJson(conflicts) }, { u"warnings"_s, rowsJson(warnings) },
        { u"blocked"_s, errors }, { u"notes"_s, textsJson(notes) },
        { u"access_known"_s, accessKnown }, { u"access"_s, accessJson(access) } };
}

QString foreignChoiceName(Foreign choice)
{
    for (const auto& [value, name] : foreignNames()) {
        if (value == choice) {
            return name;
        }
    }
    return {};
}

std::optional<Foreign> foreignChoiceFromName(QStringView name)
{
    for (const auto& [value, known] : foreignNames()) {
        if (known == name) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace portreeve
