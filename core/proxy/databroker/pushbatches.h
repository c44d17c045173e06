// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directoryplan.h"

#include <deque>
#include <span>

namespace portreeve {

/// Neighbouring changes of one kind and direction that travel in one Put.
struct PushBatch
{
    DirectoryRecordKind kind = DirectoryRecordKind::User;
    bool isDeletion = false;
    std::span<const RecordChange> changes {};

    std::vector<DatabrokerRecord> records() const;
    std::int64_t bytes() const; ///< serialized, to within a few bytes a record
};

/// Most records and bytes of one Put (proxy.md 5.4); the server takes four times the bytes.
constexpr std::size_t kMaxBatchRecords = 500;
constexpr std::int64_t kMaxBatchBytes = std::int64_t(1024) * 1024;

/// Serialized size of the record that a change puts.
std::int64_t recordBytes(const RecordChange& change);

/// Cuts ordered changes into batches.
std::deque<PushBatch> cutIntoBatches(std::span<const RecordChange> changes);

/// Both halves; only for batches of two records or more.
std::pair<PushBatch, PushBatch> halved(const PushBatch& batch);

} // namespace portreeve
