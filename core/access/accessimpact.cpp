// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/accessimpact.h"

#include <algorithm>
#include <iterator>

namespace portreeve::access {

namespace {

/// The answers of one state, route by route.
struct Answers
{
    explicit Answers(const AccessState& state)
        : snapshot(state.closure->snapshot())
    {
        DirectoryAccess access(*state.closure, state.naming, state.rules, state.sharedIds);
        for (const auto& route : state.routes) {
            names.push_back(route.name);
            routes.push_back(access.evaluate(route));
        }
    }

    Reach reach(std::optional<std::size_t> route, Row user) const
    {
        return route && user != kNoRow ? routes[*route].reach(user) : Reach::No;
    }

    bool reaches(std::optional<std::size_t> route, Row user) const
    {
        return reach(route, user) != Reach::No;
    }

    bool reachesAny(Row user) const
    {
        return user != kNoRow
            && std::any_of(routes.begin(), routes.end(),
                [user](const RouteAccess& route) { return route.reach(user) != Reach::No; });
    }

    const Snapshot& snapshot;
    std::vector<QString> names;
    std::vector<RouteAccess> routes;
};

/// Route numbers of two states that mean the same route, by name.
struct RoutePair
{
    QString name {};
    std::optional<std::size_t> before {};
    std::optional<std::size_t> after {};
};

std::vector<RoutePair> pairRoutes(const Answers& before, const Answers& after)
{
    std::vector<RoutePair> out;
    out.reserve(before.names.size());
    for (std::size_t i = 0; i < before.names.size(); ++i) {
        out.push_back({ .name = before.names[i], .before = i });
    }
    for (std::size_t i = 0; i < after.names.size(); ++i) {
        const auto found = std::find_if(out.begin(), out.end(),
            [&](const RoutePair& pair) { return pair.name == after.names[i]; });
        if (found != out.end()) {
            found->after = i;
        } else {
            out.push_back({ .name = after.names[i], .after = i });
        }
    }
    std::sort(out.begin(), out.end(),
        [](const RoutePair& a, const RoutePair& b) { return a.name < b.name; });
    return out;
}

int compareBytes(QByteArrayView a, QByteArrayView b)
{
    return a == b ? 0 : a < b ? -1 : 1;
}

/// Calls @p visit with the rows of each person before and after, kNoRow where they are not. Both
/// snapshots are sorted by id bytes: one walk over both.
template <typename Visit>
void forEachPerson(const Snapshot& before, const Snapshot& after, Visit visit)
{
    const auto& oldIds = before.userIds();
    const auto& newIds = after.userIds();
    Row oldRow = 0;
    Row newRow = 0;
    while (oldRow < oldIds.size() || newRow < newIds.size()) {
        const int order = oldRow == oldIds.size() ? 1
            : newRow == newIds.size()             ? -1
                                      : compareBytes(oldIds.at(oldRow), newIds.at(newRow));
        const Row old = order <= 0 ? oldRow++ : kNoRow;
        const Row current = order >= 0 ? newRow++ : kNoRow;
        visit(old, current);
    }
}

class Comparison
{
public:
    Comparison(const AccessState& before, const AccessState& after)
        : m_before(before)
        , m_after(after)
        , m_routes(pairRoutes(m_before, m_after))
    {
    }

    AccessImpact impact() const
    {
        AccessImpact out;
        const bool listsGains = m_before.snapshot.userCount() > 0;
        forEachPerson(m_before.snapshot, m_after.snapshot, [&](Row old, Row current) {
            if (old != kNoRow || listsGains) {
                addImpact(out, old, current);
            }
        });
        return out;
    }

    std::vector<ReachChange> changes() const
    {
        std::vector<ReachChange> out;
        forEachPerson(m_before.snapshot, m_after.snapshot, [&](Row old, Row current) {
            for (const auto& route : m_routes) {
                const Reach was = m_before.reach(route.before, old);
                const Reach is = m_after.reach(route.after, current);
                if (was != is) {
                    const auto [snapshot, row] = person(old, current);
                    out.push_back({ .userId = snapshot->userId(row),
                        .userName = snapshot->userNames().text(row),
                        .route = route.name,
                        .before = was,
                        .after = is,
                        .because = because(route, current) });
                }
            }
        });
        return out;
    }

private:
    std::pair<const Snapshot*, Row> person(Row old, Row current) const
    {
        return current != kNoRow ? std::pair(&m_after.snapshot, current)
                                 : std::pair(&m_before.snapshot, old);
    }

    std::vector<Message> because(const RoutePair& route, Row current) const
    {
        if (current == kNoRow) {
            return { message(QT_TRANSLATE_NOOP("Message", "The account is gone.")) };
        }
        if (!route.after) {
            return { message(QT_TRANSLATE_NOOP("Message", "The route is gone.")) };
        }
        return m_after.routes[*route.after].because(current);
    }

