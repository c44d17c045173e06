// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/recordwire.h"

namespace portreeve {

namespace {
constexpr std::int64_t kMsPerSecond = 1'000;
constexpr std::int64_t kNsPerMs = 1'000'000;

/// Seconds rounded down and what is left, so that times before 1970 keep a positive rest.
template <typename Wire> void split(std::chrono::milliseconds value, Wire& out)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(value);
    out.set_seconds(seconds.count());
    out.set_nanos(static_cast<std::int32_t>((value - seconds).count() * kNsPerMs));
}
} // namespace

UtcTime fromWire(const google::protobuf::Timestamp& time)
{
    return UtcTime(
        std::chrono::milliseconds(time.seconds() * kMsPerSecond + time.nanos() / kNsPerMs));
}

void toWire(UtcTime time, google::protobuf::Timestamp& out)
{
    split(time.time_since_epoch(), out);
}

void toWire(std::chrono::milliseconds duration, google::protobuf::Duration& out)
{
    split(duration, out);
}

DatabrokerRecord fromWire(databroker::Record&& record)
{
    DatabrokerRecord out { .type = QString::fromStdString(record.type()),
        .id = QString::fromStdString(record.id()),
        .typeUrl = QString::fromStdString(record.data().type_url()),
        .data = QByteArray::fromStdString(record.data().value()),
        .version = record.version(),
        .isDeleted = record.has_deleted_at() };
    if (record.has_modified_at()) {
        out.modifiedAt = fromWire(record.modified_at());
    }
    return out;
}

std::vector<DatabrokerRecord> fromWire(
    google::protobuf::RepeatedPtrField<databroker::Record>&& records)
{
    std::vector<DatabrokerRecord> out;
    out.reserve(static_cast<std::size_t>(records.size()));
    for (auto& record : records) {
        out.push_back(fromWire(std::move(record)));
    }
    return out;
}

void toWire(const DatabrokerRecord& record, UtcTime now, databroker::Record& out)
{
    out.set_type(record.type.toStdString());
    out.set_id(record.id.toStdString());
    if (!record.typeUrl.isEmpty()) {
        auto& data = *out.mutable_data();
        data.set_type_url(record.typeUrl.toStdString());
        data.set_value(record.data.constData(), static_cast<std::size_t>(record.data.size()));
    }
    if (record.isDeleted) {
        toWire(now, *out.mutable_deleted_at());
    }
}

RecordTypeOptions toOptions(const databroker::Options& options)
{
    RecordTypeOptions out;
    if (options.has_capacity()) {
        out.capacity = options.capacity();
    }
    return out;
}

} // namespace portreeve
