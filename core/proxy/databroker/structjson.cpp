// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/structjson.h"

#include <QJsonArray>

#include <google/protobuf/struct.pb.h>

namespace portreeve {

namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

QJsonObject toJson(const Struct& object);

QJsonValue toJson(const Value& value) // NOLINT(misc-no-recursion): protobuf limits the depth
{
    switch (value.kind_case()) {
    case Value::kNumberValue:
        return value.number_value();
    case Value::kStringValue:
        return QString::fromStdString(value.string_value());
    case Value::kBoolValue:
        return value.bool_value();
    case Value::kStructValue:
        return toJson(value.struct_value());
    case Value::kListValue: {
        QJsonArray list;
        for (const auto& item : value.list_value().values()) {
            list.append(toJson(item));
        }
        return list;
    }
    case Value::kNullValue:
    case Value::KIND_NOT_SET:
        return QJsonValue::Null;
    }
    return QJsonValue::Null;
}

QJsonObject toJson(const Struct& object) // NOLINT(misc-no-recursion): as above
{
    QJsonObject out;
    for (const auto& [key, value] : object.fields()) {
        out.insert(QString::fromStdString(key), toJson(value));
    }
    return out;
}

} // namespace

std::optional<QJsonObject> structToJson(const QByteArray& bytes)
{
    Struct object;
    if (!object.ParseFromArray(bytes.constData(), static_cast<int>(bytes.size()))) {
        return std::nullopt;
    }
    return toJson(object);
}

} // namespace portreeve
