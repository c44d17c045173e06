// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directoryplan.h"

#include <QHash>

namespace portreeve {

/// Follows the changes of one type since a plan was made: each planned record has to end with our
/// value.
class PushVerification
{
public:
    /// @param plan  has to outlive this
    PushVerification(const DirectoryPlan& plan, DirectoryRecordKind kind);

    void visit(const DatabrokerRecord& record);

    std::vector<ForeignRecord> unverified() const;

    std::int64_t foreignChanges() const { return m_foreignChanges; }

    std::int64_t total() const { return m_expected.size(); }

private:
    struct Expectation
    {
        const RecordChange* change = nullptr;
        bool isMet = false;
    };

    QHash<QString, Expectation> m_expected;
    std::int64_t m_foreignChanges = 0;
};

} // namespace portreeve
