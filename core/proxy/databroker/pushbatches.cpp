// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/pushbatches.h"

#include <numeric>

namespace portreeve {

namespace {

/// Tags, lengths and the time stamp of one record on the wire, generously.
constexpr std::int64_t kRecordOverhead = 40;

bool isDeletion(const RecordChange& change)
{
    return change.action == RecordAction::Delete;
}

} // namespace

std::int64_t recordBytes(const RecordChange& change)
{
    const auto type = recordTypeOf(change.kind).size();
    const auto data = isDeletion(change) ? 0 : change.after.size() + kStructTypeUrl.size();
    return type + change.id.toUtf8().size() + data + kRecordOverhead;
}

std::vector<DatabrokerRecord> PushBatch::records() const
{
    std::vector<DatabrokerRecord> out;
    out.reserve(changes.size());
    for (const auto& change : changes) {
        DatabrokerRecord record {
            .type = recordTypeOf(kind), .id = change.id, .isDeleted = isDeletion
        };
        if (!isDeletion) {
            record.typeUrl = kStructTypeUrl;
            record.data = change.after;
        }
        out.push_back(std::move(record));
    }
    return out;
}

std::int64_t PushBatch::bytes() const
{
    return std::accumulate(changes.begin(), changes.end(), std::int64_t { 0 },
        [](std::int64_t sum, const RecordChange& change) { return sum + recordBytes(change); });
}

std::deque<PushBatch> cutIntoBatches(std::span<const RecordChange> changes)
{
    std::deque<PushBatch> batches;
    std::size_t first = 0;
    while (first < changes.size()) {
        const auto& head = changes[first];
        std::int64_t bytes = 0;
        std::size_t next = first;
        while (next < changes.size() && next - first < kMaxBatchRecords) {
            const auto& change = changes[next];
            bytes += recordBytes(change);
            const bool fits = change.kind == head.kind && isDeletion(change) == isDeletion(head)
                && (bytes <= kMaxBatchBytes || next == first);
            if (!fits) {
                break;
            }
            ++next;
        }
        batches.push_back({ .kind = head.kind,
            .isDeletion = isDeletion(head),
            .changes = changes.subspan(first, next - first) });
        first = next;
    }
    return batches;
}

std::pair<PushBatch, PushBatch> halved(const PushBatch& batch)
{
    const auto half = batch.changes.size() / 2;
    auto lower = batch;
    auto upper = batch;
    lower.changes = batch.changes.first(half);
    upper.changes = batch.changes.subspan(half);
    return { lower, upper };
}

} // namespace portreeve
