// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/bench.h"

#include "tests/bench/counting.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QTextStream>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr std::uint64_t kBytesPerKibibyte = 1024;

std::map<QString, Benchmark>& registry()
{
    static std::map<QString, Benchmark> benchmarks;
    return benchmarks;
}

QByteArray toLine(const QString& name, const Options& options, const Report& report)
{
    const bool hasReference = report.referenceMs > 0;
    QJsonObject line = report.extra;
    line.insert(u"bench"_s, name);
    const bool isOwn = options.data.isEmpty();
    line.insert(u"data"_s, isOwn ? u"own generator, seed %1"_s.arg(options.seed) : options.data);
    line.insert(u"size"_s, isOwn ? QJsonValue(options.size) : QJsonValue());
    line.insert(u"threads"_s, options.threads);
    line.insert(u"reps"_s, options.repetitions);
    line.insert(u"ms_median"_s, report.time.medianMs);
    line.insert(u"ms_min"_s, report.time.minMs);
    line.insert(u"ref"_s, hasReference ? QJsonValue(report.reference) : QJsonValue());
    line.insert(u"ref_ms"_s, hasReference ? QJsonValue(report.referenceMs) : QJsonValue());
    line.insert(u"ratio"_s,
        hasReference ? QJsonValue(report.time.medianMs / report.referenceMs) : QJsonValue());
    line.insert(u"count"_s, static_cast<qint64>(report.count));
    // As text: JSON numbers hold 53 bits.
    line.insert(u"checksum"_s, u"%1"_s.arg(report.checksum, 16, 16, QChar(u'0')));
    line.insert(u"bytes"_s, static_cast<qint64>(report.bytes));
    line.insert(u"rss_peak"_s, static_cast<qint64>(peakResidentBytes()));
    return QJsonDocument(line).toJson(QJsonDocument::Compact);
}

std::optional<Options> readOptions(const QCommandLineParser& parser)
{
    Options options { .size = parser.value(u"size"_s).toUpper() };
    bool threadsRead = false;
    bool repetitionsRead = false;
    bool seedRead = false;
    options.threads = parser.value(u"threads"_s).toInt(&threadsRead);
    options.repetitions = parser.value(u"reps"_s).toInt(&repetitionsRead);
    options.seed = parser.value(u"seed"_s).toUInt(&seedRead);
    options.data = parser.value(u"data"_s);
    options.rivals = parser.isSet(u"rivals"_s);
    options.address = parser.value(u"address"_s);
    options.secretFile = parser.value(u"secret-file"_s);
    const bool sizeKnown = QStringList { u"S"_s, u"M"_s, u"L"_s, u"100K"_s }.contains(options.size);
    const bool valid = sizeKnown && threadsRead && options.threads > 0 && repetitionsRead
        && options.repetitions > 0 && seedRead;
    return valid ? std::optional(options) : std::nullopt;
}

} // namespace

bool registerBenchmark(const char* name, Benchmark benchmark)
{
    return registry().emplace(QString::fromLatin1(name), std::move(benchmark)).second;
}

Timing measureOwn(int repetitions, const std::function<double()>& work)
{
    countOnce([&work] { work(); });
    std::vector<double> times;
    for (int i = 0; i < repetitions; ++i) {
        times.push_back(work());
    }
    std::sort(times.begin(), times.end());
    return { .medianMs = times[times.size() / 2], .minMs = times.front() };
}

Timing measure(int repetitions, const std::function<void()>& work)
{
    return measureOwn(repetitions, [&work] {
        Lap lap;
        work();
        return lap.ms();
    });
}

std::uint64_t peakResidentBytes()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * kBytesPerKibibyte;
}

std::uint64_t residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    const QByteArrayList fields
        = file.open(QIODevice::ReadOnly) ? file.readAll().split(' ') : QByteArrayList();
    return fields.value(1).toULongLong() * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void addRival(Report& report, const QString& name, const Timing& rival)
{
    QJsonObject rivals = report.extra.value(u"rivals"_s).toObject();
    rivals.insert(name,
        QJsonObject {
            { u"ms"_s, rival.medianMs }, { u"ratio"_s, rival.medianMs / report.time.medianMs } });
    report.extra.insert(u"rivals"_s, rivals);
}

double Lap::ms()
{
    const auto now = std::chrono::steady_clock::now();
    const auto passed = std::chrono::duration<double, std::milli>(now - m_last);
    m_last = now;
    return passed.count();
}

double memcpyMs(std::uint64_t bytesMoved, int repetitions)
{
    const std::vector<char> source(bytesMoved / 2 + 1, 'x');
    std::vector<char> target(source.size());
    return measure(repetitions, [&] {
        std::memcpy(target.data(), source.data(), source.size());
        // Without a reader the compiler may drop the copy.
        const volatile char last = target.back();
        static_cast<void>(last);
    }).medianMs;
}

int run(QCoreApplication& application)
{
    QStringList names;
    for (const auto& [name, benchmark] : registry()) {
        names.append(name);
    }
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Prints one JSON line per benchmark: "_s + names.join(u", "_s));
    parser.addHelpOption();
    parser.addPositionalArgument(u"bench"_s,
        u"Which; of several in one process rss_peak is the highest so far"_s, u"BENCH..."_s);
    parser.addOptions({ { u"size"_s, u"S, M, L or 100K"_s, u"size"_s, u"M"_s },
        { u"threads"_s, u"Worker threads, where the benchmark can use them"_s, u"n"_s, u"1"_s },
        { u"reps"_s, u"Repetitions"_s, u"n"_s, u"5"_s },
        { u"seed"_s, u"Seed of the made-up directory"_s, u"n"_s, u"1"_s },
        { u"data"_s,
            u"Not a made-up directory: the files of make_directory.py, with --churn 0.01"_s,
            u"folder"_s },
        { u"rivals"_s, u"Also what others would write, where it is cheap"_s },
        { u"counts"_s, u"Also the instructions of the measured part of one, under valgrind"_s },
        { u"address"_s, u"push: the databroker to push to"_s, u"host:port"_s },
        { u"secret-file"_s, u"push: the file with its shared secret"_s, u"file"_s } });
    parser.process(application);

    const std::optional<Options> options = readOptions(parser);
    const QStringList wanted = parser.positionalArguments();
    QTextStream err(stderr);
    const bool known = std::ranges::all_of(
        wanted, [](const QString& name) { return registry().contains(name); });
    if (!options || !known || wanted.isEmpty()
        || (parser.isSet(u"counts"_s) && wanted.size() > 1)) {
        err << parser.helpText();
        return 2;
    }
    std::optional<qint64> instructions;
    if (parser.isSet(u"counts"_s)) {
        instructions = countInstructions();
        if (!instructions) {
            err << "Instructions cannot be counted: valgrind or its header is missing." << Qt::endl;
            return 1;
        }
    }
    for (const QString& name : wanted) {
        Report report = registry().at(name)(*options);
        if (instructions) {
            report.extra.insert(u"instr"_s, *instructions);
            report.extra.insert(u"instr_per_count"_s,
                static_cast<double>(*instructions)
                    / static_cast<double>(std::max<std::uint64_t>(report.count, 1)));
        }
        QTextStream(stdout) << toLine(name, *options, report) << Qt::endl;
    }
    return 0;
}

} // namespace portreeve::bench
