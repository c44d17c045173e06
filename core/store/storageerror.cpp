// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storageerror.h"

#include <QSqlError>

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kBusyMark = u"SQLite busy"_s;

Error storage(Message what, Message remedy, const QString& detail)
{
    return { .code = ErrorCode::Storage,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = detail };
}

} // namespace

Error damagedError(const QString& path, const QString& detail)
{
    return storage(message(QT_TRANSLATE_NOOP("Message", "The data file %1 is damaged."), path),
        message(
            QT_TRANSLATE_NOOP("Message", "Restore the latest backup (portreevectl restore FILE).")),
        detail);
}

Error fileError(const Message& what, const QString& detail)
{
    return storage(what,
        message(QT_TRANSLATE_NOOP(
            "Message", "Check that the folder exists, has room and belongs to you.")),
        detail);
}

bool isBusy(const Error& error)
{
    return error.detail.startsWith(kBusyMark);
}

Error storageError(const QSqlError& error, const QString& path)
{
    const int code = error.nativeErrorCode().toInt();
    const QString detail = u"SQLite %1: %2"_s.arg(code).arg(error.databaseText());
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return storage(
            message(QT_TRANSLATE_NOOP("Message", "The disk that holds %1 is full."), path),
            message(
                QT_TRANSLATE_NOOP("Message", "Free some space and try again; nothing was lost.")),
            detail);
    case SQLITE_READONLY:
        return storage(
            message(QT_TRANSLATE_NOOP("Message", "The data file %1 cannot be written."), path),
            message(QT_TRANSLATE_NOOP("Message",
                "Give your account write permission for the file and its folder, or choose another "
                "data folder.")),
            detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return storage(message(QT_TRANSLATE_NOOP("Message", "Another program is using %1."), path),
            message(QT_TRANSLATE_NOOP("Message", "Wait until it is done and try again.")),
            kBusyMark + u"; "_s + detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return damagedError(path, detail);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return storage(
            message(QT_TRANSLATE_NOOP("Message", "The data file %1 cannot be opened."), path),
            message(QT_TRANSLATE_NOOP(
                "Message", "Check that the folder exists and that your account may write there.")),
            detail);
    case SQLITE_IOERR:
        return storage(
            message(QT_TRANSLATE_NOOP("Message", "The disk failed while %1 was in use."), path),
            message(QT_TRANSLATE_NOOP(
                "Message", "Check the disk, then try again or restore the latest backup.")),
            detail);
    default: // an open set of numbers, not an enum of ours
        return storage(
            message(QT_TRANSLATE_NOOP("Message", "The data file %1 refused the request."), path),
            message(QT_TRANSLATE_NOOP("Message",
                "Try again; if it stays, run portreevectl selfcheck and report the details.")),
            detail);
    }
}

} // namespace portreeve
