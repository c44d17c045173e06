// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/pushverification.h"

#include <algorithm>

namespace portreeve {

PushVerification::PushVerification(const DirectoryPlan& plan, DirectoryRecordKind kind)
{
    for (const auto& change : plan.changes) {
        if (change.kind == kind) {
            m_expected.insert(change.id, { .change = &change });
        }
    }
    for (const auto& record : plan.refused) {
        if (record.kind == kind) {
            m_expected.remove(record.id);
        }
    }
}

void PushVerification::visit(const DatabrokerRecord& record)
{
    const auto found = m_expected.find(record.id);
    if (found == m_expected.end()) {
        ++m_foreignChanges;
        return;
    }
    const bool isDeletion = found->change->action == RecordAction::Delete;
    found->isMet = isDeletion ? record.isDeleted
                              : !record.isDeleted
            && isSameDirectoryRecord(found->change->after, record.typeUrl, record.data);
}

std::vector<ForeignRecord> PushVerification::unverified() const
{
    std::vector<ForeignRecord> out;
    for (const auto& expectation : m_expected) {
        if (!expectation.isMet) {
            out.push_back({ .kind = expectation.change->kind,
                .id = expectation.change->id,
                .label = expectation.change->label });
        }
    }
    std::sort(out.begin(), out.end(),
        [](const ForeignRecord& a, const ForeignRecord& b) { return a.id < b.id; });
    return out;
}

} // namespace portreeve
