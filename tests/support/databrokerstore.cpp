// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/databrokerstore.h"

#include "tests/support/databrokerfilter.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/field_mask_util.h>

#include <algorithm>
#include <memory>

namespace portreeve::test {

namespace {

grpc::Status notFound()
{
    return { grpc::StatusCode::NOT_FOUND, "record not found" };
}

void stamp(google::protobuf::Timestamp& time)
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    time.set_seconds(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

std::unique_ptr<google::protobuf::Message> unpack(const google::protobuf::Any& any)
{
    const auto name = any.type_url().substr(any.type_url().rfind('/') + 1);
    const auto* descriptor
        = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
    if (descriptor == nullptr) {
        return nullptr;
    }
    const auto* prototype
        = google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
    std::unique_ptr<google::protobuf::Message> message(prototype->New());
    message->ParseFromString(any.value());
    return message;
}

grpc::Status cannotPatch(const databroker::Record& record)
{
    return { grpc::StatusCode::UNKNOWN,
        "storage.pebble: Patch failed: pebble: error patching record (type=" + record.type()
            + " id=" + record.id()
            + "): pebble: error patching record: cannot patch record: cannot overwrite sub-fields "
              "of field \"fields\" in message google.protobuf.Struct" };
}

/// @return false where the mask reaches into a map, which the server cannot do
bool merge(const databroker::Record& patch, const google::protobuf::FieldMask& mask,
    databroker::Record& current)
{
    const auto source = unpack(patch.data());
    const auto target = unpack(current.data());
    if (!source || !target || source->GetDescriptor() != target->GetDescriptor()) {
        return false;
    }
    for (const auto& path : mask.paths()) {
        if (path.find("fields.") == 0) {
            return false;
        }
        // A map is a repeated message to the library, which has no way to replace one.
        const auto* field = target->GetDescriptor()->FindFieldByName(path);
        if (field != nullptr && field->is_map()) {
            target->GetReflection()->ClearField(target.get(), field);
        }
    }
    google::protobuf::util::FieldMaskUtil::MergeOptions options;
    options.set_replace_message_fields(true);
    options.set_replace_repeated_fields(true);
    google::protobuf::util::FieldMaskUtil::MergeMessageTo(*source, mask, options, target.get());
    current.mutable_data()->set_value(target->SerializeAsString());
    return true;
}

void sortByVersion(std::vector<databroker::Record>& records)
{
    std::sort(records.begin(), records.end(),
        [](const auto& a, const auto& b) { return a.version() < b.version(); });
}

} // namespace

DatabrokerStore::Records DatabrokerStore::put(const Records& records)
{
    const std::lock_guard lock(m_mutex);
    Records answers;
    for (const auto& record : records) {
        apply(record);
        const auto logged = m_log.find({ record.type(), record.id() });
        *answers.Add() = logged == m_log.end() ? record : logged->second;
    }
    m_changed.notify_all();
    return answers;
}

void DatabrokerStore::apply(databroker::Record record)
{
    const Key key { record.type(), record.id() };
    const auto current = m_current.find(key);
    if (record.has_deleted_at()) {
        if (current == m_current.end()) {
            return;
        }
        if (!record.has_data()) {
            *record.mutable_data() = current->second.data();
        }
        m_current.erase(current);
    }
    record.set_version(++m_version);
    stamp(*record.mutable_modified_at());
    if (!record.has_deleted_at()) {
        m_current[key] = record;
    }
    m_log[key] = std::move(record);
    const auto options = m_options.find(key.first);
    if (options == m_options.end() || !options->second.has_capacity()) {
        return;
    }
    std::vector<databroker::Record> ofType;
    for (const auto& [otherKey, other] : m_current) {
        if (otherKey.first == key.first) {
            ofType.push_back(other);
        }
    }
    if (ofType.size() > options->second.capacity()) {
        sortByVersion(ofType);
        auto oldest = ofType.front();
        stamp(*oldest.mutable_deleted_at());
        apply(oldest);
    }
}

grpc::Status DatabrokerStore::patch(const databroker::PatchRequest& request, Records& out)
{
    const std::lock_guard lock(m_mutex);
    for (const auto& patch : request.records()) {
        const auto found = m_current.find({ patch.type(), patch.id() });
        if (found == m_current.end()) {
            continue;
        }
        auto changed = found->second;
        if (!merge(patch, request.field_mask(), changed)) {
            return cannotPatch(patch);
        }
        apply(changed);
        *out.Add() = m_current[{ patch.type(), patch.id() }];
    }
    m_changed.notify_all();
    return grpc::Status::OK;
}

grpc::Status DatabrokerStore::get(
    const databroker::GetRequest& request, databroker::Record& out) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_current.find({ request.type(), request.id() });
    if (found == m_current.end()) {
        return notFound();
    }
    out = found->second;
    return grpc::Status::OK;
}

grpc::Status DatabrokerStore::query(
    const databroker::QueryRequest& request, databroker::QueryResponse& out) const
{
    std::vector<databroker::Record> found;
    for (auto& record : latest(request.type())) {
        const auto verdict = matchesFilter(request.filter(), record);
        if (!verdict) {
            return { grpc::StatusCode::UNIMPLEMENTED,
                "rpc error: code = Unimplemented desc = logical operator not supported: not" };
        }
        if (*verdict && matchesText(request.query(), record)) {
            found.push_back(std::move(record));
        }
    }
    out.set_total_count(static_cast<std::int64_t>(found.size()));
    out.set_server_version(serverVersion());
    out.set_record_version(latestVersion());
    const auto first = std::min(static_cast<std::size_t>(request.offset()), found.size());
    const auto last = std::min(first + static_cast<std::size_t>(request.limit()), found.size());
    for (auto i = first; i < last; ++i) {
        *out.add_records() = found[i];
    }
    return grpc::Status::OK;
}

std::vector<databroker::Record> DatabrokerStore::latest(const std::string& type) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<databroker::Record> out;
    for (const auto& [key, record] : m_current) {
        if (type.empty() || key.first == type) {
            out.push_back(record);
        }
    }
    sortByVersion(out);
    return out;
}

