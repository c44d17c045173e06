// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace portreeve::test {

struct SourceFile
{
    QString path {}; ///< from the repository's root, with slashes
    QStringList lines {};

    QString folder() const; ///< "core/base", "ui/pages/policies"
    std::vector<QString> projectIncludes() const; ///< #include "..." lines
    std::vector<QString> systemIncludes() const; ///< #include <...> lines
};

/// Every .h and .cpp below these top folders, by path.
std::vector<SourceFile> sourceFiles(const QStringList& topFolders);

} // namespace portreeve::test
