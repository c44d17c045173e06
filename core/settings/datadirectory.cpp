// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/datadirectory.h"

#include <QDir>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace portreeve {

// Not AppDataLocation: that follows the program's name, and the two programs must agree.
QString defaultDataDirectory()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/portreeve"_s;
}

QString databasePath(const QString& dataDirectory)
{
    return QDir(dataDirectory).filePath(u"portreeve.sqlite"_s);
}

} // namespace portreeve