std::vector<databroker::Record> DatabrokerStore::changesAfter(
    std::uint64_t version, const std::string& type) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<databroker::Record> out;
    for (const auto& [key, record] : m_log) {
        if (record.version() > version && (type.empty() || key.first == type)) {
            out.push_back(record);
        }
    }
    sortByVersion(out);
    return out;
}

bool DatabrokerStore::knows(std::uint64_t serverVersion, std::uint64_t recordVersion) const
{
    const std::lock_guard lock(m_mutex);
    return serverVersion == m_serverVersion && recordVersion >= m_trimmedUpTo;
}

void DatabrokerStore::waitForChange(
    std::uint64_t seenVersion, std::chrono::milliseconds atMost) const
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, atMost, [&] { return m_version != seenVersion; });
}

std::vector<std::string> DatabrokerStore::types() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> out;
    for (const auto& [key, record] : m_current) {
        if (out.empty() || out.back() != key.first) {
            out.push_back(key.first);
        }
    }
    return out;
}

std::optional<databroker::Options> DatabrokerStore::options(const std::string& type) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_options.find(type);
    return found == m_options.end() ? std::nullopt : std::optional(found->second);
}

void DatabrokerStore::setCapacity(const std::string& type, std::uint64_t capacity)
{
    const std::lock_guard lock(m_mutex);
    m_options[type].set_capacity(capacity);
}

bool DatabrokerStore::isHeld(const std::string& name) const
{
    const auto found = m_leases.find(name);
    return found != m_leases.end() && found->second.until > std::chrono::steady_clock::now();
}

grpc::Status DatabrokerStore::acquireLease(
    const std::string& name, std::chrono::milliseconds duration, std::string& id)
{
    const std::lock_guard lock(m_mutex);
    if (isHeld(name)) {
        return { grpc::StatusCode::ALREADY_EXISTS, "lease is already taken" };
    }
    id = "lease-" + std::to_string(m_nextLease++);
    m_leases[name] = { .id = id, .until = std::chrono::steady_clock::now() + duration };
    return grpc::Status::OK;
}

grpc::Status DatabrokerStore::renewLease(
    const std::string& name, const std::string& id, std::chrono::milliseconds duration)
{
    const std::lock_guard lock(m_mutex);
    if (!isHeld(name) || m_leases[name].id != id) {
        return { grpc::StatusCode::ALREADY_EXISTS, "lease no longer held" };
    }
    m_leases[name].until = std::chrono::steady_clock::now() + duration;
    return grpc::Status::OK;
}

void DatabrokerStore::releaseLease(const std::string& name, const std::string& id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_leases.find(name);
    if (found != m_leases.end() && found->second.id == id) {
        m_leases.erase(found);
    }
}

void DatabrokerStore::loseLeases()
{
    const std::lock_guard lock(m_mutex);
    for (auto& [name, lease] : m_leases) {
        lease.id = "somebody-else";
        lease.until = std::chrono::steady_clock::now() + std::chrono::hours(1);
    }
}

void DatabrokerStore::freeLeases()
{
    const std::lock_guard lock(m_mutex);
    m_leases.clear();
}

std::uint64_t DatabrokerStore::serverVersion() const
{
    const std::lock_guard lock(m_mutex);
    return m_serverVersion;
}

std::uint64_t DatabrokerStore::latestVersion() const
{
    const std::lock_guard lock(m_mutex);
    return m_version;
}

void DatabrokerStore::replace()
{
    const std::lock_guard lock(m_mutex);
    ++m_serverVersion;
    m_version = 0;
    m_trimmedUpTo = 0;
    m_current.clear();
    m_log.clear();
    m_leases.clear();
    m_changed.notify_all();
}

void DatabrokerStore::trimLog()
{
    const std::lock_guard lock(m_mutex);
    m_trimmedUpTo = m_version + 1;
    m_changed.notify_all();
}

} // namespace portreeve::test
