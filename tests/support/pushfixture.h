// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/directorypush.h"
#include "core/proxy/databroker/pushbatches.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/fakeclock.h"

#include <functional>
#include <stop_token>

namespace portreeve::test {

DirectoryUserRecord directoryUser(const QString& id, std::vector<QString> groupIds = {});
DirectoryGroupRecord directoryGroup(const QString& id);

/// u-0, u-1 ... each about as many bytes on the wire.
DirectoryRecords directoryOf(int users, int bytesPerUser = 100);

/// The record as somebody else would put it.
DatabrokerRecord recordOf(const DirectoryUserRecord& user);
DatabrokerRecord recordOf(const DirectoryGroupRecord& group);
/// Any Struct under a directory type, from JSON.
DatabrokerRecord userRecordFromJson(const QString& id, const char* json);

/// A double, a client of it on a clock moved by hand, and the memory of what was pushed.
class PushFixture
{
public:
    PushFixture();

    DesiredDirectory desired(DirectoryRecords records) const;
    DirectoryPlan plan(const DirectoryRecords& records);
    DirectoryPushOutcome push(const DirectoryRecords& records);

    /// Users of the databroker as they would be desired, by id.
    std::vector<DirectoryUserRecord> remoteUsers() const;
    QStringList remoteUserIds() const;
    std::vector<int> putSizes() const; ///< records of each Put, in order

    DatabrokerDouble server {};
    FakeClock clock;
    std::unique_ptr<DatabrokerClient> client;
    PushOptions options {};
    DirectoryOwnership ownership {}; ///< kept as the journal says
    std::vector<PushProgress> progress {};
    std::function<Result<void>(const PushBatch&)> onBegin {}; ///< after the fixture's own memory
    std::stop_source stop {};
    bool isPartial = false;
    PushLimits limits {};
};

} // namespace portreeve::test
