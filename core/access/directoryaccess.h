// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/recordids.h"
#include "core/access/routerules.h"
#include "core/access/userset.h"
#include "core/base/message.h"
#include "core/membership/groupclosure.h"

#include <QHash>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace portreeve::access {

/// Whether a person gets in, as far as the directory decides it.
enum class Reach : std::uint8_t {
    No,
    Depends, ///< on the request: address, device, claims, ...
    Yes, ///< once signed in
};

QString reachName(Reach reach); ///< "no", "depends", "yes"

/// The answer for one route and every user of one snapshot.
class RouteAccess
{
public:
    Reach reach(Row user) const;
    Row count(Reach reach) const;

    /// Sentences that name the rules that decide; never empty.
    std::vector<Message> because(Row user) const;

private:
    friend class DirectoryAccess;

    struct ListAnswer
    {
        policy::Action action = policy::Action::Allow;
        policy::Operator op = policy::Operator::And;
        Decided whole {};
        std::vector<QString> names {}; ///< of the criteria
        std::vector<std::shared_ptr<const Decided>> parts {};
    };

    QString partNames(const ListAnswer& list, Row user, bool undecided) const;

    Row m_userCount = 0;
    std::shared_ptr<const UserSet> m_active;
    UserSet m_yes;
    UserSet m_depends;
    std::vector<ListAnswer> m_lists;
};

/// Evaluates policies for all users of a snapshot at once, using only what the directory decides:
/// groups, user, email, domain, authenticated_user, accept, reject. Every other criterion depends
/// on the request. Suspended people reach nothing. One thread; group and value sets are kept
/// between routes.
class DirectoryAccess
{
public:
    /// @param closure  borrowed
    /// @param rules  of the connection: what is exported of its people
    /// @param sharedIds  see sharedRecordIds()
    DirectoryAccess(const GroupClosure& closure, const IdNaming& naming,
        const SyncRules& rules = {}, const QSet<QString>& sharedIds = {});

    RouteAccess evaluate(const RouteRules& route);

    /// One entry per user row.
    std::vector<Reach> reach(const RouteRules& route);

private:
    using TextIndex = std::vector<std::pair<QByteArrayView, Row>>; // sorted; bytes of the snapshot
    using DecidedPtr = std::shared_ptr<const Decided>;

    std::vector<RouteAccess::ListAnswer> evaluateRule(const policy::Rule& rule);
    RouteAccess::ListAnswer evaluateList(policy::Action action, const policy::OperatorList& list);
    DecidedPtr evaluateCriterion(const policy::Criterion& criterion);
    Decided computeCriterion(const policy::Criterion& criterion);
    Decided matchGroups(const policy::Value& matcher);
    Decided matchTexts(const policy::Value& matcher, const TextIndex& index) const;
    Row findGroup(const policy::Value& id) const;
    UserSet usersIn(const policy::Value& groupId) const;
    const UserSet& singleGroupUsers();
    const TextIndex& emails();
    const TextIndex& domains();
    const TextIndex& ids();
    void buildMailIndexes();
    QString describe(const policy::Criterion& criterion) const;

    const GroupClosure& m_closure;
    QHash<QString, Row> m_groupRows; // by id as policies name it
    bool m_directOnly;
    RecordIds m_recordIds;
    Row m_userCount;
    std::shared_ptr<const UserSet> m_active;
    UserSet m_named; ///< has an id to sign in with; that of the others is unknown
    UserSet m_recorded; ///< has a record that matches it; the others have no groups
    UserSet m_withoutMail; ///< the proxy then takes the address of the sign-in, unknown here
    QHash<QString, DecidedPtr> m_known;
    std::unique_ptr<UserSet> m_single;
    std::optional<TextIndex> m_emails;
    std::optional<TextIndex> m_domains;
    std::optional<TextIndex> m_ids;
};

} // namespace portreeve::access
