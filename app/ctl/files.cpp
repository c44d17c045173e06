// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/files.h"

#include <QFile>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

Result<QByteArray> readInput(const QString& path)
{
    constexpr qint64 most = 256LL * 1024 * 1024;
    QFile file(path);
    const bool open
        = path == u"-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!open) {
        return Error { .code = ErrorCode::NotFound,
            .what = message(QT_TRANSLATE_NOOP("Message", "The file %1 cannot be read."), path),
            .remedy
            = message(QT_TRANSLATE_NOOP("Message", "Check the path and that you may read it.")),
            .detail = file.errorString() };
    }
    QByteArray bytes = file.read(most + 1);
    if (bytes.size() > most) {
        return Error { .code = ErrorCode::LimitExceeded,
            .what = message(QT_TRANSLATE_NOOP("Message", "The file %1 is over 256 MiB."), path),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Check that it is the right file.")) };
    }
    return bytes;
}

} // namespace portreeve::ctl