    void addImpact(AccessImpact& out, Row old, Row current) const
    {
        for (const auto& route : m_routes) {
            const bool had = m_before.reaches(route.before, old);
            const bool has = m_after.reaches(route.after, current);
            if (had != has) {
                const auto& snapshot = had ? m_before.snapshot : m_after.snapshot;
                const Row row = had ? old : current;
                out.changes.push_back({ .userId = snapshot.userId(row),
                    .userName = snapshot.userNames().text(row),
                    .route = route.name,
                    .gained = has });
            }
        }
        if (m_before.reachesAny(old)) {
            ++out.withAccess;
            out.losingAll += m_after.reachesAny(current) ? 0 : 1;
        }
    }

    Answers m_before;
    Answers m_after;
    std::vector<RoutePair> m_routes;
};

ClosurePtr closureOf(const DirectoryView& view, const QString& connectionId, SnapshotPtr snapshot)
{
    const auto found = std::find_if(view.connections.begin(), view.connections.end(),
        [&](const ConnectionDirectory& directory) {
            return directory.connectionId == connectionId && directory.snapshot == snapshot;
        });
    return found != view.connections.end() && found->closure != nullptr
        ? found->closure
        : std::make_shared<const GroupClosure>(std::move(snapshot));
}

/// The view with one connection at another snapshot.
DirectoryView withSnapshot(DirectoryView view, const QString& connectionId, SnapshotPtr snapshot)
{
    auto found = std::find_if(view.connections.begin(), view.connections.end(),
        [&](const ConnectionDirectory& directory) {
            return directory.connectionId == connectionId;
        });
    if (found == view.connections.end()) {
        view.connections.push_back({ .connectionId = connectionId });
        found = std::prev(view.connections.end());
    }
    found->snapshot = std::move(snapshot);
    found->generation = std::max<std::int64_t>(found->generation, 1);
    return view;
}

const ConnectionDirectory* directoryOf(const DirectoryView& view, const QString& connectionId)
{
    const auto found = std::find_if(view.connections.begin(), view.connections.end(),
        [&](const ConnectionDirectory& directory) {
            return directory.connectionId == connectionId;
        });
    return found == view.connections.end() ? nullptr : &*found;
}

/// One moment, with what all its connections share worked out once.
class Moment
{
public:
    explicit Moment(const AccessMoment& moment)
        : m_view(moment.view)
        , m_groups(moment.view, {})
        , m_routes(routeRules(moment.rules.policies, moment.rules.routes, m_groups.liveIds()))
        , m_shared(sharedRecordIds(moment.view))
        , m_nobody(std::make_shared<const Snapshot>())
    {
    }

    AccessState state(const Connection& connection) const
    {
        const auto* directory = directoryOf(m_view, connection.id);
        return { .closure = directory != nullptr ? directory->closure.get() : &m_nobody,
            .routes = m_routes,
            .naming = m_groups.naming(connection.id),
            .rules = connection.rules,
            .sharedIds = m_shared };
    }

private:
    const DirectoryView& m_view;
    ExportedGroups m_groups;
    std::vector<RouteRules> m_routes;
    QSet<QString> m_shared;
    GroupClosure m_nobody;
};

} // namespace

AccessImpact compareAccess(const AccessState& before, const AccessState& after)
{
    return Comparison(before, after).impact();
}

AccessImpact accessImpact(const ChangeSet& changes, const Connection& connection,
    const DirectoryView& view, const StoredRules& rules)
{
    if (rules.routes.empty()) {
        return {};
    }
    const auto closureBefore = closureOf(view, connection.id, changes.before);
    const auto closureAfter = closureOf(view, connection.id, changes.after);
    const auto stateOf = [&](const GroupClosure& closure, const SnapshotPtr& snapshot) {
        const auto with = withSnapshot(view, connection.id, snapshot);
        const ExportedGroups groups(with, {});
        return AccessState { .closure = &closure,
            .routes = routeRules(rules.policies, rules.routes, groups.liveIds()),
            .naming = groups.naming(connection.id),
            .rules = connection.rules,
            .sharedIds = sharedRecordIds(with) };
    };
    return compareAccess(
        stateOf(*closureBefore, changes.before), stateOf(*closureAfter, changes.after));
}

AccessImpact compareAccess(const AccessMoment& before, const AccessMoment& after,
    const std::vector<Connection>& connections)
{
    const Moment then(before);
    const Moment now(after);
    AccessImpact out;
    for (const auto& connection : connections) {
        auto impact = compareAccess(then.state(connection), now.state(connection));
        out.losingAll += impact.losingAll;
        out.withAccess += impact.withAccess;
        std::ranges::move(impact.changes, std::back_inserter(out.changes));
    }
    return out;
}

std::vector<ReachChange> compareReach(const AccessMoment& before, const AccessMoment& after,
    const std::vector<Connection>& connections)
{
    const Moment then(before);
    const Moment now(after);
    std::vector<ReachChange> out;
    for (const auto& connection : connections) {
        for (auto& change : Comparison(then.state(connection), now.state(connection)).changes()) {
            change.connectionName = connection.name;
            out.push_back(std::move(change));
        }
    }
    return out;
}

} // namespace portreeve::access
