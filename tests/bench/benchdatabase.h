// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/store.h"
#include "core/sync/diff.h"
#include "tests/bench/madeupdirectory.h"

#include <QTemporaryDir>

namespace portreeve::bench {

/// A real database file in a folder of its own with one connection. A step that fails ends the
/// program: a number of something else would be worse.
class BenchDatabase
{
public:
    BenchDatabase();

    void commit(const ChangeSet& changes); ///< the changes must fit what is stored
    DirectoryViewPtr loadView(); ///< opens the file again after close()
    void close(); ///< moves the log into the file

    QString path() const { return m_folder.filePath(QStringLiteral("bench.db")); }

    std::uint64_t fileBytes() const;

private:
    void open();

    QTemporaryDir m_folder;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    QString m_connectionId;
    std::int64_t m_generation = 0;
};

/// Bytes this process has handed to write calls so far.
std::uint64_t writtenBytes();

/// Median time to write that many bytes to a new file and have them on the disk.
double rawWriteMs(std::uint64_t bytes, int repetitions);

/// Median time to read a file in whole.
double rawReadMs(const QString& path, int repetitions);

} // namespace portreeve::bench
