// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/pushfixture.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

DirectoryUserRecord directoryUser(const QString& id, std::vector<QString> groupIds)
{
    return { .id = id,
        .displayName = id.toUpper(),
        .email = id + u"@corp.test"_s,
        .groupIds = std::move(groupIds) };
}

DirectoryGroupRecord directoryGroup(const QString& id)
{
    return { .id = id, .name = id.toUpper(), .email = id + u"@corp.test"_s };
}

DirectoryRecords directoryOf(int users, int bytesPerUser)
{
    DirectoryRecords records;
    for (int i = 0; i < users; ++i) {
        auto user = directoryUser(u"u-%1"_s.arg(i));
        const auto missing = bytesPerUser - encodeDirectoryRecord(user).size();
        user.displayName += QString(std::max<qsizetype>(missing, 0), u'x');
        records.users.push_back(std::move(user));
    }
    std::ranges::sort(records.users, {}, &DirectoryUserRecord::id);
    return records;
}

DatabrokerRecord recordOf(const DirectoryUserRecord& user)
{
    return { .type = recordtype::kDirectoryUser,
        .id = user.id,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(user) };
}

DatabrokerRecord recordOf(const DirectoryGroupRecord& group)
{
    return { .type = recordtype::kDirectoryGroup,
        .id = group.id,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(group) };
}

DatabrokerRecord userRecordFromJson(const QString& id, const char* json)
{
    google::protobuf::Struct data;
    if (!google::protobuf::util::JsonStringToMessage(json, &data).ok()) {
        qFatal("no JSON: %s", json);
    }
    return { .type = recordtype::kDirectoryUser,
        .id = id,
        .typeUrl = kStructTypeUrl,
        .data = QByteArray::fromStdString(data.SerializeAsString()) };
}

PushFixture::PushFixture()
    : clock(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()))
    , client(server.client(clock))
{
}

DesiredDirectory PushFixture::desired(DirectoryRecords records) const
{
    return { .records = std::make_shared<const DirectoryRecords>(std::move(records)),
        .isPartial = isPartial,
        .ownership = ownership,
        .limits = limits };
}

DirectoryPlan PushFixture::plan(const DirectoryRecords& records)
{
    DirectoryPush push(*client, clock, options);
    auto plan = push.plan(desired(records), stop.get_token());
    if (!plan) {
        qFatal("no plan: %s", qPrintable(plan.error().toText()));
    }
    return std::move(*plan);
}

DirectoryPushOutcome PushFixture::push(const DirectoryRecords& records)
{
    DirectoryPush push(*client, clock, options);
    push.setProgress([this](const PushProgress& step) { progress.push_back(step); });
    const auto idsOf = [this](const PushBatch& batch) -> QSet<QString>& {
        return batch.kind == DirectoryRecordKind::User ? ownership.users.ours
                                                       : ownership.groups.ours;
    };
    push.setJournal({ .begin =
                          [this, idsOf](const PushBatch& batch) {
                              for (const auto& change : batch.changes) {
                                  if (!batch.isDeletion) {
                                      idsOf(batch).insert(change.id);
                                  }
                              }
                              return onBegin ? onBegin(batch) : Result<void>();
                          },
        .finish =
            [idsOf](const PushBatch& batch) {
                for (const auto& change : batch.changes) {
                    if (batch.isDeletion) {
                        idsOf(batch).remove(change.id);
                    }
                }
                return Result<void>();
            } });
    return push.push(desired(records), stop.get_token());
}

std::vector<DirectoryUserRecord> PushFixture::remoteUsers() const
{
    std::vector<DirectoryUserRecord> users;
    for (const auto& record : server.records(recordtype::kDirectoryUser)) {
        if (auto user = decodeDirectoryUser(record.typeUrl, record.data)) {
            users.push_back(std::move(*user));
        }
    }
    std::ranges::sort(users, {}, &DirectoryUserRecord::id);
    return users;
}

QStringList PushFixture::remoteUserIds() const
{
    QStringList ids;
    for (const auto& record : server.records(recordtype::kDirectoryUser)) {
        ids.append(record.id);
    }
    ids.sort();
    return ids;
}

std::vector<int> PushFixture::putSizes() const
{
    std::vector<int> sizes;
    for (const auto& call : server.calls()) {
        if (call.method == u"Put") {
            sizes.push_back(call.records);
        }
    }
    return sizes;
}

} // namespace portreeve::test
