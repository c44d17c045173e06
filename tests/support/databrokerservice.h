// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/databrokerdouble.h"
#include "tests/support/databrokerstore.h"

#include <databroker.grpc.pb.h>

#include <atomic>

namespace portreeve::test {

/// The gRPC face of a DatabrokerStore: tokens, faults, a log of calls.
class DatabrokerService final : public databroker::DataBrokerService::Service
{
public:
    explicit DatabrokerService(DatabrokerStore& store);

    void setFaults(DatabrokerFaults faults);
    void setClockAhead(std::chrono::milliseconds by);
    void endStreams();
    void open();
    void close(); ///< open streams end, so that the server can stop
    std::vector<DatabrokerCall> calls() const;
    void forgetCalls();

private:
    using Context = grpc::ServerContext;
    using Status = grpc::Status;
    using Empty = google::protobuf::Empty;

    Status AcquireLease(Context* context, const databroker::AcquireLeaseRequest* request,
        databroker::AcquireLeaseResponse* response) override;
    Status Get(Context* context, const databroker::GetRequest* request,
        databroker::GetResponse* response) override;
    Status GetOptions(Context* context, const databroker::GetOptionsRequest* request,
        databroker::GetOptionsResponse* response) override;
    Status ListTypes(
        Context* context, const Empty* request, databroker::ListTypesResponse* response) override;
    Status Patch(Context* context, const databroker::PatchRequest* request,
        databroker::PatchResponse* response) override;
    Status Put(Context* context, const databroker::PutRequest* request,
        databroker::PutResponse* response) override;
    Status Query(Context* context, const databroker::QueryRequest* request,
        databroker::QueryResponse* response) override;
    Status ReleaseLease(
        Context* context, const databroker::ReleaseLeaseRequest* request, Empty* response) override;
    Status RenewLease(
        Context* context, const databroker::RenewLeaseRequest* request, Empty* response) override;
    Status ServerInfo(
        Context* context, const Empty* request, databroker::ServerInfoResponse* response) override;
    Status Sync(Context* context, const databroker::SyncRequest* request,
        grpc::ServerWriter<databroker::SyncResponse>* writer) override;
    Status SyncLatest(Context* context, const databroker::SyncLatestRequest* request,
        grpc::ServerWriter<databroker::SyncLatestResponse>* writer) override;

    /// Faults, size and token of a call, in the order of the real server.
    Status enter(Context& context, const google::protobuf::Message& request, DatabrokerCall call);
    Status checkToken(const Context& context) const;
    Status beforePut(int records);
    std::chrono::milliseconds now() const;

    DatabrokerStore& m_store;
    mutable std::mutex m_mutex;
    DatabrokerFaults m_faults;
    std::chrono::milliseconds m_clockAhead { 0 };
    std::vector<DatabrokerCall> m_calls;
    int m_puts = 0;
    std::atomic<int> m_streamGeneration { 0 };
    std::atomic<bool> m_isClosing { false };
};

} // namespace portreeve::test
