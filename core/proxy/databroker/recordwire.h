// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/databrokerrecord.h"

#include <databroker.pb.h>

#include <chrono>
#include <vector>

namespace portreeve {

/// Between our values and the generated messages.
UtcTime fromWire(const google::protobuf::Timestamp& time);
void toWire(UtcTime time, google::protobuf::Timestamp& out);
void toWire(std::chrono::milliseconds duration, google::protobuf::Duration& out);

DatabrokerRecord fromWire(databroker::Record&& record);
std::vector<DatabrokerRecord> fromWire(
    google::protobuf::RepeatedPtrField<databroker::Record>&& records);

/// @param now  stands in a tombstone; the server keeps the fact and sets its own time
void toWire(const DatabrokerRecord& record, UtcTime now, databroker::Record& out);

RecordTypeOptions toOptions(const databroker::Options& options);

} // namespace portreeve
