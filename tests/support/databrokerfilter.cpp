// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/databrokerfilter.h"

#include <QHostAddress>
#include <QString>

#include <algorithm>

namespace portreeve::test {

namespace {

google::protobuf::Struct dataOf(const databroker::Record& record)
{
    google::protobuf::Struct data;
    data.ParseFromString(record.data().value());
    return data;
}

bool matchesIndex(const std::string& address, const databroker::Record& record)
{
    const auto data = dataOf(record);
    const auto index = data.fields().find("$index");
    if (index == data.fields().end()) {
        return false;
    }
    const auto& fields = index->second.struct_value().fields();
    const auto cidr = fields.find("cidr");
    return cidr != fields.end()
        && QHostAddress(QString::fromStdString(address))
               .isInSubnet(
                   QHostAddress::parseSubnet(QString::fromStdString(cidr->second.string_value())));
}

std::optional<bool> matchesList(
    const std::string& how, const google::protobuf::Value& list, const databroker::Record& record)
{
    bool any = false;
    bool all = true;
    for (const auto& part : list.list_value().values()) {
        const auto verdict = matchesFilter(part.struct_value(), record);
        if (!verdict) {
            return std::nullopt;
        }
        any = any || *verdict;
        all = all && *verdict;
    }
    return how == "$or" ? any : all;
}

bool containsText(const google::protobuf::Value& value, const QString& words)
{
    if (value.has_list_value()) {
        const auto& items = value.list_value().values();
        return std::any_of(items.begin(), items.end(),
            [&words](const google::protobuf::Value& item) { return containsText(item, words); });
    }
    return QString::fromStdString(value.string_value()).contains(words, Qt::CaseInsensitive);
}

} // namespace

std::optional<bool> matchesFilter(
    const google::protobuf::Struct& filter, const databroker::Record& record)
{
    for (const auto& [key, value] : filter.fields()) {
        if (key == "$not") {
            return std::nullopt;
        }
        std::optional<bool> verdict = false;
        if (key == "$or" || key == "$and") {
            verdict = matchesList(key, value, record);
        } else if (key == "$index") {
            verdict = matchesIndex(value.string_value(), record);
        } else if (key == "id") {
            verdict = value.kind_case() == google::protobuf::Value::kStringValue
                && value.string_value() == record.id();
        }
        if (!verdict || !*verdict) {
            return verdict;
        }
    }
    return true;
}

bool matchesText(const std::string& words, const databroker::Record& record)
{
    if (words.empty()) {
        return true;
    }
    const auto data = dataOf(record);
    const auto& fields = data.fields();
    return std::any_of(fields.begin(), fields.end(), [&words](const auto& field) {
        return containsText(field.second, QString::fromStdString(words));
    });
}

} // namespace portreeve::test
