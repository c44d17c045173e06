// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QCoreApplication>
#include <QJsonObject>
#include <QString>

#include <chrono>
#include <cstdint>
#include <functional>

namespace portreeve::bench {

/// What the command line asked for.
struct Options
{
    QString size {}; ///< S, M, L, or 100K: 100,000 people in 10,000 groups
    int threads = 1;
    int repetitions = 5;
    unsigned seed = 1;
    QString data {}; ///< folder of another generator's files; empty: our own makes the directory
    bool rivals = false; ///< also measure what other people would write, where it is cheap
    QString address {}; ///< push: of a databroker, "host:port"
    QString secretFile {}; ///< push: holds its shared secret
};

struct Timing
{
    double medianMs = 0;
    double minMs = 0;
};

/// One JSON line (the project's performance page, 10).
struct Report
{
    Timing time {};
    QString reference {}; ///< what the ratio compares with; empty without one
    double referenceMs = 0;
    std::uint64_t count = 0;
    std::uint64_t checksum = 0;
    std::uint64_t bytes = 0;
    QJsonObject extra {};
};

using Benchmark = std::function<Report(const Options&)>;

/// Put one at the end of each file: `static const bool kResolveRegistered =
/// registerBenchmark("resolve", resolve);`
bool registerBenchmark(const char* name, Benchmark benchmark);

/// Runs @p work once to warm caches and buffers, then @p repetitions times. With --counts, the
/// first call of a benchmark is the part whose instructions are counted.
Timing measure(int repetitions, const std::function<void()>& work);

/// The same for work that measures itself. @p work returns milliseconds
Timing measureOwn(int repetitions, const std::function<double()>& work);

/// Memory in use now and at most so far, of the whole process.
std::uint64_t residentBytes();
std::uint64_t peakResidentBytes();

/// Adds a rival's time and how many times longer than ours it is.
void addRival(Report& report, const QString& name, const Timing& rival);

/// Milliseconds since its making or since the last call.
class Lap
{
public:
    double ms();

private:
    std::chrono::steady_clock::time_point m_last = std::chrono::steady_clock::now();
};

/// Median time of memcpy for that many bytes read plus written, into a warmed buffer.
double memcpyMs(std::uint64_t bytesMoved, int repetitions);

/// Parses the arguments, runs the benchmark and prints its line. @return the exit code
int run(QCoreApplication& application);

} // namespace portreeve::bench
