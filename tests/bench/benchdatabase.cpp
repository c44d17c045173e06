// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/benchdatabase.h"

#include <QFile>
#include <QFileInfo>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

template <typename Value> Value orEnd(Result<Value> result)
{
    if (!result) {
        qFatal("%s", qPrintable(result.error().toText()));
    }
    return *std::move(result);
}

} // namespace

BenchDatabase::BenchDatabase()
{
    open();
    m_connectionId
        = orEnd(m_store->connections().add({ .name = u"Bench"_s, .provider = u"sample"_s })).id;
}

void BenchDatabase::open()
{
    if (!m_store) {
        m_store = orEnd(Store::open({ .path = path() }, m_clock));
    }
}

void BenchDatabase::commit(const ChangeSet& changes)
{
    open();
    const RunRecord run = orEnd(m_store->runs().begin(m_connectionId, RunTrigger::Manual));
    m_generation = orEnd(m_store->directory().commit({ .connectionId = m_connectionId,
                             .baseGeneration = m_generation,
                             .changes = &changes,
                             .run = run,
                             .actor = u"bench"_s }))
                       .generation;
}

DirectoryViewPtr BenchDatabase::loadView()
{
    open();
    return orEnd(m_store->directory().loadView());
}

void BenchDatabase::close()
{
    m_store.reset();
}

std::uint64_t BenchDatabase::fileBytes() const
{
    return static_cast<std::uint64_t>(QFileInfo(path()).size());
}

std::uint64_t writtenBytes()
{
    QFile file(u"/proc/self/io"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("wchar:")) {
            return line.sliced(6).trimmed().toULongLong();
        }
    }
    return 0;
}

double rawWriteMs(std::uint64_t bytes, int repetitions)
{
    const QTemporaryDir folder;
    const QByteArray content(static_cast<qsizetype>(bytes), 'x');
    return measure(repetitions, [&] {
        QFile file(folder.filePath(u"raw"_s));
        const bool written = file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
            && file.write(content) == content.size() && ::fdatasync(file.handle()) == 0;
        if (!written) {
            qFatal("%s", qPrintable(file.errorString()));
        }
    }).medianMs;
}

double rawReadMs(const QString& path, int repetitions)
{
    QByteArray content;
    return measure(repetitions, [&] {
        QFile file(path);
        content.resize(file.size());
        if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)
            || file.read(content.data(), content.size()) != content.size()) {
            qFatal("%s", qPrintable(file.errorString()));
        }
    }).medianMs;
}

} // namespace portreeve::bench
