// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/databrokerclient.h"

#include "core/proxy/databroker/databrokerchannel.h"
#include "core/proxy/databroker/recordwire.h"
#include "core/proxy/databroker/rpc.h"

#include <databroker.grpc.pb.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using Stub = databroker::DataBrokerService::Stub;

/// A lease that is not given back ends by itself: nobody has to wait for it.
constexpr std::chrono::milliseconds kReleaseTime { 1'000 };

} // namespace

struct DatabrokerClient::Private
{
    DatabrokerEndpoint endpoint;
    TokenMint mint;
    const Clock& clock;
    Deadlines deadlines {};
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<Stub> stub;

    grpc::ClientContext* open(Rpc& rpc) const
    {
        const auto now = clock.nowUtc();
        return rpc.open("jwt", mint(now), now);
    }

    Result<void> finish(const Rpc& rpc, const grpc::Status& status) const
    {
        return rpc.finish("databroker", endpoint, status, databrokerError);
    }

    template <typename Request, typename Response>
    using Unary = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

    template <typename Request, typename Response>
    Result<Response> call(const char* method, Unary<Request, Response> member,
        const Request& request, const std::stop_token& stop) const;
    template <typename Request, typename Response>
    Result<Response> callWithin(std::chrono::milliseconds deadline, const char* method,
        Unary<Request, Response> member, const Request& request, const std::stop_token& stop) const;
};

template <typename Request, typename Response>
Result<Response> DatabrokerClient::Private::callWithin(std::chrono::milliseconds deadline,
    const char* method, Unary<Request, Response> member, const Request& request,
    const std::stop_token& stop) const
{
    reconnect(*channel, stop);
    Rpc rpc(method, deadline, stop);
    auto* context = open(rpc);
    Response response;
    const auto status = (stub.get()->*member)(context, request, &response);
    if (const auto ended = finish(rpc, status); !ended) {
        return ended.error();
    }
    return response;
}

template <typename Request, typename Response>
Result<Response> DatabrokerClient::Private::call(const char* method,
    Unary<Request, Response> member, const Request& request, const std::stop_token& stop) const
{
    return callWithin(deadlines.call, method, member, request, stop);
}

QString DatabrokerEndpoint::address() const
{
    const bool isV6 = host.contains(u':');
    return (isV6 ? QString(u'[' % host % u']') : host) % u':' % QString::number(port);
}

Result<std::unique_ptr<DatabrokerClient>> DatabrokerClient::open(
    const DatabrokerEndpoint& endpoint, TokenMint mint, const Clock& clock)
{
    const auto channel = openChannel(endpoint);
    if (!channel) {
        return channel.error();
    }
    auto d = std::make_unique<Private>(Private { .endpoint = endpoint,
        .mint = std::move(mint),
        .clock = clock,
        .channel = *channel,
        .stub = databroker::DataBrokerService::NewStub(*channel) });
    return std::unique_ptr<DatabrokerClient>(new DatabrokerClient(std::move(d)));
}

DatabrokerClient::DatabrokerClient(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}

DatabrokerClient::~DatabrokerClient() = default;

const DatabrokerEndpoint& DatabrokerClient::endpoint() const
{
    return m_d->endpoint;
}

void DatabrokerClient::setDeadlines(const Deadlines& deadlines)
{
    m_d->deadlines = deadlines;
}

Result<DatabrokerServerInfo> DatabrokerClient::serverInfo(const std::stop_token& stop) const
{
    const auto answer = m_d->call("ServerInfo", &Stub::ServerInfo, google::protobuf::Empty(), stop);
    if (!answer) {
        return answer.error();
    }
    return DatabrokerServerInfo { .serverVersion = answer->server_version(),
        .earliestRecordVersion = answer->earliest_record_version(),
        .latestRecordVersion = answer->latest_record_version() };
}

Result<QStringList> DatabrokerClient::listTypes(const std::stop_token& stop) const
{
    const auto answer = m_d->call("ListTypes", &Stub::ListTypes, google::protobuf::Empty(), stop);
    if (!answer) {
        return answer.error();
    }
    QStringList types;
    for (const auto& type : answer->types()) {
        types.append(QString::fromStdString(type));
    }
    return types;
}

Result<std::optional<RecordTypeOptions>> DatabrokerClient::options(
    const QString& type, const std::stop_token& stop) const
{
    databroker::GetOptionsRequest request;
    request.set_type(type.toStdString());
    const auto answer = m_d->call("GetOptions", &Stub::GetOptions, request, stop);
    if (!answer && answer.error().code == ErrorCode::NotFound) {
        return std::optional<RecordTypeOptions> {};
    }
    if (!answer) {
        return answer.error();
    }
    return std::optional(toOptions(answer->options()));
}

