// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/databrokerservice.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QMessageAuthenticationCode>
#include <QTimeZone>

#include <algorithm>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::test {

namespace {

constexpr auto kStreamPoll = 20ms;

grpc::Status unauthenticated(const char* text)
{
    return { grpc::StatusCode::UNAUTHENTICATED, text };
}

std::chrono::milliseconds toMs(const google::protobuf::Duration& duration)
{
    return std::chrono::seconds(duration.seconds())
        + std::chrono::milliseconds(duration.nanos() / 1'000'000);
}

QByteArray fromBase64Url(const QByteArray& text)
{
    return QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding);
}

template <typename Request> DatabrokerCall callOf(const char* method, const Request& request)
{
    DatabrokerCall call { .method = QString::fromLatin1(method),
        .bytes = static_cast<std::int64_t>(request.ByteSizeLong()) };
    if constexpr (requires { request.records(); }) {
        call.records = request.records_size();
        for (const auto& record : request.records()) {
            call.ids.append(QString::fromStdString(record.id()));
        }
    }
    if constexpr (requires { request.limit(); }) {
        call.limit = request.limit();
    }
    if constexpr (requires { request.duration(); }) {
        call.duration = toMs(request.duration());
    }
    if constexpr (requires { request.server_version(); }) {
        call.fromServerVersion = request.server_version();
    }
    return call;
}

} // namespace

DatabrokerService::DatabrokerService(DatabrokerStore& store)
    : m_store(store)
{
}

void DatabrokerService::setFaults(DatabrokerFaults faults)
{
    const std::lock_guard lock(m_mutex);
    m_faults = std::move(faults);
    m_puts = 0;
}

void DatabrokerService::setClockAhead(std::chrono::milliseconds by)
{
    const std::lock_guard lock(m_mutex);
    m_clockAhead = by;
}

void DatabrokerService::endStreams()
{
    ++m_streamGeneration;
}

void DatabrokerService::open()
{
    m_isClosing = false;
}

void DatabrokerService::close()
{
    m_isClosing = true;
}

std::vector<DatabrokerCall> DatabrokerService::calls() const
{
    const std::lock_guard lock(m_mutex);
    return m_calls;
}

void DatabrokerService::forgetCalls()
{
    const std::lock_guard lock(m_mutex);
    m_calls.clear();
}

std::chrono::milliseconds DatabrokerService::now() const
{
    const std::lock_guard lock(m_mutex);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        + m_clockAhead;
}

grpc::Status DatabrokerService::enter(
    Context& context, const google::protobuf::Message& request, DatabrokerCall call)
{
    std::chrono::milliseconds delay { 0 };
    bool isUnavailable = false;
    bool hidesDate = false;
    std::size_t maxBytes = 0;
    {
        const std::lock_guard lock(m_mutex);
        const bool isWrite = call.method == u"Put" || call.method == u"Patch";
        m_calls.push_back(std::move(call));
        delay = m_faults.delay;
        hidesDate = m_faults.hidesDate;
        maxBytes = m_faults.maxMessageBytes;
        isUnavailable
            = m_faults.unavailableCalls > 0 || (isWrite && m_faults.refusedAfterWrites == 0);
        m_faults.unavailableCalls -= m_faults.unavailableCalls > 0 ? 1 : 0;
        m_faults.refusedAfterWrites -= isWrite && m_faults.refusedAfterWrites > 0 ? 1 : 0;
    }
    const auto wakeAt = std::chrono::steady_clock::now() + delay;
    while (std::chrono::steady_clock::now() < wakeAt && !context.IsCancelled() && !m_isClosing) {
        std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(delay, kStreamPoll));
    }
    if (isUnavailable) {
        return { grpc::StatusCode::UNAVAILABLE, "upstream connect error" };
    }
    if (!hidesDate) {
        const auto date = QDateTime::fromMSecsSinceEpoch(now().count(), QTimeZone::utc());
        context.AddInitialMetadata("date",
            QLocale::c().toString(date, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toStdString());
    }
    const auto size = request.ByteSizeLong();
    if (size > maxBytes) {
        return { grpc::StatusCode::RESOURCE_EXHAUSTED,
            "grpc: received message larger than max (" + std::to_string(size) + " vs. "
                + std::to_string(maxBytes) + ")" };
    }
    return checkToken(context);
}

