// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <databroker.pb.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace portreeve::test {

/// Records, change log, leases and options as the proxy's memory storage keeps them (proxy.md 4;
/// compared with what 0.33.0 answered). Safe to share between threads.
class DatabrokerStore
{
public:
    using Records = google::protobuf::RepeatedPtrField<databroker::Record>;

    /// Upserts and deletes. @return what the server answers for each record
    Records put(const Records& records);
    grpc::Status patch(const databroker::PatchRequest& request, Records& out);
    grpc::Status get(const databroker::GetRequest& request, databroker::Record& out) const;
    grpc::Status query(
        const databroker::QueryRequest& request, databroker::QueryResponse& out) const;

    /// Current records of a type, of all types when it is empty; by version.
    std::vector<databroker::Record> latest(const std::string& type) const;

    /// Changes after a version, the newest of each record, by version.
    std::vector<databroker::Record> changesAfter(
        std::uint64_t version, const std::string& type) const;

    /// Whether Sync can go on from there.
    bool knows(std::uint64_t serverVersion, std::uint64_t recordVersion) const;

    /// Until something was put, the store was replaced or the time is over.
    void waitForChange(std::uint64_t seenVersion, std::chrono::milliseconds atMost) const;

    std::vector<std::string> types() const;
    std::optional<databroker::Options> options(const std::string& type) const;
    void setCapacity(const std::string& type, std::uint64_t capacity);

    grpc::Status acquireLease(
        const std::string& name, std::chrono::milliseconds duration, std::string& id);
    grpc::Status renewLease(
        const std::string& name, const std::string& id, std::chrono::milliseconds duration);
    void releaseLease(const std::string& name, const std::string& id);
    void loseLeases(); ///< as if they had run out and another writer had taken them
    void freeLeases();

    std::uint64_t serverVersion() const;
    std::uint64_t latestVersion() const;

    void replace(); ///< a restart with memory storage: empty, another server version
    void trimLog(); ///< forgets how it came to what it is

private:
    using Key = std::pair<std::string, std::string>;

    struct Lease
    {
        std::string id;
        std::chrono::steady_clock::time_point until;
    };

    void apply(databroker::Record record);
    bool isHeld(const std::string& name) const;

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::uint64_t m_serverVersion = 232096511324211647;
    std::uint64_t m_version = 0;
    std::uint64_t m_trimmedUpTo = 0;
    std::map<Key, databroker::Record> m_current;
    std::map<Key, databroker::Record> m_log; ///< newest change of each record, tombstones too
    std::map<std::string, databroker::Options> m_options;
    std::map<std::string, Lease> m_leases;
    int m_nextLease = 1;
};

} // namespace portreeve::test
