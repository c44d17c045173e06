// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/filereplace.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Error failure(const QString& path, const QString& detail)
{
    return { .code = ErrorCode::Storage,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "The file %1 could not be written; it is unchanged."),
            path),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Check that the folder exists, is writable and has free space.")),
        .detail = detail };
}

/// Gives the open file the owner of the one it will replace.
bool keepOwner(QSaveFile& file, const QString& path)
{
    struct stat existing {};
    struct stat created {};
    const auto name = QFile::encodeName(path);
    if (stat(name.constData(), &existing) != 0 || fstat(file.handle(), &created) != 0) {
        return true;
    }
    const bool isSame = existing.st_uid == created.st_uid && existing.st_gid == created.st_gid;
    return isSame || fchown(file.handle(), existing.st_uid, existing.st_gid) == 0;
}

/// The rename itself must survive a power failure too.
void flushFolder(const QString& path)
{
    const auto folder = QFile::encodeName(QFileInfo(path).absolutePath());
    const int handle = open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        fsync(handle);
        close(handle);
    }
}

Result<void> write(const QString& path, const QString& original, const QByteArray& content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return failure(path, file.errorString());
    }
    const QFileInfo before(original);
    if (before.exists()
        && (!file.setPermissions(before.permissions()) || !keepOwner(file, original))) {
        file.cancelWriting();
        return failure(path, u"owner or mode of the file cannot be kept"_s);
    }
    if (file.write(content) != content.size() || !file.commit()) {
        return failure(path, file.errorString());
    }
    return {};
}

} // namespace

Result<bool> replaceFile(const QString& path, const QByteArray& content)
{
    if (content.trimmed().isEmpty()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message",
                                "%1 would become empty, which a proxy reads as a reset of all its "
                                "settings."),
                path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Export at least one route.")) };
    }
    // A device would be read without end, and then be replaced by a file.
    if (const QFileInfo info(path); info.exists() && !info.isFile()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "%1 is not a file that can be replaced."), path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Name a file in a folder.")) };
    }
    QFile existing(path);
    if (existing.exists()) {
        if (!existing.open(QIODevice::ReadOnly)) {
            return failure(path, existing.errorString());
        }
        const auto previous = existing.readAll();
        if (previous == content) {
            return false;
        }
        if (auto kept = write(QString(path % u".bak"_s), path, previous); !kept) {
            return kept.error();
        }
    }
    if (auto written = write(path, path, content); !written) {
        return written.error();
    }
    flushFolder(path);
    return true;
}

} // namespace portreeve
