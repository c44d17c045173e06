// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/guard.h"

#include "core/sync/heldrows.h"

#include <QHash>
#include <QLocale>

#include <algorithm>

namespace portreeve {

namespace {

/// A threshold of sync-lifecycle.md 2.7 with its rule for small directories.
struct Threshold
{
    int percent = 0; ///< 0: this part is off
    std::int64_t count = 0; ///< 0: this part is off
    std::int64_t smallBelow = 20; ///< live rows
    int smallPercent = 50;
    std::int64_t smallCount = 1;
};

bool reaches(const Threshold& threshold, std::int64_t affected, std::int64_t total)
{
    if (affected <= 0 || total <= 0) {
        return false;
    }
    if (threshold.count > 0 && affected >= threshold.count) {
        return true;
    }
    if (threshold.percent <= 0) {
        return false;
    }
    const bool isSmall = total < threshold.smallBelow;
    const std::int64_t percent
        = isSmall ? std::max(threshold.percent, threshold.smallPercent) : threshold.percent;
    return affected * 100 >= percent * total && (!isSmall || affected >= threshold.smallCount);
}

QString percentText(std::int64_t affected, std::int64_t total)
{
    return QString::number(total > 0 ? affected * 100 / total : 0);
}

/// Grouped as the pages around these sentences group, which are English like them.
QString countText(std::int64_t count)
{
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(count));
}

Message sentence(const char* source, std::int64_t affected, std::int64_t total)
{
    return message(source, countText(affected), countText(total), percentText(affected, total));
}

std::int64_t directMembershipCount(const Snapshot& snapshot)
{
    return static_cast<std::int64_t>(
        snapshot.userMembershipCount() + snapshot.groupMembershipCount());
}

/// One evaluation of all guards over one change set.
class Evaluation
{
public:
    Evaluation(ChangeSet& changes, const GuardInput& input)
        : m_changes(changes)
        , m_input(input)
        , m_held(changes)
        , m_liveUsers(changes.before->userCount())
        , m_liveGroups(changes.before->groupCount())
    {
    }

    std::vector<GuardTrip> run()
    {
        usersAbsent();
        groupsAbsent();
        membershipsRemoved();
        membersOfOneGroup();
        suspensions();
        emptiedCollections();
        lastProtected();
        accessLost();
        identityChurn();
        standingOrders();
        openHold();
        m_held.settleEdges();
        return std::move(m_trips);
    }

private:
    void trip(GuardId guard, Message reason, std::int64_t affected, std::int64_t total)
    {
        m_trips.push_back({ .guard = guard,
            .reason = std::move(reason),
            .affected = affected,
            .total = total,
            .overridable = guard != GuardId::G7 });
    }

    static std::int64_t countRemovals(const std::vector<ObjectChange>& changes)
    {
        return std::count_if(changes.begin(), changes.end(), isAbsenceRemoval);
    }

    static void hold(std::vector<ObjectChange>& changes)
    {
        for (ObjectChange& change : changes) {
            change.held = change.held || isAbsenceRemoval(change);
        }
    }

    void usersAbsent()
    {
        const std::int64_t removed = countRemovals(m_changes.users);
        const Threshold threshold { .percent = m_input.limits.userPercent,
            .count = m_input.limits.userCount,
            .smallCount = 3 };
        if (reaches(threshold, removed, m_liveUsers)) {
            hold(m_changes.users);
            trip(GuardId::G1,
                sentence(
                    QT_TRANSLATE_NOOP("Message", "This sync would remove %1 of %2 users (%3 %)."),
                    removed, m_liveUsers),
                removed, m_liveUsers);
        }
    }

    void groupsAbsent()
    {
        const std::int64_t removed = countRemovals(m_changes.groups);
        const Threshold threshold { .percent = m_input.limits.groupPercent,
            .count = m_input.limits.groupCount,
            .smallCount = 3 };
        if (reaches(threshold, removed, m_liveGroups)) {
            hold(m_changes.groups);
            trip(GuardId::G2,
                sentence(
                    QT_TRANSLATE_NOOP("Message", "This sync would remove %1 of %2 groups (%3 %)."),
                    removed, m_liveGroups),
                removed, m_liveGroups);
        }
    }

