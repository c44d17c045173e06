// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/roworder.h"
#include "core/directory/textsearch.h"
#include "tests/bench/madeupdirectory.h"

#include <QCollator>

#include <array>
#include <numeric>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

/// A person's name typed letter by letter over all users: scan, then the order of the name column.
Report search(const Options& options)
{
    static const std::array queries { u"a"_s, u"an"_s, u"and"_s, u"ander"_s, u"anders"_s,
        u"ada anders"_s, u"no such person"_s };
    const SnapshotPtr snapshot = MadeUpDirectory(options).snapshot();
    const std::array columns { &snapshot->userNames(), &snapshot->userLogins() };
    const TextSearch texts(columns);
    const RowOrder order = RowOrder::byText(snapshot->userNames(), QCollator());

    Report report;
    QJsonObject perQuery;
    for (const QString& query : queries) {
        std::vector<Row> rows;
        const Timing time = measure(options.repetitions,
            [&] { rows = order.arranged(texts.find(query), Qt::AscendingOrder); });
        perQuery.insert(query, time.medianMs);
        report.count += rows.size();
        report.checksum = std::accumulate(rows.begin(), rows.end(), report.checksum);
        if (time.medianMs > report.time.medianMs) {
            report.time = time; // the line's time is that of the slowest query
        }
    }
    report.bytes = texts.memoryBytes();
    report.reference = u"memcpy"_s;
    report.referenceMs = memcpyMs(report.bytes, options.repetitions);
    report.extra.insert(u"ms_by_query"_s, perQuery);
    return report;
}

const bool kSearchRegistered = registerBenchmark("search", search);

} // namespace

} // namespace portreeve::bench
