// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/proxy/databroker/databrokerclient.h"

#include <QByteArray>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace portreeve::test {

/// What goes wrong at a databroker. Counters run down by themselves.
struct DatabrokerFaults
{
    int dropAfterRecords = -1; ///< the Put that would pass that many records is not answered, once
    int unavailableCalls = 0; ///< the next calls of any kind
    std::chrono::milliseconds delay { 0 }; ///< before each answer
    int refusedAfterWrites = -1; ///< Puts and Patches beyond that many get UNAVAILABLE
    int invalidPut = 0; ///< the Put of that number gets INVALID_ARGUMENT
    int missingAnswers = 0; ///< records left out of the next Put's answer
    bool hidesDate = false; ///< no date header, as behind a plain gRPC server
    std::size_t maxMessageBytes = 4'194'304;
    std::chrono::milliseconds longestStream { 0 }; ///< then UNAVAILABLE, as an idle one gets
    /// Called before each Put is carried out, with its number from 1 on.
    std::function<void(int put)> beforePut {};
};

struct DatabrokerCall
{
    QString method {};
    int records = 0; ///< Put and Patch
    std::int64_t bytes = 0; ///< of the request
    std::int64_t limit = -1; ///< Query
    std::chrono::milliseconds duration { 0 }; ///< AcquireLease and RenewLease
    std::uint64_t fromServerVersion = 0; ///< Sync
    QStringList ids {}; ///< Put and Patch
};

/// A databroker in this process, over gRPC on 127.0.0.1, that answers as 0.33.0 did (proxy.md 4
/// and 14.1). Threads of its own; all members may be called from any thread.
class DatabrokerDouble
{
public:
    enum class Transport { Plain, Tls };

    explicit DatabrokerDouble(Transport transport = Transport::Plain);
    ~DatabrokerDouble();
    DatabrokerDouble(const DatabrokerDouble&) = delete;
    DatabrokerDouble& operator=(const DatabrokerDouble&) = delete;

    DatabrokerEndpoint endpoint() const; ///< with the authority's file when Tls
    static QByteArray secret(); ///< its 32 bytes: 00 to 1f
    static DatabrokerClient::TokenMint mint(); ///< right tokens

    /// A client with right tokens. Fails the process when it cannot be made.
    std::unique_ptr<DatabrokerClient> client(const Clock& clock) const;

    void setFaults(DatabrokerFaults faults);
    void setClockAhead(std::chrono::milliseconds by); ///< of the system's clock

    /// Another writer, past tokens and faults.
    void write(const std::vector<DatabrokerRecord>& records);
    std::vector<DatabrokerRecord> records(const QString& type) const;
    void setCapacity(const QString& type, std::uint64_t capacity);
    void loseLeases(); ///< somebody else holds them now
    void freeLeases();
    void trimLog();

    void restart(); ///< empty, with another server version; open streams end
    void goAway(); ///< the port refuses connections
    void comeBack(bool empty);

    std::vector<DatabrokerCall> calls() const;
    int count(const QString& method) const;
    int syncsFromNothing() const; ///< Sync calls that name no server version, which none should
    void forgetCalls();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace portreeve::test
