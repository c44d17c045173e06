// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The two ways to list groups, as part of KeycloakReader.
#include "core/connectors/keycloakreader.h"
#include "core/net/paging.h"

#include <QJsonObject>

#include <deque>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr std::size_t kParentsAtOnce = 64;
}

Result<void> KeycloakReader::addGroup(
    const QJsonObject& row, const QString& parentId, GroupList& list) const
{
    const QString id = row.value("id"_L1).toString();
    const QString name = row.value("name"_L1).toString();
    if (id.isEmpty()) {
        return malformedAnswer(m_api.host(), u"a group without id"_s);
    }
    if (list.ids.contains(id)) {
        return {}; // pages overlap when a group was added meanwhile
    }
    list.ids.insert(id);
    const QString path = row.value("path"_L1).toString();
    list.rows.push_back(
        { .group = { .id = id, .name = m_useGroupPath && !path.isEmpty() ? path : name },
            .parentId = parentId });
    return {};
}

/// Takes embedded sub-groups along (servers before 23) and collects who has others to be asked for.
Result<void> KeycloakReader::addTree(const QJsonArray& rows, const QString& parentId,
    GroupList& list, std::vector<QString>& withChildren) const
{
    struct Level
    {
        QJsonArray rows;
        QString parentId;
    };

    std::deque<Level> levels { { .rows = rows, .parentId = parentId } };
    while (!levels.empty()) {
        const auto level = std::move(levels.front());
        levels.pop_front();
        for (const auto& value : level.rows) {
            const auto row = value.toObject();
            if (auto added = addGroup(row, level.parentId, list); !added) {
                return added;
            }
            const QString id = row.value("id"_L1).toString();
            const auto embedded = row.value("subGroups"_L1).toArray();
            if (!embedded.isEmpty()) {
                levels.push_back({ .rows = embedded, .parentId = id });
            } else if (row.value("subGroupCount"_L1).toInteger() > 0) {
                withChildren.push_back(id);
            }
        }
    }
    return {};
}

Result<KeycloakReader::GroupList> KeycloakReader::listFlat()
{
    GroupList list;
    PageGuard guard(m_api.host());
    for (qsizetype first = 0;; first += m_pageSize) {
        auto call = pageCall(u"groups"_s, first);
        call.query.append({ u"search"_s, u"*"_s });
        call.query.append({ u"populateHierarchy"_s, u"false"_s });
        const auto page = m_api.list(call);
        if (!page) {
            return page.error();
        }
        const QString firstId = page->first().toObject().value("id"_L1).toString();
        if (auto entered = guard.enter(page->isEmpty() ? u"end"_s : firstId); !entered) {
            return entered.error();
        }
        for (const auto& value : *page) {
            const auto row = value.toObject();
            if (auto added = addGroup(row, row.value("parentId"_L1).toString(), list); !added) {
                return added.error();
            }
        }
        m_run.report(RunProgress::Phase::Groups, list.ids.size());
        if (isShort(*page)) {
            return list;
        }
    }
}

Result<KeycloakReader::GroupList> KeycloakReader::listByWalk()
{
    GroupList list;
    std::vector<QString> withChildren;
    PageGuard guard(m_api.host());
    for (qsizetype first = 0;; first += m_pageSize) {
        const auto page = m_api.list(pageCall(u"groups"_s, first));
        if (!page) {
            return page.error();
        }
        const QString firstId = page->first().toObject().value("id"_L1).toString();
        if (auto entered = guard.enter(page->isEmpty() ? u"end"_s : firstId); !entered) {
            return entered.error();
        }
        if (auto added = addTree(*page, {}, list, withChildren); !added) {
            return added.error();
        }
        if (isShort(*page)) {
            break;
        }
    }
    if (auto read = readChildren(std::move(withChildren), list); !read) {
        return read.error();
    }
    return list;
}

Result<void> KeycloakReader::readChildren(std::vector<QString> parents, GroupList& list)
{
    struct ChildPage
    {
        QString parentId;
        qsizetype first = 0;
    };

    std::deque<ChildPage> queue;
    for (auto& parent : parents) {
        queue.push_back({ .parentId = std::move(parent) });
    }
    while (!queue.empty()) {
        std::vector<ChildPage> pages;
        std::vector<KeycloakCall> calls;
        while (!queue.empty() && pages.size() < kParentsAtOnce) {
            pages.push_back(std::move(queue.front()));
            queue.pop_front();
            calls.push_back(pageCall(
                u"groups/"_s + pages.back().parentId + u"/children"_s, pages.back().first));
        }
        const auto answers = m_api.listAll(calls);
        for (std::size_t i = 0; i < pages.size(); ++i) {
            if (!answers[i] && answers[i].error().code == ErrorCode::NotFound) {
                list.hasVanished = true;
                continue;
            }
            if (!answers[i]) {
                return answers[i].error();
            }
            std::vector<QString> deeper;
            if (auto added = addTree(*answers[i], pages[i].parentId, list, deeper); !added) {
                return added;
            }
            for (auto& id : deeper) {
                queue.push_back({ .parentId = std::move(id) });
            }
            if (!isShort(*answers[i])) {
                queue.push_back(
                    { .parentId = pages[i].parentId, .first = pages[i].first + m_pageSize });
            }
        }
        m_run.report(RunProgress::Phase::Groups, list.ids.size());
    }
    return {};
}

Result<KeycloakReader::GroupList> KeycloakReader::counted(Result<GroupList> list)
{
    if (!list) {
        return list;
    }
    const auto total = m_api.count(u"groups/count"_s);
    if (!total) {
        return total.error();
    }
    list->isCountRight = !list->hasVanished && *total == list->ids.size();
    return list;
}

/// The flat listing is one call per page but undocumented, so it counts only when the server's own
/// count agrees; else the tree is walked, once more when a count still differs.
Result<KeycloakReader::GroupList> KeycloakReader::readGroups()
{
    m_api.setPhase(RunProgress::Phase::Groups);
    if (!m_walk) {
        auto flat = counted(listFlat());
        if (!flat || flat->isCountRight) {
            return flat;
        }
    }
    auto walked = counted(listByWalk());
    if (walked && !walked->isCountRight) {
        walked = counted(listByWalk());
    }
    if (!walked) {
        return walked;
    }
    if (walked->ids.isEmpty() && !walked->isCountRight) {
        return m_api.missingRole();
    }
    m_walk = walked->isCountRight;
    return walked;
}

} // namespace portreeve
