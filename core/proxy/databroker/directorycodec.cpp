// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/directorycodec.h"

#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <string>

namespace portreeve {

namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

/// Tags of length-delimited fields: number << 3 | 2.
namespace tag {
constexpr char kStructField = 0x0a;
constexpr char kEntryKey = 0x0a;
constexpr char kEntryValue = 0x12;
constexpr char kStringValue = 0x1a;
constexpr char kListValue = 0x32;
constexpr char kListItem = 0x0a;
} // namespace tag

constexpr quint32 kLowBits = 0x7f;
constexpr quint32 kContinues = 0x80;
constexpr int kBitsPerByte = 7;

void appendField(QByteArray& out, char tag, QByteArrayView content)
{
    out.append(tag);
    auto length = static_cast<quint32>(content.size());
    while (length > kLowBits) {
        out.append(static_cast<char>((length & kLowBits) | kContinues));
        length >>= kBitsPerByte;
    }
    out.append(static_cast<char>(length));
    out.append(content);
}

/// Writes a Struct directly: a tree of generated messages costs ten times as much for 100,000
/// records, and leaves the order of keys to chance.
class StructWriter
{
public:
    void addText(const char* key, const QString& text)
    {
        m_value.clear();
        appendField(m_value, tag::kStringValue, text.toUtf8());
        addEntry(key);
    }

    void addList(const char* key, const std::vector<QString>& items)
    {
        m_list.clear();
        for (const auto& item : items) {
            m_value.clear();
            appendField(m_value, tag::kStringValue, item.toUtf8());
            appendField(m_list, tag::kListItem, m_value);
        }
        m_value.clear();
        appendField(m_value, tag::kListValue, m_list);
        addEntry(key);
    }

    QByteArray take() { return std::move(m_out); }

private:
    void addEntry(const char* key)
    {
        m_entry.clear();
        appendField(m_entry, tag::kEntryKey, key);
        appendField(m_entry, tag::kEntryValue, m_value);
        appendField(m_out, tag::kStructField, m_entry);
    }

    QByteArray m_value;
    QByteArray m_list;
    QByteArray m_entry;
    QByteArray m_out;
};

std::optional<Struct> parse(const QString& typeUrl, const QByteArray& data)
{
    Struct object;
    if (typeUrl != kStructTypeUrl
        || !object.ParseFromArray(data.constData(), static_cast<int>(data.size()))) {
        return std::nullopt;
    }
    return object;
}

/// False when the key holds something else than text; a missing key is empty text.
bool readText(const Struct& object, const char* key, QString& out)
{
    const auto found = object.fields().find(key);
    if (found == object.fields().end()) {
        return true;
    }
    out = QString::fromStdString(found->second.string_value());
    return found->second.kind_case() == Value::kStringValue;
}

bool readList(const Struct& object, const char* key, std::vector<QString>& out)
{
    const auto found = object.fields().find(key);
    if (found == object.fields().end()) {
        return true;
    }
    if (found->second.kind_case() != Value::kListValue) {
        return false;
    }
    const auto& values = found->second.list_value().values();
    out.reserve(static_cast<std::size_t>(values.size()));
    return std::all_of(values.begin(), values.end(), [&out](const Value& value) {
        out.push_back(QString::fromStdString(value.string_value()));
        return value.kind_case() == Value::kStringValue;
    });
}

std::vector<std::string> sortedItems(const Value& list)
{
    std::vector<std::string> items;
    items.reserve(static_cast<std::size_t>(list.list_value().values_size()));
    for (const auto& item : list.list_value().values()) {
        items.push_back(item.SerializeAsString());
    }
    std::sort(items.begin(), items.end());
    return items;
}

bool isSameValue(const std::string& key, const Value& a, const Value& b)
{
    if (key == "group_ids" && a.has_list_value() && b.has_list_value()) {
        return sortedItems(a) == sortedItems(b);
    }
    return a.SerializeAsString() == b.SerializeAsString();
}

} // namespace

QByteArray encodeDirectoryRecord(const DirectoryUserRecord& user)
{
    StructWriter writer;
    writer.addText("id", user.id);
    writer.addList("group_ids", user.groupIds);
    writer.addText("display_name", user.displayName);
    writer.addText("email", user.email);
    return writer.take();
}

QByteArray encodeDirectoryRecord(const DirectoryGroupRecord& group)
{
    StructWriter writer;
    writer.addText("id", group.id);
    writer.addText("name", group.name);
    writer.addText("email", group.email);
    return writer.take();
}

std::optional<DirectoryUserRecord> decodeDirectoryUser(
    const QString& typeUrl, const QByteArray& data)
{
    const auto object = parse(typeUrl, data);
    DirectoryUserRecord user;
    const bool usable = object && readText(*object, "id", user.id)
        && readText(*object, "display_name", user.displayName)
        && readText(*object, "email", user.email) && readList(*object, "group_ids", user.groupIds);
    return usable ? std::optional(std::move(user)) : std::nullopt;
}

std::optional<DirectoryGroupRecord> decodeDirectoryGroup(
    const QString& typeUrl, const QByteArray& data)
{
    const auto object = parse(typeUrl, data);
    DirectoryGroupRecord group;
    const bool usable = object && readText(*object, "id", group.id)
        && readText(*object, "name", group.name) && readText(*object, "email", group.email);
    return usable ? std::optional(std::move(group)) : std::nullopt;
}

bool isSameDirectoryRecord(
    const QByteArray& expected, const QString& typeUrl, const QByteArray& data)
{
    if (typeUrl == kStructTypeUrl && data == expected) {
        return true;
    }
    const auto ours = parse(kStructTypeUrl, expected);
    const auto theirs = parse(typeUrl, data);
    if (!ours || !theirs || ours->fields_size() != theirs->fields_size()) {
        return false;
    }
    return std::all_of(ours->fields().begin(), ours->fields().end(), [&theirs](const auto& field) {
        const auto found = theirs->fields().find(field.first);
        return found != theirs->fields().end()
            && isSameValue(field.first, field.second, found->second);
    });
}

} // namespace portreeve
