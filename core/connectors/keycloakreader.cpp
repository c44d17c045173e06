// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/keycloakreader.h"

#include "core/net/paging.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <deque>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr auto kListing = "group_listing"_L1;
constexpr auto kWalk = "walk"_L1;
constexpr std::size_t kCallsAtOnce = 64;

template <typename T> std::vector<T> takeFront(std::deque<T>& queue)
{
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue.size(), kCallsAtOnce));
    std::vector<T> taken(
        std::make_move_iterator(queue.begin()), std::make_move_iterator(queue.begin() + count));
    queue.erase(queue.begin(), queue.begin() + count);
    return taken;
}
} // namespace

KeycloakReader::KeycloakReader(KeycloakApi& api, const ConnectorOptions& options, RunContext& run)
    : m_api(api)
    , m_run(run)
    , m_pageSize(std::max<qsizetype>(options.integer(u"page_size"_s), 1))
    , m_useGroupPath(options.text(u"group_name_source"_s) != u"name")
    , m_trustEveryEmail(options.text(u"email_rule"_s) == u"always")
    , m_useUsername(options.text(u"display_name_source"_s) == u"username")
    , m_walk(QJsonDocument::fromJson(run.state).object().value(kListing).toString() == kWalk)
{
}

KeycloakCall KeycloakReader::pageCall(const QString& path, qsizetype first) const
{
    return { .path = path,
        .query = { { u"first"_s, QString::number(first) },
            { u"max"_s, QString::number(m_pageSize) }, { u"briefRepresentation"_s, u"true"_s } } };
}

Result<UserRecord> KeycloakReader::toUser(const QJsonValue& row) const
{
    const auto object = row.toObject();
    const QString id = object.value("id"_L1).toString();
    const QString username = object.value("username"_L1).toString();
    if (id.isEmpty() || username.isEmpty()) {
        return malformedAnswer(m_api.host(), u"a user without id or username"_s);
    }
    const QString fullName = QString(
        object.value("firstName"_L1).toString() + u' ' + object.value("lastName"_L1).toString())
                                 .trimmed();
    const bool isTrusted = m_trustEveryEmail || object.value("emailVerified"_L1).toBool();
    return UserRecord { .id = id,
        .displayName = m_useUsername || fullName.isEmpty() ? username : fullName,
        .email = isTrusted ? object.value("email"_L1).toString() : QString(),
        .login = username,
        .state
        = object.value("enabled"_L1).toBool(true) ? UserState::Active : UserState::Suspended };
}

Result<KeycloakReader::Sample> KeycloakReader::sampleUsers()
{
    constexpr int mostSamples = 5;
    auto call = pageCall(u"users"_s, 0);
    call.query[1].second = QString::number(mostSamples);
    const auto page = m_api.list(call);
    if (!page) {
        return page.error();
    }
    const auto total = m_api.count(u"users/count"_s);
    if (!total) {
        return total.error();
    }
    if (page->isEmpty() && *total > 0) {
        return m_api.missingRole();
    }
    Sample sample { .total = *total };
    for (const auto& row : *page) {
        auto user = toUser(row);
        if (!user) {
            return user.error();
        }
        sample.users.push_back(std::move(*user));
    }
    return sample;
}

Result<std::int64_t> KeycloakReader::checkGroups()
{
    const auto page = m_api.list(pageCall(u"groups"_s, 0));
    if (!page) {
        return page.error();
    }
    auto total = m_api.count(u"groups/count"_s);
    if (total && page->isEmpty() && *total > 0) {
        return m_api.missingRole();
    }
    return total;
}

Result<QByteArray> KeycloakReader::readAll(SnapshotBuilder& out)
{
    if (auto read = readUsers(out); !read) {
        return read.error();
    }
    auto groups = readGroups();
    if (!groups) {
        return groups.error();
    }
    if (auto read = readMembers({ groups->ids.cbegin(), groups->ids.cend() }, out); !read) {
        return read.error();
    }
    if (!m_vanished.isEmpty()) {
        groups = settleVanished(*groups, out);
        if (!groups) {
            return groups.error();
        }
    }
    for (const auto& [id, error] : m_unread) {
        if (groups->ids.contains(id)) {
            out.markMembersIncomplete(id, error.what.english());
        }
    }
    for (const auto& row : groups->rows) {
        out.addGroup(row.group);
        if (!row.parentId.isEmpty()) {
            out.addMember(row.parentId, row.group.id, MemberKind::Group);
        }
    }
    if (groups->isCountRight) {
        out.markGroupsComplete();
        out.markMembershipsComplete();
    } else {
        out.note(u"The groups changed while they were read; none is removed in this run."_s);
    }
    if (!m_serviceAccounts.isEmpty()) {
        out.note(u"Service accounts left out of groups: "_s
            + QString::number(m_serviceAccounts.size()) + u'.');
    }
    const QJsonObject state { { kListing, m_walk ? QString(kWalk) : u"flat"_s } };
    return QJsonDocument(state).toJson(QJsonDocument::Compact);
}

// Offset paging over changing data can skip a row; then a count differs and all is read once more.
Result<void> KeycloakReader::readUsers(SnapshotBuilder& out)
{
    m_api.setPhase(RunProgress::Phase::Users);
    const SnapshotBuilder before = out;
    for (int attempt = 0; attempt < 2; ++attempt) {
        out = before;
        const auto isCountRight = readUsersOnce(out);
        if (!isCountRight) {
            return isCountRight.error();
        }
        if (*isCountRight) {
            out.markUsersComplete();
            return {};
        }
    }
    out.note(u"The users changed while they were read; none is removed in this run."_s);
    return {};
}