grpc::Status DatabrokerService::checkToken(const Context& context) const
{
    const auto found = context.client_metadata().find("jwt");
    if (found == context.client_metadata().end()) {
        return unauthenticated("unauthenticated");
    }
    const auto parts
        = QByteArray(found->second.data(), static_cast<qsizetype>(found->second.size())).split('.');
    if (parts.size() != 3
        || QMessageAuthenticationCode::hash(
               parts[0] + '.' + parts[1], DatabrokerDouble::secret(), QCryptographicHash::Sha256)
            != fromBase64Url(parts[2])) {
        return unauthenticated("invalid JWT");
    }
    const auto claims = QJsonDocument::fromJson(fromBase64Url(parts[1])).object();
    const bool isValid = claims.size() == 1 && claims.value(u"exp").isDouble()
        && claims.value(u"exp").toDouble() * 1'000 > static_cast<double>(now().count());
    return isValid ? grpc::Status::OK : unauthenticated("invalid JWT");
}

grpc::Status DatabrokerService::beforePut(int records)
{
    std::function<void(int)> hook;
    int put = 0;
    {
        const std::lock_guard lock(m_mutex);
        put = ++m_puts;
        hook = m_faults.beforePut;
        if (put == m_faults.invalidPut) {
            return { grpc::StatusCode::INVALID_ARGUMENT, "record refused" };
        }
        if (m_faults.dropAfterRecords >= 0 && m_faults.dropAfterRecords < records) {
            m_faults.dropAfterRecords = -1;
            return { grpc::StatusCode::UNAVAILABLE, "connection dropped" };
        }
        if (m_faults.dropAfterRecords >= 0) {
            m_faults.dropAfterRecords -= records;
        }
    }
    if (hook) {
        hook(put);
    }
    return grpc::Status::OK;
}

grpc::Status DatabrokerService::AcquireLease(Context* context,
    const databroker::AcquireLeaseRequest* request, databroker::AcquireLeaseResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("AcquireLease", *request)); !entered.ok()) {
        return entered;
    }
    return m_store.acquireLease(
        request->name(), toMs(request->duration()), *response->mutable_id());
}

grpc::Status DatabrokerService::Get(
    Context* context, const databroker::GetRequest* request, databroker::GetResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("Get", *request)); !entered.ok()) {
        return entered;
    }
    return m_store.get(*request, *response->mutable_record());
}

grpc::Status DatabrokerService::GetOptions(Context* context,
    const databroker::GetOptionsRequest* request, databroker::GetOptionsResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("GetOptions", *request)); !entered.ok()) {
        return entered;
    }
    const auto options = m_store.options(request->type());
    if (!options) {
        return { grpc::StatusCode::NOT_FOUND, "no such options for databroker record" };
    }
    *response->mutable_options() = *options;
    return Status::OK;
}

grpc::Status DatabrokerService::ListTypes(
    Context* context, const Empty* request, databroker::ListTypesResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("ListTypes", *request)); !entered.ok()) {
        return entered;
    }
    for (const auto& type : m_store.types()) {
        response->add_types(type);
    }
    return Status::OK;
}

grpc::Status DatabrokerService::Patch(
    Context* context, const databroker::PatchRequest* request, databroker::PatchResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("Patch", *request)); !entered.ok()) {
        return entered;
    }
    response->set_server_version(m_store.serverVersion());
    return m_store.patch(*request, *response->mutable_records());
}

grpc::Status DatabrokerService::Put(
    Context* context, const databroker::PutRequest* request, databroker::PutResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("Put", *request)); !entered.ok()) {
        return entered;
    }
    if (auto passed = beforePut(request->records_size()); !passed.ok()) {
        return passed;
    }
    *response->mutable_records() = m_store.put(request->records());
    response->set_server_version(m_store.serverVersion());
    const std::lock_guard lock(m_mutex);
    for (; m_faults.missingAnswers > 0 && response->records_size() > 0; --m_faults.missingAnswers) {
        response->mutable_records()->RemoveLast();
    }
    return Status::OK;
}

