// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/zipfile.h"

#include <QFile>
#include <QTemporaryDir>

#include <zip.h>

namespace portreeve::test {

QByteArray zip(const std::vector<ZipEntry>& entries)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.zip"));
    zip_t* archive = zip_open(QFile::encodeName(path).constData(), ZIP_CREATE, nullptr);
    for (const auto& entry : entries) {
        auto* content = zip_source_buffer(
            archive, entry.content.constData(), static_cast<zip_uint64_t>(entry.content.size()), 0);
        zip_file_add(archive, entry.name.toUtf8().constData(), content, ZIP_FL_ENC_UTF_8);
    }
    zip_close(archive);
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<ZipEntry> unzip(const QByteArray& bytes)
{
    auto* source = zip_source_buffer_create(
        bytes.constData(), static_cast<zip_uint64_t>(bytes.size()), 0, nullptr);
    zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, nullptr);
    std::vector<ZipEntry> entries;
    const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(archive, 0));
    for (zip_uint64_t i = 0; i < count; ++i) {
        zip_stat_t status;
        zip_stat_init(&status);
        zip_stat_index(archive, i, 0, &status);
        QByteArray content(static_cast<qsizetype>(status.size), Qt::Uninitialized);
        auto* file = zip_fopen_index(archive, i, 0);
        zip_fread(file, content.data(), status.size);
        zip_fclose(file);
        entries.push_back({ .name = QString::fromUtf8(status.name), .content = content });
    }
    zip_discard(archive);
    return entries;
}

} // namespace portreeve::test