Result<LatestRecords> DatabrokerClient::syncLatest(
    const QString& type, const RecordVisitor& visit, const std::stop_token& stop) const
{
    databroker::SyncLatestRequest request;
    request.set_type(type.toStdString());
    reconnect(*m_d->channel, stop);
    Rpc rpc("SyncLatest", m_d->deadlines.snapshot, stop);
    const auto reader = m_d->stub->SyncLatest(m_d->open(rpc), request);
    LatestRecords latest;
    bool isComplete = false;
    databroker::SyncLatestResponse part;
    while (reader->Read(&part)) {
        if (part.has_record()) {
            visit(fromWire(std::move(*part.mutable_record())));
        } else if (part.has_versions()) {
            latest.position = { .serverVersion = part.versions().server_version(),
                .recordVersion = part.versions().latest_record_version() };
            isComplete = true;
        } else if (part.has_options()) {
            latest.options = toOptions(part.options().options());
        }
    }
    if (const auto ended = m_d->finish(rpc, reader->Finish()); !ended) {
        return ended.error();
    }
    if (!isComplete) {
        return Error { .code = ErrorCode::BadResponse,
            .what = message(QT_TRANSLATE_NOOP("Message", "%1 ended its list of %2 too early."),
                m_d->endpoint.address(), type),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Nothing was changed. The next push tries again.")) };
    }
    return latest;
}

Result<void> DatabrokerClient::sync(
    const SyncQuery& query, const RecordVisitor& visit, const std::stop_token& stop) const
{
    databroker::SyncRequest request;
    request.set_server_version(query.from.serverVersion);
    request.set_record_version(query.from.recordVersion);
    request.set_type(query.type.toStdString());
    request.set_wait(query.wait);
    auto deadline = query.timeout;
    if (!deadline && !query.wait) {
        deadline = m_d->deadlines.snapshot;
    }
    reconnect(*m_d->channel, stop);
    Rpc rpc("Sync", deadline, stop);
    const auto reader = m_d->stub->Sync(m_d->open(rpc), request);
    databroker::SyncResponse part;
    while (reader->Read(&part)) {
        if (part.has_record()) {
            visit(fromWire(std::move(*part.mutable_record())));
        }
    }
    return m_d->finish(rpc, reader->Finish());
}

Result<DatabrokerRecord> DatabrokerClient::get(
    const QString& type, const QString& id, const std::stop_token& stop) const
{
    databroker::GetRequest request;
    request.set_type(type.toStdString());
    request.set_id(id.toStdString());
    auto answer = m_d->call("Get", &Stub::Get, request, stop);
    if (!answer) {
        return answer.error();
    }
    return fromWire(std::move(*answer->mutable_record()));
}

Result<QueriedRecords> DatabrokerClient::query(
    const RecordQuery& query, const std::stop_token& stop) const
{
    databroker::QueryRequest request;
    request.set_type(query.type.toStdString());
    request.set_query(query.text.toStdString());
    request.set_offset(query.offset);
    request.set_limit(std::max<std::int64_t>(query.limit, 1));
    auto answer = m_d->call("Query", &Stub::Query, request, stop);
    if (!answer) {
        return answer.error();
    }
    return QueriedRecords { .records = fromWire(std::move(*answer->mutable_records())),
        .totalCount = answer->total_count() };
}

Result<PutAnswer> DatabrokerClient::put(
    const std::vector<DatabrokerRecord>& records, const std::stop_token& stop) const
{
    databroker::PutRequest request;
    for (const auto& record : records) {
        toWire(record, m_d->clock.nowUtc(), *request.add_records());
    }
    auto answer = m_d->callWithin(m_d->deadlines.put, "Put", &Stub::Put, request, stop);
    if (!answer) {
        return answer.error();
    }
    if (static_cast<std::size_t>(answer->records_size()) != records.size()) {
        return Error { .code = ErrorCode::BadResponse,
            .what = message(
                QT_TRANSLATE_NOOP("Message", "%1 answered for %2 of %3 records that were put."),
                m_d->endpoint.address(), QString::number(answer->records_size()),
                QString::number(records.size())),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Push again: the comparison finds what is missing. If it repeats, look at the "
                "proxy's log.")) };
    }
    return PutAnswer { .serverVersion = answer->server_version(),
        .records = fromWire(std::move(*answer->mutable_records())) };
}

Result<std::vector<DatabrokerRecord>> DatabrokerClient::patch(
    const std::vector<DatabrokerRecord>& records, const QStringList& fields,
    const std::stop_token& stop) const
{
    databroker::PatchRequest request;
    for (const auto& record : records) {
        toWire(record, m_d->clock.nowUtc(), *request.add_records());
    }
    for (const auto& field : fields) {
        request.mutable_field_mask()->add_paths(field.toStdString());
    }
    auto answer = m_d->callWithin(m_d->deadlines.put, "Patch", &Stub::Patch, request, stop);
    if (!answer) {
        return answer.error();
    }
    return fromWire(std::move(*answer->mutable_records()));
}

Result<QString> DatabrokerClient::acquireLease(
    const QString& name, std::chrono::milliseconds duration, const std::stop_token& stop) const
{
    databroker::AcquireLeaseRequest request;
    request.set_name(name.toStdString());
    toWire(duration, *request.mutable_duration());
    const auto answer = m_d->call("AcquireLease", &Stub::AcquireLease, request, stop);
    if (!answer) {
        return answer.error();
    }
    return QString::fromStdString(answer->id());
}

Result<void> DatabrokerClient::renewLease(const QString& name, const QString& leaseId,
    std::chrono::milliseconds duration, const std::stop_token& stop) const
{
    databroker::RenewLeaseRequest request;
    request.set_name(name.toStdString());
    request.set_id(leaseId.toStdString());
    toWire(duration, *request.mutable_duration());
    const auto answer = m_d->call("RenewLease", &Stub::RenewLease, request, stop);
    return answer ? Result<void>() : Result<void>(answer.error());
}

Result<void> DatabrokerClient::releaseLease(
    const QString& name, const QString& leaseId, const std::stop_token& stop) const
{
    databroker::ReleaseLeaseRequest request;
    request.set_name(name.toStdString());
    request.set_id(leaseId.toStdString());
    const auto answer = m_d->callWithin(std::min(m_d->deadlines.call, kReleaseTime), "ReleaseLease",
        &Stub::ReleaseLease, request, stop);
    return answer ? Result<void>() : Result<void>(answer.error());
}

} // namespace portreeve