Result<bool> KeycloakReader::readUsersOnce(SnapshotBuilder& out)
{
    m_userIds.clear();
    PageGuard guard(m_api.host());
    for (qsizetype first = 0;; first += m_pageSize) {
        const auto page = m_api.list(pageCall(u"users"_s, first));
        if (!page) {
            return page.error();
        }
        // A server that ignores `first` would serve the same page for ever.
        const QString firstId = page->first().toObject().value("id"_L1).toString();
        if (auto entered = guard.enter(page->isEmpty() ? u"end"_s : firstId); !entered) {
            return entered.error();
        }
        for (const auto& row : *page) {
            const auto user = toUser(row);
            if (!user) {
                return user.error();
            }
            m_userIds.insert(user->id);
            out.addUser(*user);
        }
        m_run.report(RunProgress::Phase::Users, m_userIds.size());
        if (isShort(*page)) {
            break;
        }
    }
    const auto total = m_api.count(u"users/count"_s);
    if (!total) {
        return total.error();
    }
    if (m_userIds.isEmpty() && *total > 0) {
        return m_api.missingRole();
    }
    return *total == m_userIds.size();
}

Result<void> KeycloakReader::addMembers(
    const QString& groupId, const QJsonArray& page, SnapshotBuilder& out)
{
    for (const auto& row : page) {
        const auto object = row.toObject();
        const QString id = object.value("id"_L1).toString();
        if (id.isEmpty()) {
            return malformedAnswer(m_api.host(), u"a member without id"_s);
        }
        const QString username = object.value("username"_L1).toString();
        if (!m_userIds.contains(id) && username.startsWith(u"service-account-"_s)) {
            m_serviceAccounts.insert(id);
            continue;
        }
        out.addMember(groupId, id, MemberKind::User);
    }
    m_membersRead += page.size();
    return {};
}

Result<void> KeycloakReader::readMembers(std::vector<QString> groupIds, SnapshotBuilder& out)
{
    m_api.setPhase(RunProgress::Phase::Members);
    std::sort(groupIds.begin(), groupIds.end());
    std::deque<MemberPage> queue;
    for (auto& id : groupIds) {
        queue.push_back({ .groupId = std::move(id) });
    }
    while (!queue.empty()) {
        const auto pages = takeFront(queue);
        std::vector<KeycloakCall> calls;
        calls.reserve(pages.size());
        for (const auto& page : pages) {
            calls.push_back(pageCall(u"groups/"_s + page.groupId + u"/members"_s, page.first));
        }
        const auto answers = m_api.listAll(calls);
        if (auto noted = noteUnread(pages, answers); !noted) {
            return noted;
        }
        for (std::size_t i = 0; i < pages.size(); ++i) {
            const auto& page = pages[i];
            if (!answers[i] && answers[i].error().code == ErrorCode::NotFound) {
                m_vanished.insert(page.groupId);
                continue;
            }
            if (!answers[i]) {
                continue; // noted above
            }
            if (auto added = addMembers(page.groupId, *answers[i], out); !added) {
                return added;
            }
            if (!isShort(*answers[i])) {
                queue.push_back({ .groupId = page.groupId, .first = page.first + m_pageSize });
            }
        }
        m_run.report(RunProgress::Phase::Members, m_membersRead);
    }
    return {};
}

/// A group that cannot be read alone keeps its stored members (sync-lifecycle.md 2.6). What ends
/// the run: a fault of the way there or of the sign-in, and one that many or all groups share.
Result<void> KeycloakReader::noteUnread(
    const std::vector<MemberPage>& pages, const std::vector<Result<QJsonArray>>& answers)
{
    const Error* first = nullptr;
    std::size_t failed = 0;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        if (answers[i] || answers[i].error().code == ErrorCode::NotFound) {
            continue;
        }
        const Error& error = answers[i].error();
        const bool isOfThisGroup = error.code == ErrorCode::Permission
            || error.code == ErrorCode::RateLimited || error.code == ErrorCode::BadResponse;
        if (!isOfThisGroup) {
            return error;
        }
        first = first != nullptr ? first : &error;
        ++failed;
        m_unread.insert_or_assign(pages[i].groupId, error);
    }
    m_readsMembers = m_readsMembers || failed < pages.size();
    const bool isShared = failed == pages.size() && (failed > 1 || !m_readsMembers);
    return isShared ? Result<void>(*first) : Result<void>();
}

/// Groups that went while their members were read: the listing is repeated once. What it no longer
/// holds is gone; what it still holds keeps its stored members; what is new gets its members read.
Result<KeycloakReader::GroupList> KeycloakReader::settleVanished(
    const GroupList& groups, SnapshotBuilder& out)
{
    auto again = readGroups();
    if (!again) {
        return again;
    }
    std::vector<QString> added;
    for (const auto& id : std::as_const(again->ids)) {
        if (!groups.ids.contains(id)) {
            added.push_back(id);
        }
    }
    if (auto read = readMembers(std::move(added), out); !read) {
        return read.error();
    }
    for (const auto& id : std::as_const(m_vanished)) {
        if (again->ids.contains(id)) {
            out.markMembersIncomplete(
                id, u"The group was deleted or moved while its members were read."_s);
        }
    }
    return again;
}

} // namespace portreeve
