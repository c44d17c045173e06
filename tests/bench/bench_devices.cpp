// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicetable.h"
#include "tests/bench/bench.h"
#include "tests/support/madeupdevices.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr int kSmall = 1'000;
constexpr int kMedium = 10'000;
constexpr int kLarge = 100'000;

/// From the records of a proxy to the rows of the device list, and one word typed into its filter.
Report listDevices(const Options& options)
{
    const int count = options.size == u"L" ? kLarge : options.size == u"M" ? kMedium : kSmall;
    const auto records = test::madeUpDevices(count, UtcTime(std::chrono::hours(24 * 365 * 56)));
    Report report;
    std::vector<devices::DeviceRow> rows;
    report.time = measure(options.repetitions, [&] {
        devices::DeviceTable table;
        for (const auto& record : records) {
            if (!table.apply(record)) {
                qFatal("a made-up record cannot be read");
            }
        }
        rows = table.rows(
            { .people = {}, .links = nullptr, .now = UtcTime(std::chrono::hours(24 * 365 * 56)) });
    });
    std::int64_t found = 0;
    const Timing filtered = measure(options.repetitions, [&] {
        found = std::ranges::count_if(rows, [](const devices::DeviceRow& row) {
            return devices::matches(row, u"user99 packed"_s);
        });
    });
    report.count = rows.size();
    report.checksum = static_cast<std::uint64_t>(found);
    report.extra.insert(u"ms_filter"_s, filtered.medianMs);
    return report;
}

const bool kDevicesRegistered = registerBenchmark("devices", listDevices);

} // namespace

} // namespace portreeve::bench