    /// All removed edges count, also those that go with their object; so where this guard trips,
    /// objects that would take edges with them wait too.
    void membershipsRemoved()
    {
        const std::int64_t live = directMembershipCount(*m_changes.before);
        const std::int64_t removed = m_held.countRemovedEdges();
        const Threshold threshold {
            .percent = m_input.limits.membershipPercent, .smallBelow = 50, .smallPercent = 60
        };
        if (reaches(threshold, removed, live)) {
            m_held.holdEdgesAndTheirObjects();
            trip(GuardId::G3,
                sentence(QT_TRANSLATE_NOOP("Message",
                             "This sync would remove %1 of %2 direct memberships (%3 %)."),
                    removed, live),
                removed, live);
        }
    }

    /// Only lists that shrink while group and member stay: the others are G1's and G2's.
    void membersOfOneGroup()
    {
        const int percent = m_input.limits.singleGroupPercent;
        const std::vector<std::int64_t> lost = m_held.lostMembersByGroup();
        GuardTrip found { .guard = GuardId::G4 };
        for (Row group = 0; percent > 0 && group < lost.size(); ++group) {
            const auto members
                = static_cast<std::int64_t>(m_changes.before->memberUsers(group).size()
                    + m_changes.before->memberGroups(group).size());
            if (members < m_input.limits.singleGroupMinimum || lost[group] == 0
                || lost[group] * 100 < percent * members) {
                continue;
            }
            m_held.holdEdgesOf(group);
            found.groups.push_back(m_changes.before->groupId(group));
            found.affected += lost[group];
            found.total += members;
        }
        if (!found.groups.empty()) {
            found.reason = message(
                QT_TRANSLATE_NOOP("Message",
                    "This sync would remove %1 of %2 members of %3 groups that lose half or more "
                    "of theirs."),
                countText(found.affected), countText(found.total),
                countText(static_cast<std::int64_t>(found.groups.size())));
            if (found.groups.size() == 1) {
                const Row group = m_changes.before->findGroup(found.groups.front());
                found.reason
                    = message(QT_TRANSLATE_NOOP("Message",
                                  "This sync would remove %1 of %2 members of the group “%3”."),
                        countText(found.affected), countText(found.total), groupLabel(group));
            }
            m_trips.push_back(std::move(found));
        }
    }

    QString groupLabel(Row group) const
    {
        const GroupRecord record = m_changes.before->group(group);
        return record.name.isEmpty() ? record.id : record.name;
    }

    void suspensions()
    {
        const auto isSuspension
            = [](const ObjectChange& change) { return change.action == ChangeAction::Suspend; };
        const std::int64_t count
            = std::count_if(m_changes.users.begin(), m_changes.users.end(), isSuspension);
        const Threshold threshold { .percent = m_input.limits.suspensionPercent,
            .count = m_input.limits.suspensionCount,
            .smallCount = 3 };
        if (reaches(threshold, count, m_liveUsers)) {
            for (ObjectChange& change : m_changes.users) {
                change.held = change.held || isSuspension(change);
            }
            trip(GuardId::G5,
                sentence(
                    QT_TRANSLATE_NOOP("Message", "This sync would suspend %1 of %2 users (%3 %)."),
                    count, m_liveUsers),
                count, m_liveUsers);
        }
    }

    void emptiedCollections()
    {
        if (m_liveUsers > 0 && countRemovals(m_changes.users) == m_liveUsers) {
            hold(m_changes.users);
            emptied(
                QT_TRANSLATE_NOOP("Message", "The provider listed no users, where %1 are stored."),
                m_liveUsers);
        }
        emptiedGroups(GroupKind::Group,
            QT_TRANSLATE_NOOP("Message", "The provider listed no groups, where %1 are stored."));
        emptiedGroups(GroupKind::OrgUnit,
            QT_TRANSLATE_NOOP(
                "Message", "The provider listed no organizational units, where %1 are stored."));
        const std::int64_t edges = directMembershipCount(*m_changes.before);
        if (edges > 0 && m_held.countRemovedEdges() == edges) {
            m_held.holdEdgesAndTheirObjects();
            emptied(QT_TRANSLATE_NOOP(
                        "Message", "The provider listed no memberships, where %1 are stored."),
                edges);
        }
    }

    void emptied(const char* source, std::int64_t count)
    {
        trip(GuardId::G6, message(source, countText(count)), count, count);
    }

