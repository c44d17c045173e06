// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directoryplan.h"

#include <QHash>

namespace portreeve {

/// Compares what the databroker holds with the directory, one remote record at a time, so that the
/// remote side is never held as a whole.
class DirectoryDiff
{
public:
    /// @param desired  has to outlive this
    explicit DirectoryDiff(const DesiredDirectory& desired);

    void visit(DirectoryRecordKind kind, DatabrokerRecord&& record);

    /// After the last record of both kinds: adds what was not there, sorts, guards.
    DirectoryPlan take(const DirectoryPosition& position, WriteOrder order);

private:
    /// Rows of the desired records by id, and which of them the databroker has.
    struct Side
    {
        QHash<QString, std::size_t> rows {};
        std::vector<bool> seen {};
    };

    Side& of(DirectoryRecordKind kind);
    QByteArray encoded(DirectoryRecordKind kind, std::size_t row) const;
    QString label(DirectoryRecordKind kind, std::size_t row) const;
    void compare(DirectoryRecordKind kind, std::size_t row, DatabrokerRecord&& record);
    void visitUnwanted(DirectoryRecordKind kind, DatabrokerRecord&& record);
    void remove(DirectoryRecordKind kind, DatabrokerRecord&& record, bool byChoice);
    void addMissing(DirectoryRecordKind kind);
    void put(RecordChange&& change);

    const DesiredDirectory& m_desired;
    Side m_users;
    Side m_groups;
    DirectoryPlan m_plan;
};

} // namespace portreeve