grpc::Status DatabrokerService::Query(
    Context* context, const databroker::QueryRequest* request, databroker::QueryResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("Query", *request)); !entered.ok()) {
        return entered;
    }
    return m_store.query(*request, *response);
}

grpc::Status DatabrokerService::ReleaseLease(
    Context* context, const databroker::ReleaseLeaseRequest* request, Empty* /*response*/)
{
    if (auto entered = enter(*context, *request, callOf("ReleaseLease", *request)); !entered.ok()) {
        return entered;
    }
    m_store.releaseLease(request->name(), request->id());
    return Status::OK;
}

grpc::Status DatabrokerService::RenewLease(
    Context* context, const databroker::RenewLeaseRequest* request, Empty* /*response*/)
{
    if (auto entered = enter(*context, *request, callOf("RenewLease", *request)); !entered.ok()) {
        return entered;
    }
    return m_store.renewLease(request->name(), request->id(), toMs(request->duration()));
}

grpc::Status DatabrokerService::ServerInfo(
    Context* context, const Empty* request, databroker::ServerInfoResponse* response)
{
    if (auto entered = enter(*context, *request, callOf("ServerInfo", *request)); !entered.ok()) {
        return entered;
    }
    response->set_server_version(m_store.serverVersion());
    response->set_latest_record_version(m_store.latestVersion());
    return Status::OK;
}

grpc::Status DatabrokerService::Sync(Context* context, const databroker::SyncRequest* request,
    grpc::ServerWriter<databroker::SyncResponse>* writer)
{
    if (auto entered = enter(*context, *request, callOf("Sync", *request)); !entered.ok()) {
        return entered;
    }
    if (!m_store.knows(request->server_version(), request->record_version())) {
        return { grpc::StatusCode::ABORTED, "invalid server version" };
    }
    writer->SendInitialMetadata(); // as in SyncLatest
    const bool waits = !request->has_wait() || request->wait();
    const int generation = m_streamGeneration;
    std::chrono::milliseconds longest { 0 };
    {
        const std::lock_guard lock(m_mutex);
        longest = m_faults.longestStream;
    }
    const auto opened = std::chrono::steady_clock::now();
    auto seen = request->record_version();
    while (true) {
        for (auto& record : m_store.changesAfter(seen, request->type())) {
            seen = record.version();
            databroker::SyncResponse part;
            *part.mutable_record() = std::move(record);
            writer->Write(part);
        }
        if (!waits || context->IsCancelled()) {
            return Status::OK;
        }
        const bool isTooOld
            = longest.count() > 0 && std::chrono::steady_clock::now() - opened > longest;
        if (isTooOld || m_isClosing || generation != m_streamGeneration) {
            return { grpc::StatusCode::UNAVAILABLE, "stream ended" };
        }
        m_store.waitForChange(m_store.latestVersion(), kStreamPoll);
    }
}

grpc::Status DatabrokerService::SyncLatest(Context* context,
    const databroker::SyncLatestRequest* request,
    grpc::ServerWriter<databroker::SyncLatestResponse>* writer)
{
    if (auto entered = enter(*context, *request, callOf("SyncLatest", *request)); !entered.ok()) {
        return entered;
    }
    // Headers that travel with a buffered message would wait, unsent, for somebody else's write.
    writer->SendInitialMetadata();
    databroker::SyncLatestResponse last;
    last.mutable_versions()->set_server_version(m_store.serverVersion());
    last.mutable_versions()->set_latest_record_version(m_store.latestVersion());
    for (auto& record : m_store.latest(request->type())) {
        databroker::SyncLatestResponse part;
        *part.mutable_record() = std::move(record);
        writer->Write(part);
    }
    if (const auto options = m_store.options(request->type())) {
        databroker::SyncLatestResponse part;
        part.mutable_options()->set_type(request->type());
        *part.mutable_options()->mutable_options() = *options;
        writer->Write(part);
    }
    writer->Write(last);
    return Status::OK;
}

} // namespace portreeve::test
