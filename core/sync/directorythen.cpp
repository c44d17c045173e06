// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/directorythen.h"

#include "core/store/store.h"
#include "core/sync/revert.h"
#include "core/sync/syncplan.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

Error noSuchConnection(const PlanFile& plan)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(
            QT_TRANSLATE_NOOP("Message", "The plan is for “%1”, which is no connection here."),
            plan.connectionName),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Make a new one with “portreevectl plan NAME --out FILE”.")) };
}

Error movedSince(const QString& connection)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The stored directory of “%1” has moved since the plan was made."),
            connection),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "Make a new plan and compare with that one.")) };
}

Error historyDoesNotLeadHere(const QString& connection)
{
    return { .code = ErrorCode::Stale,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "The history of “%1” does not lead to its stored directory, so its "
                            "past cannot be told."),
            connection),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Try again when no run is under way; if it stays, check the data file with "
            "portreevectl selfcheck.")) };
}

ChangeAction actionNamed(const QString& name)
{
    for (const auto action : std::array { ChangeAction::Add, ChangeAction::Suspend,
             ChangeAction::Resume, ChangeAction::Remove }) {
        if (changeActionName(action) == name) {
            return action;
        }
    }
    return ChangeAction::Update;
}

ObjectKind kindNamed(const QString& name)
{
    for (const auto kind : std::array { ObjectKind::Group, ObjectKind::Membership }) {
        if (objectKindName(kind) == name) {
            return kind;
        }
    }
    return ObjectKind::User;
}

RunChange changeOf(const QJsonObject& object)
{
    RunChange change { .kind = kindNamed(object.value(u"kind"_s).toString()),
        .action = actionNamed(object.value(u"action"_s).toString()),
        .id = object.value(u"id"_s).toString(),
        .name = object.value(u"name"_s).toString(),
        .memberId = object.value(u"member_id"_s).toString(),
        .memberName = object.value(u"member_name"_s).toString(),
        .memberIsGroup = object.value(u"member_is_group"_s).toBool() };
    for (const auto& value : object.value(u"attributes"_s).toArray()) {
        const auto attribute = value.toObject();
        change.attributes.push_back({ .name = attribute.value(u"name"_s).toString(),
            .before = attribute.value(u"before"_s).toString(),
            .after = attribute.value(u"after"_s).toString() });
    }
    return change;
}

std::vector<RunChange> changesOf(const QByteArray& planJson)
{
    std::vector<RunChange> changes;
    const auto all = QJsonDocument::fromJson(planJson).object().value(u"changes"_s).toArray();
    changes.reserve(static_cast<std::size_t>(all.size()));
    for (const auto& value : all) {
        changes.push_back(changeOf(value.toObject()));
    }
    return changes;
}

void replace(ConnectionDirectory& directory, SnapshotPtr snapshot)
{
    directory.closure = std::make_shared<const GroupClosure>(snapshot);
    directory.snapshot = std::move(snapshot);
}

/// Every run that matches, newest first, until @p take says that it has seen enough.
template <typename Take> Result<void> eachRun(Store& store, RunFilter filter, Take take)
{
    while (true) {
        const auto runs = store.runs().list(filter);
        if (!runs) {
            return runs.error();
        }
        for (const RunRecord& run : *runs) {
            if (!take(run)) {
                return {};
            }
        }
        if (static_cast<int>(runs->size()) < filter.limit) {
            return {};
        }
        filter.beforeId = runs->back().id;
    }
}

struct Since
{
    std::vector<std::int64_t>
        runs {}; ///< that changed the directory after the moment, newest first
    std::int64_t newest = 0; ///< generation of the newest run of all
    bool hadDirectory = false; ///< at the moment
};

Result<Since> runsSince(Store& store, const QString& connectionId, UtcTime moment)
{
    Since since;
    const auto looked = eachRun(store, { .connectionId = connectionId }, [&](const RunRecord& run) {
        if (run.generation == 0 || !run.finishedAt) {
            return true; // changed nothing
        }
        since.newest = std::max(since.newest, run.generation);
        since.hadDirectory = *run.finishedAt <= moment;
        if (!since.hadDirectory) {
            since.runs.push_back(run.id);
        }
        return !since.hadDirectory;
    });
    return looked ? Result<Since>(std::move(since)) : looked.error();
}

Result<void> takeBack(Store& store, ConnectionDirectory& directory, UtcTime moment)
{
    const auto since = runsSince(store, directory.connectionId, moment);
    if (!since) {
        return since.error();
    }
    if (since->newest != directory.generation) {
        return historyDoesNotLeadHere(directory.connectionName);
    }
    if (!since->hadDirectory) {
        directory.generation = 0;
        replace(directory, std::make_shared<const Snapshot>());
        return {};
    }
    if (since->runs.empty()) {
        return {};
    }
    std::vector<RunChange> changes;
    for (const auto run : since->runs) {
        auto own = store.runs().allChanges(run);
        if (!own) {
            return own.error();
        }
        std::ranges::move(*own, std::back_inserter(changes));
    }
    auto then = beforeChanges(*directory.snapshot, changes);
    if (!then) {
        return then.error();
    }
    replace(directory, *std::move(then));
    return {};
}

Result<std::vector<QString>> goneConnections(Store& store, const DirectoryView& now, UtcTime moment)
{
    std::vector<QString> names;
    const auto looked = eachRun(store, {}, [&](const RunRecord& run) {
        const bool here = std::ranges::any_of(now.connections,
            [&](const ConnectionDirectory& one) { return one.connectionId == run.connectionId; });
        if (!here && run.generation > 0 && run.finishedAt && *run.finishedAt <= moment) {
            names.push_back(run.connectionName);
        }
        return true;
    });
    if (!looked) {
        return looked.error();
    }
    std::ranges::sort(names);
    const auto doubled = std::ranges::unique(names);
    names.erase(doubled.begin(), doubled.end());
    return names;
}

} // namespace

Result<DirectoryView> directoriesAfterPlan(const DirectoryView& now, const QByteArray& planJson)
{
    const auto plan = readPlanFile(planJson);
    if (!plan) {
        return plan.error();
    }
    DirectoryView view = now;
    const auto found = std::ranges::find(
        view.connections, plan->connectionId, &ConnectionDirectory::connectionId);
    if (found == view.connections.end()) {
        return noSuchConnection(*plan);
    }
    if (found->generation != plan->baseGeneration) {
        return movedSince(found->connectionName);
    }
    auto after = withChanges(*found->snapshot, changesOf(planJson));
    if (!after) {
        return after.error();
    }
    replace(*found, *std::move(after));
    found->generation = std::max<std::int64_t>(found->generation, 1);
    return view;
}

Result<DirectoriesThen> directoriesAt(Store& store, const DirectoryView& now, UtcTime moment)
{
    DirectoriesThen then { .view = now };
    for (auto& directory : then.view.connections) {
        if (const auto taken = takeBack(store, directory, moment); !taken) {
            return taken.error();
        }
    }
    auto gone = goneConnections(store, now, moment);
    if (!gone) {
        return gone.error();
    }
    then.gone = *std::move(gone);
    return then;
}

} // namespace portreeve
