// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/madeupdirectory.h"
#include "ui/models/directorymodels.h"
#include "ui/widgets/tableview.h"

#include <QPixmap>
#include <QSortFilterProxyModel>

#include <array>
#include <numeric>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

DirectoryIndexPtr indexOf(const SnapshotPtr& snapshot)
{
    const DirectoryView view { .connections = { ConnectionDirectory { .connectionId = u"bench"_s,
                                   .connectionName = u"Bench"_s,
                                   .provider = u"sample"_s,
                                   .snapshot = snapshot,
                                   .closure = std::make_shared<const GroupClosure>(snapshot),
                                   .generation = 1 } } };
    return std::make_shared<const DirectoryIndex>(std::make_shared<const DirectoryView>(view));
}

/// One letter typed over the list of all users: search, order, facets, model reset, painting. All
/// on one thread here; in the window the search runs on a worker.
Report keystroke(const Options& options)
{
    constexpr int width = 1200;
    constexpr int height = 800;
    static const std::array texts { u"a"_s, u"an"_s, u"and"_s, u"ander"_s, u"anders"_s,
        u"ada anders"_s, u"no such person"_s };
    const DirectoryIndexPtr index = indexOf(MadeUpDirectory(options).snapshot());
    UsersModel model;
    TableView table(u"benchUsers"_s, nullptr);
    table.setRowsModel(&model);
    table.resize(width, height);
    model.show(index, index->find({}).rows);
    table.show();

    Report report;
    QJsonObject perText;
    double searchMs = 0;
    for (const QString& text : texts) {
        std::vector<Row> rows;
        const Timing time = measure(options.repetitions, [&] {
            Lap lap;
            rows = index->find({ .text = text }).rows;
            searchMs = lap.ms();
            report.count = rows.size();
            model.show(index, rows);
            // Into a picture: a window nobody sees is not painted when asked to.
            const QPixmap painted = table.viewport()->grab();
            Q_UNUSED(painted)
        });
        perText.insert(text,
            QJsonObject { { u"ms"_s, time.medianMs }, { u"ms_search"_s, searchMs },
                { u"hits"_s, static_cast<qint64>(rows.size()) } });
        report.checksum = std::accumulate(rows.begin(), rows.end(), report.checksum);
        if (time.medianMs > report.time.medianMs) {
            report.time = time; // the line's time is that of the slowest text
        }
    }
    report.count = index->userCount();
    report.extra.insert(u"ms_by_text"_s, perText);
    if (options.rivals) {
        QSortFilterProxyModel proxy;
        model.show(index, index->find({}).rows);
        proxy.setSourceModel(&model);
        proxy.setFilterKeyColumn(static_cast<int>(UserColumn::Name));
        proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
        addRival(report, u"proxy"_s, measure(1, [&proxy] {
            proxy.setFilterFixedString({});
            proxy.setFilterFixedString(u"an"_s);
        }));
    }
    return report;
}

const bool kKeystrokeRegistered = registerBenchmark("keystroke", keystroke);

} // namespace

} // namespace portreeve::bench
