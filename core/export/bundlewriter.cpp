// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "core/export/bundleentries.h"

#include <QCryptographicHash>

#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
void appendString(QByteArray& out, const QString& text)
{
    constexpr char hex[] = "0123456789abcdef";
    constexpr unsigned char firstPrintable = 0x20;
    out += '"';
    const QByteArray utf8 = text.toUtf8();
    for (const char character : utf8) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += character;
        } else if (byte < firstPrintable) {
            out += "\\u00";
            out += hex[byte / 16];
            out += hex[byte % 16];
        } else {
            out += character;
        }
    }
    out += '"';
}

void appendMember(QByteArray& out, const char* key, const QString& value)
{
    if (value.isEmpty()) {
        return;
    }
    out += out.endsWith('{') ? "\"" : ",\"";
    out += key;
    out += "\":";
    appendString(out, value);
}

void appendUser(QByteArray& out, const BundleUser& user)
{
    out += '{';
    appendMember(out, "id", user.id);
    if (!user.groupIds.empty()) {
        out += ",\"group_ids\":[";
        for (const auto& id : user.groupIds) {
            if (!out.endsWith('[')) {
                out += ',';
            }
            appendString(out, id);
        }
        out += ']';
    }
    appendMember(out, "display_name", user.displayName);
    appendMember(out, "email", user.email);
    out += '}';
}

void appendGroup(QByteArray& out, const BundleGroup& group)
{
    out += '{';
    appendMember(out, "id", group.id);
    appendMember(out, "name", group.name);
    appendMember(out, "email", group.email);
    out += '}';
}

template <typename Record, typename Append>
QByteArray jsonArray(const std::vector<Record>& records, Append append)
{
    QByteArray out("[");
    for (const auto& record : records) {
        if (&record != &records.front()) {
            out += ',';
        }
        append(out, record);
    }
    return out + "]\n";
}

bool isBefore(const QString& a, const QString& b)
{
    return a.toUtf8() < b.toUtf8();
}

void sortBundle(Bundle& bundle)
{
    const auto byId = [](const auto& a, const auto& b) { return isBefore(a.id, b.id); };
    std::sort(bundle.users.begin(), bundle.users.end(), byId);
    std::sort(bundle.groups.begin(), bundle.groups.end(), byId);
    for (auto& user : bundle.users) {
        auto& ids = user.groupIds;
        std::sort(ids.begin(), ids.end(), isBefore);
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    }
}

Error zipFailure(const QString& detail)
{
    return { .code = ErrorCode::Storage,
        .what = message(QT_TRANSLATE_NOOP("Message", "The bundle could not be packed.")),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Check that there is enough free memory, then try again.")),
        .detail = detail };
}

struct Entry
{
    const char* name = "";
    QByteArray content {};
};

Result<QByteArray> pack(const std::array<Entry, 2>& entries)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_t* archive
        = buffer == nullptr ? nullptr : zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
    if (archive == nullptr) {
        zip_source_free(buffer);
        return zipFailure(QString::fromUtf8(zip_error_strerror(&error)));
    }
    zip_source_keep(buffer); // zip_close gives its own reference back
    const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> keeper(
        buffer, &zip_source_free);
    for (const auto& entry : entries) {
        zip_source_t* content = zip_source_buffer(
            archive, entry.content.constData(), static_cast<zip_uint64_t>(entry.content.size()), 0);
        const auto index = zip_file_add(archive, entry.name, content, ZIP_FL_ENC_UTF_8);
        const bool added = index >= 0
            && zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, 0, 0) == 0;
        if (!added) {
            const auto detail = QString::fromUtf8(zip_strerror(archive));
            zip_discard(archive);
            return zipFailure(detail);
        }
    }
    if (zip_close(archive) != 0) {
        const auto detail = QString::fromUtf8(zip_strerror(archive));
        zip_discard(archive);
        return zipFailure(detail);
    }
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_source_stat(buffer, &status) != 0 || zip_source_open(buffer) != 0) {
        return zipFailure(u"packed bytes cannot be read"_s);
    }
    QByteArray bytes(static_cast<qsizetype>(status.size), Qt::Uninitialized);
    const auto count = zip_source_read(buffer, bytes.data(), status.size);
    zip_source_close(buffer);
    if (count != static_cast<zip_int64_t>(status.size)) {
        return zipFailure(u"packed bytes are cut off"_s);
    }
    return bytes;
}
} // namespace

Result<BundleFile> writeBundle(Bundle bundle)
{
    sortBundle(bundle);
    const std::array<Entry, 2> entries {
        Entry { .name = kGroupEntry, .content = jsonArray(bundle.groups, appendGroup) },
        Entry { .name = kUserEntry, .content = jsonArray(bundle.users, appendUser) },
    };
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const auto& entry : entries) {
        hash.addData(entry.content);
    }
    auto bytes = pack(entries);
    if (!bytes) {
        return bytes.error();
    }
    return BundleFile { .bytes = std::move(*bytes), .etag = '"' + hash.result().toHex() + '"' };
}

} // namespace portreeve
