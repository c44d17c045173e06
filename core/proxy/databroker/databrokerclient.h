// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/proxy/databroker/databrokerrecord.h"

#include <QByteArray>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace portreeve {

struct DatabrokerEndpoint
{
    QString host {}; ///< name or address, without brackets
    int port = 5443;
    bool tls = false;
    QString caFile {}; ///< PEM certificates trusted instead of the system's; only with tls

    QString address() const; ///< "host:port", "[::1]:5443"
};

/// Answer of SyncLatest once all records were visited.
struct LatestRecords
{
    DatabrokerPosition position {}; ///< where sync() goes on from
    std::optional<RecordTypeOptions> options {};
};

struct SyncQuery
{
    DatabrokerPosition from {}; ///< as a snapshot or an earlier sync gave it, never 0, 0
    QString type {};
    bool wait = false; ///< stay at the newest change and go on with what comes
    std::optional<std::chrono::milliseconds> timeout {}; ///< of the whole stream
};

struct RecordQuery
{
    QString type {};
    QString text {}; ///< found anywhere in the data, without regard to case
    std::int64_t offset = 0;
    std::int64_t limit = 100; ///< 1 or more: the server takes 0 as "none"
};

struct QueriedRecords
{
    std::vector<DatabrokerRecord> records {};
    std::int64_t totalCount = 0;
};

struct PutAnswer
{
    std::uint64_t serverVersion = 0;
    std::vector<DatabrokerRecord> records {}; ///< with the versions the server gave them
};

/// Speaks gRPC with a proxy's databroker (proxy.md 3 and 4). Every call blocks, may be made from
/// any thread and from several at once, and ends within a second of a stop request with Cancelled.
///
/// ErrorCodes of every call: Network (not reached), Tls, Timeout, Auth (wrong secret), ClockSkew,
/// LimitExceeded (message too large), BadResponse (not a databroker, or not understood), Cancelled;
/// those of single calls are named there. There is no call that clears the store.
class DatabrokerClient final
{
public:
    /// Makes the signed token of one call. Never kept, never logged.
    using TokenMint = std::function<QByteArray(UtcTime now)>;
    using RecordVisitor = std::function<void(DatabrokerRecord&& record)>;

    /// Longest time of one call; streams of sync() have their own.
    struct Deadlines
    {
        std::chrono::milliseconds call { 15'000 };
        /// Ids deleted within the hour before make a Put of 500 records take up to two seconds.
        std::chrono::milliseconds put { 30'000 };
        std::chrono::milliseconds snapshot { 300'000 };
    };

    /// Connects with the first call, not here.
    /// @return InvalidInput naming the field for an unusable address or certificate file
    static Result<std::unique_ptr<DatabrokerClient>> open(
        const DatabrokerEndpoint& endpoint, TokenMint mint, const Clock& clock);

    ~DatabrokerClient();
    DatabrokerClient(const DatabrokerClient&) = delete;
    DatabrokerClient& operator=(const DatabrokerClient&) = delete;

    const DatabrokerEndpoint& endpoint() const;
    void setDeadlines(const Deadlines& deadlines); ///< before the first call

    Result<DatabrokerServerInfo> serverInfo(const std::stop_token& stop) const;
    Result<QStringList> listTypes(const std::stop_token& stop) const;

    /// nullopt when the type has none, the normal case.
    Result<std::optional<RecordTypeOptions>> options(
        const QString& type, const std::stop_token& stop) const;

    /// All current records of one type, in the order the server sends them.
    Result<LatestRecords> syncLatest(
        const QString& type, const RecordVisitor& visit, const std::stop_token& stop) const;

    /// Changes after a position, tombstones included. Returns when all were seen; with `wait` only
    /// through an error: Timeout or Network is then the plain end of the stream.
    /// @return Stale when the store is another one by now or no longer knows that position
    Result<void> sync(
        const SyncQuery& query, const RecordVisitor& visit, const std::stop_token& stop) const;

    /// @return NotFound for unknown and for deleted records
    Result<DatabrokerRecord> get(
        const QString& type, const QString& id, const std::stop_token& stop) const;

    /// Finds by text only. What a filter finds depends on the storage, so nothing here sends one.
    Result<QueriedRecords> query(const RecordQuery& query, const std::stop_token& stop) const;

    /// Writes whole records; those marked deleted become tombstones. Not atomic beyond one call.
    /// @return BadResponse when the server did not answer for every record
    Result<PutAnswer> put(
        const std::vector<DatabrokerRecord>& records, const std::stop_token& stop) const;

    /// Sets fields of typed messages; other fields stay. Not for directory records, of which it
    /// would lose all other keys. @return the records that existed; missing ones are left out
    Result<std::vector<DatabrokerRecord>> patch(const std::vector<DatabrokerRecord>& records,
        const QStringList& fields, const std::stop_token& stop) const;

    /// @return the lease's id; Held when somebody else has it
    Result<QString> acquireLease(
        const QString& name, std::chrono::milliseconds duration, const std::stop_token& stop) const;
    /// @return Held when it was lost
    Result<void> renewLease(const QString& name, const QString& leaseId,
        std::chrono::milliseconds duration, const std::stop_token& stop) const;
    Result<void> releaseLease(
        const QString& name, const QString& leaseId, const std::stop_token& stop) const;

private:
    struct Private;
    explicit DatabrokerClient(std::unique_ptr<Private> d);

    std::unique_ptr<Private> m_d;
};

} // namespace portreeve