    void emptiedGroups(GroupKind kind, const char* source)
    {
        const Snapshot& before = *m_changes.before;
        const auto& kinds = before.columns().groupKinds;
        const std::int64_t live = std::count(kinds.begin(), kinds.end(), kind);
        const auto isOfKind = [&](const ObjectChange& change) {
            return isAbsenceRemoval(change) && before.groupKind(change.before) == kind;
        };
        auto& groups = m_changes.groups;
        if (live == 0 || std::count_if(groups.begin(), groups.end(), isOfKind) != live) {
            return;
        }
        for (ObjectChange& change : groups) {
            change.held = change.held || isOfKind(change);
        }
        emptied(source, live);
    }

    void lastProtected()
    {
        const std::int64_t locked = m_held.holdLastProtected(m_input.protectedUsers, true);
        if (locked > 0) {
            trip(GuardId::G7,
                message(QT_TRANSLATE_NOOP("Message",
                            "This sync would take away the last protected administrator (%1 in "
                            "all). That never happens by a sync, whoever approves it."),
                    countText(locked)),
                locked, locked);
        }
    }

    void accessLost()
    {
        if (!m_input.access) {
            return;
        }
        const AccessImpact& impact = *m_input.access;
        const Threshold threshold { .percent = m_input.limits.accessPercent };
        if (reaches(threshold, impact.losingAll, impact.withAccess) && m_held.holdAll()) {
            trip(GuardId::G8,
                sentence(QT_TRANSLATE_NOOP("Message",
                             "After this sync %1 of %2 people would reach no route at all (%3 %)."),
                    impact.losingAll, impact.withAccess),
                impact.losingAll, impact.withAccess);
        }
    }

    /// Users that go while a user of the same email comes: the provider renumbered them.
    void identityChurn()
    {
        QHash<QString, std::int64_t> arriving;
        for (const ObjectChange& change : m_changes.users) {
            if (change.action == ChangeAction::Add) {
                ++arriving[foldedEmail(*m_changes.after, change.after)];
            }
        }
        arriving.remove(QString());
        std::int64_t replaced = 0;
        for (const ObjectChange& change : m_changes.users) {
            if (!arriving.isEmpty() && isAbsenceRemoval(change)) {
                auto found = arriving.find(foldedEmail(*m_changes.before, change.before));
                const bool taken = found != arriving.end() && (*found)-- > 0;
                replaced += taken ? 1 : 0;
            }
        }
        const Threshold threshold { .percent = m_input.limits.churnPercent };
        if (reaches(threshold, replaced, m_liveUsers)) {
            hold(m_changes.users);
            trip(GuardId::G9,
                sentence(QT_TRANSLATE_NOOP("Message",
                             "%1 of %2 users (%3 %) would be replaced by new ones with the same "
                             "e-mail address."),
                    replaced, m_liveUsers),
                replaced, m_liveUsers);
        }
    }

    static QString foldedEmail(const Snapshot& snapshot, Row user)
    {
        return snapshot.userEmails().text(user).toCaseFolded();
    }

    void standingOrders()
    {
        const std::int64_t waiting = m_held.countAbsenceRemovals();
        if (m_input.neverRemove && m_held.holdAll()) {
            trip(GuardId::NeverRemove,
                message(QT_TRANSLATE_NOOP("Message",
                            "This connection never removes anything by itself: %1 removals wait."),
                    countText(waiting)),
                waiting, waiting);
        }
        if (m_input.scopeChanged && m_held.holdAll()) {
            trip(GuardId::ScopeChanged,
                message(QT_TRANSLATE_NOOP("Message",
                            "The settings of this connection changed since the last sync: %1 "
                            "removals wait until somebody has looked at them."),
                    countText(waiting)),
                waiting, waiting);
        }
    }

    void openHold()
    {
        const std::int64_t waiting = m_held.holdNamed(m_input.waiting);
        if (waiting > 0) {
            trip(GuardId::OpenHold,
                message(QT_TRANSLATE_NOOP("Message",
                            "%1 removals or suspensions have been waiting for a decision since an "
                            "earlier sync."),
                    countText(waiting)),
                waiting, waiting);
        }
    }

    ChangeSet& m_changes;
    const GuardInput& m_input;
    HeldRows m_held;
    std::int64_t m_liveUsers;
    std::int64_t m_liveGroups;
    std::vector<GuardTrip> m_trips;
};

} // namespace

std::vector<GuardTrip> guardChanges(ChangeSet& changes, const GuardInput& input)
{
    return Evaluation(changes, input).run();
}

} // namespace portreeve
