// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/architecture/sourcetree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
std::vector<QString> includes(const SourceFile& file, const QRegularExpression& pattern)
{
    std::vector<QString> names;
    for (const auto& line : file.lines) {
        const auto match = pattern.match(line);
        if (match.hasMatch()) {
            names.push_back(match.captured(1));
        }
    }
    return names;
}
} // namespace

QString SourceFile::folder() const
{
    return path.left(path.lastIndexOf(u'/'));
}

std::vector<QString> SourceFile::projectIncludes() const
{
    static const QRegularExpression pattern(u"^\\s*#\\s*include\\s*\"([^\"]+)\""_s);
    return includes(*this, pattern);
}

std::vector<QString> SourceFile::systemIncludes() const
{
    static const QRegularExpression pattern(u"^\\s*#\\s*include\\s*<([^>]+)>"_s);
    return includes(*this, pattern);
}

std::vector<SourceFile> sourceFiles(const QStringList& topFolders)
{
    const QDir root(QStringLiteral(PORTREEVE_SOURCE_DIR));
    std::vector<SourceFile> files;
    for (const auto& top : topFolders) {
        QDirIterator walk(root.filePath(top), { u"*.h"_s, u"*.cpp"_s }, QDir::Files,
            QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            QFile file(walk.next());
            if (file.open(QIODevice::ReadOnly)) {
                files.push_back({ .path = root.relativeFilePath(file.fileName()),
                    .lines = QString::fromUtf8(file.readAll()).split(u'\n') });
            }
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

} // namespace portreeve::test
