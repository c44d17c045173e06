// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/bundle.h"
#include "core/export/bundleentries.h"
#include "core/export/jsonarrayreader.h"

#include <QJsonArray>
#include <QSet>

#include <unistd.h>
#include <zip.h>

#include <array>
#include <memory>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
using ArchivePointer = std::unique_ptr<zip_t, decltype(&zip_discard)>;

Error malformed(const BundleSource& source, const QString& detail)
{
    return { .code = ErrorCode::BadResponse,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 is not a sound directory bundle: %2."),
            source.name, detail),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed here. Have the bundle written again by the program it comes "
            "from.")) };
}

Error tooLarge(const BundleSource& source, const QString& detail)
{
    return { .code = ErrorCode::LimitExceeded,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 is larger than a bundle may be: %2."),
            source.name, detail),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Nothing was changed here. Check that the source holds a directory bundle and not "
            "something else.")) };
}

Result<ArchivePointer> openArchive(const BundleSource& source)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_t* archive = nullptr;
    if (source.fileDescriptor >= 0) {
        int code = 0;
        const int own = dup(source.fileDescriptor); // the library closes the one it gets
        archive = own < 0 ? nullptr : zip_fdopen(own, 0, &code);
        if (archive == nullptr && own >= 0) {
            close(own);
        }
        zip_error_init_with_code(&error, code);
    } else {
        zip_source_t* buffer = zip_source_buffer_create(
            source.bytes.constData(), static_cast<zip_uint64_t>(source.bytes.size()), 0, &error);
        archive = buffer == nullptr ? nullptr : zip_open_from_source(buffer, ZIP_RDONLY, &error);
        if (archive == nullptr) {
            zip_source_free(buffer);
        }
    }
    if (archive == nullptr) {
        return malformed(source, QString::fromUtf8(zip_error_strerror(&error)));
    }
    return ArchivePointer(archive, &zip_discard);
}

struct EntryPlace
{
    zip_uint64_t index = 0;
    std::int64_t size = 0; ///< unpacked, as the archive states it
};

struct Entries
{
    std::optional<EntryPlace> groups {};
    std::optional<EntryPlace> users {};
    std::vector<QString> others {};
};

std::optional<Error> entryProblem(
    const BundleSource& source, const zip_stat_t& status, const BundleLimits& limits)
{
    constexpr std::int64_t alwaysFine = 1 << 20;
    const auto size = static_cast<std::int64_t>(status.size);
    const auto packed = static_cast<std::int64_t>(status.comp_size);
    if (status.encryption_method != ZIP_EM_NONE) {
        return malformed(source, u"an entry is encrypted"_s);
    }
    if (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE) {
        return malformed(source, u"an entry is packed in an unknown way"_s);
    }
    if (size < 0 || size > limits.uncompressedBytes) {
        return tooLarge(source,
            u"more than "_s + QString::number(limits.uncompressedBytes) + u" bytes unpacked"_s);
    }
    if (size > alwaysFine && size / limits.ratio > packed) {
        return tooLarge(
            source, u"it unpacks to more than "_s + QString::number(limits.ratio) + u" times"_s);
    }
    return std::nullopt;
}

Result<Entries> findEntries(zip_t* archive, const BundleSource& source, const BundleLimits& limits)
{
    Entries found;
    const auto count = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<zip_uint64_t>(i);
        zip_stat_t status;
        zip_stat_init(&status);
        if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &status) != 0) {
            return malformed(source, QString::fromUtf8(zip_strerror(archive)));
        }
        const QByteArray name(status.name);
        if (name != kGroupEntry && name != kUserEntry) {
            found.others.push_back(QString::fromUtf8(name));
            continue;
        }
        auto& slot = name == kGroupEntry ? found.groups : found.users;
        if (slot) {
            return malformed(
                source, u"the entry "_s + QString::fromUtf8(name) + u" is there twice"_s);
        }
        if (auto wrong = entryProblem(source, status, limits)) {
            return std::move(*wrong);
        }
        slot = EntryPlace { .index = index, .size = static_cast<std::int64_t>(status.size) };
    }
    return found;
}

/// Unpacks one entry piece by piece into @p sink.
class EntryReader
{
public:
    EntryReader(zip_t* archive, const BundleSource& source, const BundleLimits& limits)
        : m_archive(archive)
        , m_source(source)
        , m_limits(limits)
    {
    }

