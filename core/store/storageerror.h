// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"

class QSqlError;

namespace portreeve {

/// What SQLite reported, as a sentence about the file with a remedy. Always Storage.
Error storageError(const QSqlError& error, const QString& path);

/// For failures of files that SQLite is not asked about.
Error fileError(const Message& what, const QString& detail);

/// Whether another program held the file.
bool isBusy(const Error& error);

/// The file's content is not what SQLite or this program wrote.
Error damagedError(const QString& path, const QString& detail);

} // namespace portreeve
