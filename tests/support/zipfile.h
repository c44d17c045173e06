// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace portreeve::test {

struct ZipEntry
{
    QString name {};
    QByteArray content {};
};

/// A zip of exactly these entries, sound or not.
QByteArray zip(const std::vector<ZipEntry>& entries);
std::vector<ZipEntry> unzip(const QByteArray& bytes);

} // namespace portreeve::test