    Result<void> read(
        const EntryPlace& entry, const JsonArrayReader::Sink& sink, const std::stop_token& stop)
    {
        const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
            zip_fopen_index(m_archive, entry.index, 0), &zip_fclose);
        if (!file) {
            return malformed(m_source, QString::fromUtf8(zip_strerror(m_archive)));
        }
        JsonArrayReader array(sink, m_limits.recordBytes);
        std::array<char, 64UL * 1024> piece {};
        std::int64_t unpacked = 0;
        for (;;) {
            if (stop.stop_requested()) {
                return Error { .code = ErrorCode::Cancelled,
                    .what = message(QT_TRANSLATE_NOOP("Message", "The work was cancelled.")),
                    .remedy
                    = message(QT_TRANSLATE_NOOP("Message", "Start it again when you are ready.")) };
            }
            const auto count = zip_fread(file.get(), piece.data(), piece.size());
            if (count < 0) {
                return malformed(m_source, QString::fromUtf8(zip_file_strerror(file.get())));
            }
            if (count == 0) {
                return array.finish();
            }
            unpacked += count;
            m_unpacked += count;
            // The limits were held against the sizes the archive states, which the library
            // believes; they may be lies.
            if (unpacked > entry.size) {
                return tooLarge(m_source, u"an entry unpacks to more than it states"_s);
            }
            if (m_unpacked > m_limits.uncompressedBytes) {
                return tooLarge(m_source, u"its entries together unpack to too much"_s);
            }
            if (auto fed = array.feed({ piece.data(), static_cast<qsizetype>(count) }); !fed) {
                return fed.error().code == ErrorCode::LimitExceeded
                    ? tooLarge(m_source,
                          u"a record has more than "_s + QString::number(m_limits.recordBytes)
                              + u" bytes"_s)
                    : fed;
            }
        }
    }

private:
    zip_t* m_archive;
    const BundleSource& m_source;
    const BundleLimits& m_limits;
    std::int64_t m_unpacked = 0;
};

QString textMember(const QJsonObject& object, QLatin1StringView key)
{
    return object.value(key).toString();
}

/// The id of a record, checked to be there and to be the only one of its kind.
Result<QString> newId(const QJsonObject& object, QSet<QString>& seen, const BundleSource& source)
{
    QString id = textMember(object, "id"_L1);
    if (id.isEmpty()) {
        return malformed(source, u"a record has no id"_s);
    }
    if (seen.contains(id)) {
        return malformed(source, u"two records have the id "_s + id);
    }
    seen.insert(id);
    return id;
}

BundleUser toUser(const QString& id, const QJsonObject& object)
{
    BundleUser user { .id = id,
        .displayName = textMember(object, "display_name"_L1),
        .email = textMember(object, "email"_L1) };
    const auto groups = object.value("group_ids"_L1).toArray();
    for (const auto& group : groups) {
        user.groupIds.push_back(group.toString());
    }
    return user;
}
} // namespace

Result<BundleReport> readBundle(const BundleSource& source, const BundleVisitor& visitor,
    const std::stop_token& stop, const BundleLimits& limits)
{
    const auto archive = openArchive(source);
    if (!archive) {
        return archive.error();
    }
    auto entries = findEntries(archive->get(), source, limits);
    if (!entries) {
        return entries.error();
    }
    if (!entries->groups || !entries->users) {
        return malformed(source,
            u"it lacks the entry "_s
                + QString::fromLatin1(entries->groups ? kUserEntry : kGroupEntry));
    }
    BundleReport report { .otherEntries = std::move(entries->others) };
    EntryReader reader(archive->get(), source, limits);
    QSet<QString> seen;
    auto done = reader.read(
        *entries->groups,
        [&](const QJsonObject& object) -> Result<void> {
            const auto id = newId(object, seen, source);
            if (!id) {
                return id.error();
            }
            ++report.groups;
            visitor.group({ .id = *id,
                .name = textMember(object, "name"_L1),
                .email = textMember(object, "email"_L1) });
            return {};
        },
        stop);
    if (!done) {
        return done.error();
    }
    seen.clear();
    done = reader.read(
        *entries->users,
        [&](const QJsonObject& object) -> Result<void> {
            const auto id = newId(object, seen, source);
            if (!id) {
                return id.error();
            }
            ++report.users;
            visitor.user(toUser(*id, object));
            return {};
        },
        stop);
    if (!done) {
        return done.error();
    }
    return report;
}

} // namespace portreeve
