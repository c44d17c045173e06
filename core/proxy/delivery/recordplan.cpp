// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/recordplan.h"

#include "core/proxy/delivery/changedfields.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

ChangeAction actionOf(RecordAction action)
{
    switch (action) {
    case RecordAction::Add:
        return ChangeAction::Add;
    case RecordAction::Update:
        return ChangeAction::Update;
    case RecordAction::Delete:
        return ChangeAction::Remove;
    }
    return ChangeAction::Add;
}

ForeignChoice foreignChoice(DeliveryChoices::Foreign choice)
{
    switch (choice) {
    case DeliveryChoices::Foreign::LeaveAlone:
        return ForeignChoice::Undecided;
    case DeliveryChoices::Foreign::Adopt:
        return ForeignChoice::Adopt;
    case DeliveryChoices::Foreign::Delete:
        return ForeignChoice::Delete;
    case DeliveryChoices::Foreign::Keep:
        return ForeignChoice::Keep;
    }
    return ForeignChoice::Undecided;
}

QSet<QString> setOf(const std::vector<QString>& ids)
{
    return { ids.begin(), ids.end() };
}

std::vector<AttributeChange> userFields(const RecordChange& change)
{
    const auto before
        = decodeDirectoryUser(change.beforeTypeUrl, change.before).value_or(DirectoryUserRecord {});
    const auto after
        = decodeDirectoryUser(kStructTypeUrl, change.after).value_or(DirectoryUserRecord {});
    ChangedFields fields;
    fields.add(u"display_name"_s, before.displayName, after.displayName);
    fields.add(u"email"_s, before.email, after.email);
    fields.add(u"group_ids"_s, before.groupIds, after.groupIds);
    return fields.take();
}

std::vector<AttributeChange> groupFields(const RecordChange& change)
{
    const auto before = decodeDirectoryGroup(change.beforeTypeUrl, change.before)
                            .value_or(DirectoryGroupRecord {});
    const auto after
        = decodeDirectoryGroup(kStructTypeUrl, change.after).value_or(DirectoryGroupRecord {});
    ChangedFields fields;
    fields.add(u"name"_s, before.name, after.name);
    fields.add(u"email"_s, before.email, after.email);
    return fields.take();
}

void addChange(const RecordChange& change, PlanDraft& draft)
{
    DeliveryChange row { .kind = deliveredKind(change.kind),
        .action = actionOf(change.action),
        .id = change.id,
        .name = change.label.isEmpty() ? change.id : change.label,
        .isForeign = change.isTakeover || change.isByChoice };
    if (change.action == RecordAction::Update) {
        row.fields
            = change.kind == DirectoryRecordKind::User ? userFields(change) : groupFields(change);
    }
    draft.add(std::move(row), change.after);
}

DeliveryRow foreignRow(const ForeignRecord& record)
{
    return { .kind = deliveredKind(record.kind),
        .id = record.id,
        .name = record.label.isEmpty() ? record.id : record.label,
        .what = message(QT_TRANSLATE_NOOP("Message",
            "This record was put by somebody else, and the directory does not know it.")),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Adopt or delete it when nobody else keeps records at this proxy, else keep it.")) };
}

DeliveryRow refusedRow(const ForeignRecord& record)
{
    return { .kind = deliveredKind(record.kind),
        .id = record.id,
        .name = record.label.isEmpty() ? record.id : record.label,
        .what = message(QT_TRANSLATE_NOOP(
            "Message", "This record is larger than the 1 MiB the proxy takes at once.")),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Export fewer groups of this person, with rules on the connection.")) };
}

/// The records as the target holds them, made from what it shall hold and what differs.
class EarlierRecords
{
public:
    explicit EarlierRecords(const DirectoryPlan& plan)
    {
        for (const auto& change : plan.changes) {
            (change.kind == DirectoryRecordKind::User ? m_users : m_groups)
                .insert(change.id, &change);
        }
    }

    std::shared_ptr<const DirectoryRecords> from(const DirectoryRecords& desired)
    {
        auto out = std::make_shared<DirectoryRecords>();
        for (const auto& group : desired.groups) {
            if (!m_groups.contains(group.id)) {
                out->groups.push_back(group);
            }
        }
        for (const auto& user : desired.users) {
            if (!m_users.contains(user.id)) {
                out->users.push_back(user);
            }
        }
        for (const auto* change : std::as_const(m_groups)) {
            if (auto group = decodeDirectoryGroup(change->beforeTypeUrl, change->before)) {
                out->groups.push_back(*std::move(group));
            }
        }
        for (const auto* change : std::as_const(m_users)) {
            if (auto user = decodeDirectoryUser(change->beforeTypeUrl, change->before)) {
                out->users.push_back(*std::move(user));
            }
        }
        return out;
    }

private:
    QHash<QString, const RecordChange*> m_users;
    QHash<QString, const RecordChange*> m_groups;
};

} // namespace

DeliveredKind deliveredKind(DirectoryRecordKind kind)
{
    return kind == DirectoryRecordKind::User ? DeliveredKind::User : DeliveredKind::Group;
}

DesiredDirectory desiredDirectory(
    const DeliverySource& source, const TargetOptions& options, DeliveryChoices::Foreign foreign)
{
    return { .records = source.records,
        .ownership
        = { .users = { .ours = setOf(source.users.ours), .kept = setOf(source.users.kept) },
            .groups = { .ours = setOf(source.groups.ours), .kept = setOf(source.groups.kept) },
            .foreign = foreignChoice(foreign) },
        .limits = options.limits };
}

void addRecordPlan(const DirectoryPlan& plan, const DesiredDirectory& desired, PlanDraft& draft)
{
    for (const auto& change : plan.changes) {
        addChange(change, draft);
    }
    auto& out = draft.plan();
    out.serverVersion = plan.position.serverVersion;
    out.counts.users.unchanged = plan.users.unchanged;
    out.counts.groups.unchanged = plan.groups.unchanged;
    for (const auto& record : plan.foreign) {
        out.foreign.push_back(foreignRow(record));
    }
    for (const auto& record : plan.refused) {
        out.refusals.push_back(refusedRow(record));
    }
    out.notes.insert(out.notes.end(), plan.notes.begin(), plan.notes.end());
    out.notes.insert(out.notes.end(), desired.records->notes.begin(), desired.records->notes.end());
    for (const auto hold : plan.holds) {
        draft.hold(holdReason(plan, hold));
    }
    if (!plan.changes.empty()) {
        draft.setRecords(EarlierRecords(plan).from(*desired.records));
    }
}

} // namespace portreeve
