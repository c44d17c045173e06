// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/records.h"
#include "ui/models/rowsmodel.h"

#include <QHash>
#include <QSet>

namespace portreeve {

/// Runs, newest first.
class RunsModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId {
        Id,
        Started,
        Connection,
        Trigger,
        Outcome,
        Users,
        Groups,
        Memberships,
        Duration
    };

    explicit RunsModel(QObject* parent = nullptr);

    void setRuns(std::vector<RunRecord> runs, UtcTime now);
    void append(const std::vector<RunRecord>& older);

    const RunRecord& run(Row row) const { return m_runs[row]; }

    const std::vector<RunRecord>& runs() const { return m_runs; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    QString text(const RunRecord& run, int column) const;
    QVariant raw(const RunRecord& run, int column) const;

    std::vector<RunRecord> m_runs;
    UtcTime m_now {};
};

/// The applied changes of one run, read from the store a page at a time as they come into view.
class RunChangesModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Action, Kind, Name, What };

    static constexpr std::int64_t kPageSize = 256;

    explicit RunChangesModel(QObject* parent = nullptr);

    /// @param count  how many changes the run made
    void setRun(std::int64_t runId, std::int64_t count);

    /// An answer to pageNeeded(); one for another run is dropped.
    void setPage(std::int64_t runId, std::int64_t page, std::vector<RunChange> changes);

    /// nullptr while its page is on the way.
    const RunChange* change(Row row) const;

    QString rowKey(Row row) const override;

signals:
    void pageNeeded(std::int64_t runId, std::int64_t page) const;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::int64_t m_runId = 0;
    QHash<std::int64_t, std::vector<RunChange>> m_pages;
    mutable QSet<std::int64_t> m_asked;
};

/// How many changes a run applied.
std::int64_t changeCount(const RunRecord& run);

} // namespace portreeve
