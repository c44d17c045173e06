// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/counting.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define PORTREEVE_HAS_CALLGRIND 1
#else
#define PORTREEVE_HAS_CALLGRIND 0
#endif

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr auto kCounting = "PORTREEVE_BENCH_COUNTING";

/// The sum over all parts of a callgrind file.
std::optional<qint64> totalOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    std::optional<qint64> total;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine().trimmed();
        if (line.startsWith("totals:")) {
            total = total.value_or(0) + line.sliced(7).trimmed().toLongLong();
        }
    }
    return total;
}

} // namespace

void countOnce(const std::function<void()>& work)
{
    work();
#if PORTREEVE_HAS_CALLGRIND
    static bool isCounting = qEnvironmentVariableIsSet(kCounting);
    if (isCounting) {
        isCounting = false;
        CALLGRIND_START_INSTRUMENTATION;
        work();
        CALLGRIND_STOP_INSTRUMENTATION;
    }
#endif
}

std::optional<qint64> countInstructions()
{
    const QString valgrind = QStandardPaths::findExecutable(u"valgrind"_s);
    if (valgrind.isEmpty() || PORTREEVE_HAS_CALLGRIND == 0) {
        return std::nullopt;
    }
    const QTemporaryDir folder;
    const QString out = folder.filePath(u"counts"_s);
    QStringList arguments { u"--tool=callgrind"_s, u"--instr-atstart=no"_s,
        u"--callgrind-out-file="_s + out, QCoreApplication::applicationFilePath() };
    arguments += QCoreApplication::arguments().sliced(1);
    arguments.removeAll(u"--counts"_s);
    arguments += { u"--reps"_s, u"1"_s };
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QString::fromLatin1(kCounting), u"1"_s);
    process.setProcessEnvironment(environment);
    process.start(valgrind, arguments);
    process.waitForFinished(-1);
    return process.exitCode() == 0 ? totalOf(out) : std::nullopt;
}

} // namespace portreeve::bench
