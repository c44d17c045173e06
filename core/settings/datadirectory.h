// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

namespace portreeve {

/// Where the window and the command line keep their data unless told otherwise (--data-dir).
QString defaultDataDirectory();

/// The database file inside a data directory.
QString databasePath(const QString& dataDirectory);

} // namespace portreeve
