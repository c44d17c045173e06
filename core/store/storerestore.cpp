// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/store.h"

#include "core/base/logging.h"
#include "core/store/database.h"
#include "core/store/databasefile.h"
#include "core/store/storageerror.h"
#include "core/store/storecheck.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Result<void> checkBackup(const QString& backup)
{
    if (QFileInfo(backup + u"-wal"_s).size() > 0) {
        return Error { .code = ErrorCode::Storage,
            .what = message(QT_TRANSLATE_NOOP("Message", "%1 is a data file in use."), backup),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Make a backup of it with portreevectl backup first.")) };
    }
    auto database = Database::open({ .path = backup, .createIfMissing = false, .immutable = true });
    if (!database) {
        return database.error();
    }
    const auto faults = checkStore(**database);
    if (!faults) {
        return faults.error();
    }
    return faults->empty() ? Result<void>() : damagedError(backup, faults->front());
}

// Leaving WAL writes the log back and fails while anyone else has the file open.
Result<void> settle(const QString& path)
{
    if (!QFileInfo::exists(path)) {
        return {};
    }
    auto database = Database::open({ .path = path, .createIfMissing = false });
    if (!database) {
        qCInfo(lcStore).noquote() << "replacing an unreadable file:" << database.error().detail;
        return {};
    }
    const auto left = (*database)->execute(u"PRAGMA journal_mode = DELETE"_s);
    return left || !isBusy(left.error()) ? Result<void>() : left;
}

Error notRestored(const QString& path, const QString& detail)
{
    return fileError(
        message(QT_TRANSLATE_NOOP("Message", "The data file %1 could not be replaced."), path),
        detail);
}

Result<QString> copyBeside(const QString& backup, const QString& path)
{
    QString copy = path + u".restoring"_s;
    QFile::remove(copy);
    QFile source(backup);
    QFile target(copy);
    constexpr qint64 kChunk = 1 << 20;
    if (!source.open(QIODevice::ReadOnly)
        || !target.open(
            QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner)) {
        return notRestored(path, source.isOpen() ? target.errorString() : source.errorString());
    }
    while (!source.atEnd()) {
        const QByteArray chunk = source.read(kChunk);
        if (chunk.isEmpty() || target.write(chunk) != chunk.size()) {
            target.remove();
            return notRestored(path, target.errorString());
        }
    }
    if (!target.flush()) {
        target.remove();
        return notRestored(path, target.errorString());
    }
    return copy;
}

Result<void> moveAside(const QString& path, const QString& aside)
{
    for (const QString& suffix : { QString(), u"-wal"_s, u"-shm"_s }) {
        if (QFileInfo::exists(path + suffix) && !QFile::rename(path + suffix, aside + suffix)) {
            return notRestored(path, u"cannot rename it to %1"_s.arg(aside));
        }
    }
    return {};
}

} // namespace

Result<void> Store::restore(const QString& backup, const QString& path, const Clock& clock)
{
    if (const auto checked = checkBackup(backup); !checked) {
        return checked.error();
    }
    if (const auto settled = settle(path); !settled) {
        return settled.error();
    }
    const auto copy = copyBeside(backup, path);
    if (!copy) {
        return copy.error();
    }
    const QString stamp = toRfc3339(clock.nowUtc()).remove(u':').remove(u'-');
    const QString aside = path + u".replaced-"_s + stamp;
    if (const auto moved = moveAside(path, aside); !moved) {
        QFile::remove(*copy);
        return moved.error();
    }
    if (!QFile::rename(*copy, path)) {
        QFile::rename(aside, path);
        return notRestored(path, u"cannot rename %1"_s.arg(*copy));
    }
    return {};
}

} // namespace portreeve
