// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/databasefile.h"

#include "core/store/schema.h"
#include "core/store/storageerror.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

// Offsets of SQLite's file format, section 1.3.
constexpr qsizetype kHeaderSize = 100;
constexpr qsizetype kPageSizeAt = 16;
constexpr qsizetype kChangeCounterAt = 24;
constexpr qsizetype kPageCountAt = 28;
constexpr qsizetype kUserVersionAt = 60;
constexpr qsizetype kApplicationIdAt = 68;
constexpr qsizetype kVersionValidForAt = 92;

quint32 word(const QByteArray& header, qsizetype offset)
{
    return qFromBigEndian<quint32>(header.constData() + offset);
}

Error foreignFileError(const QString& path)
{
    return { .code = ErrorCode::Storage,
        .what = message(QT_TRANSLATE_NOOP("Message", "%1 is no Portreeve data file."), path),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Choose another data folder, or move that file out of the way.")) };
}

bool isCutShort(const QByteArray& header, const QString& path)
{
    // The page count is only true when the counters agree and no log waits to be written back.
    if (word(header, kChangeCounterAt) != word(header, kVersionValidForAt)
        || QFileInfo(path + u"-wal"_s).size() > 0) {
        return false;
    }
    const auto stored = qFromBigEndian<quint16>(header.constData() + kPageSizeAt);
    const qint64 pageSize = stored == 1 ? 65536 : stored;
    return QFileInfo(path).size() < pageSize * word(header, kPageCountAt);
}

} // namespace

Error newerFileError(const QString& path, std::int64_t version)
{
    return { .code = ErrorCode::Storage,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "A newer version of Portreeve has written %1."), path),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Install that version, or restore a backup made with this one.")),
        .detail = u"schema %1, known up to %2"_s.arg(version).arg(schemaVersion()) };
}

Result<FileState> inspectDataFile(const QString& path)
{
    const QFileInfo info(path);
    if (!info.exists()) {
        return FileState::Missing;
    }
    QFile file(path);
    if (info.isDir() || !file.open(QIODevice::ReadOnly)) {
        return fileError(
            message(QT_TRANSLATE_NOOP("Message", "The data file %1 cannot be opened."), path),
            file.errorString());
    }
    if (file.size() == 0) {
        return FileState::Empty;
    }
    const QByteArray header = file.read(kHeaderSize);
    if (header.size() < kHeaderSize || !header.startsWith("SQLite format 3")
        || word(header, kApplicationIdAt) != kApplicationId) {
        // A first start that was cut off leaves an empty database with its content in the log.
        const bool unfinished = header.startsWith("SQLite format 3")
            && word(header, kApplicationIdAt) == 0 && word(header, kUserVersionAt) == 0
            && word(header, kPageCountAt) <= 1;
        return unfinished ? Result<FileState>(FileState::Empty) : foreignFileError(path);
    }
    if (word(header, kUserVersionAt) > static_cast<quint32>(schemaVersion())) {
        return newerFileError(path, word(header, kUserVersionAt));
    }
    if (isCutShort(header, path)) {
        return damagedError(path, u"the file is shorter than its header says"_s);
    }
    return FileState::Ours;
}

Result<void> prepareDataFile(const QString& path, bool createIfMissing)
{
    const auto state = inspectDataFile(path);
    if (!state) {
        return state.error();
    }
    if (*state != FileState::Missing) {
        return {};
    }
    if (!createIfMissing) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(QT_TRANSLATE_NOOP("Message", "There is no data file %1."), path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Check the path of the data folder.")) };
    }
    const QString folder = QFileInfo(path).absolutePath();
    if (!QFileInfo::exists(folder)) {
        if (!QDir().mkpath(folder)
            || !QFile::setPermissions(
                folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)) {
            return fileError(
                message(QT_TRANSLATE_NOOP("Message", "The folder %1 cannot be made."), folder), {});
        }
    }
    QFile file(path);
    if (!file.open(
            QIODevice::WriteOnly | QIODevice::Append, QFile::ReadOwner | QFile::WriteOwner)) {
        return fileError(
            message(QT_TRANSLATE_NOOP("Message", "The data file %1 cannot be made."), path),
            file.errorString());
    }
    return {};
}

} // namespace portreeve
