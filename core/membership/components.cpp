// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/membership/components.h"

#include <algorithm>
#include <numeric>

namespace portreeve {

namespace {

class ComponentSearch
{
public:
    explicit ComponentSearch(const MemberLists& parents)
        : m_parents(parents)
        , m_nextEdge(parents.offsets.begin(), parents.offsets.end() - 1)
        , m_visit(m_nextEdge.size(), 0)
        , m_low(m_nextEdge.size(), 0)
        , m_component(m_nextEdge.size(), kNoRow)
    {
    }

    std::vector<std::uint32_t> run()
    {
        for (Row root = 0; root < m_visit.size(); ++root) {
            if (m_visit[root] == 0) {
                searchFrom(root);
            }
        }
        return std::move(m_component);
    }

    std::uint32_t count() const { return m_count; }

private:
    void searchFrom(Row root)
    {
        enter(root);
        while (!m_path.empty()) {
            const Row group = m_path.back();
            if (m_nextEdge[group] == m_parents.offsets[group + 1]) {
                leave(group);
                continue;
            }
            const Row parent = m_parents.rows[m_nextEdge[group]++];
            if (m_visit[parent] == 0) {
                enter(parent);
            } else if (m_component[parent] == kNoRow) {
                m_low[group] = std::min(m_low[group], m_visit[parent]);
            }
        }
    }

    void enter(Row group)
    {
        m_visit[group] = ++m_visits;
        m_low[group] = m_visits;
        m_path.push_back(group);
        m_open.push_back(group);
    }

    void leave(Row group)
    {
        m_path.pop_back();
        if (!m_path.empty()) {
            Row& low = m_low[m_path.back()];
            low = std::min(low, m_low[group]);
        }
        if (m_low[group] != m_visit[group]) {
            return;
        }
        Row member = kNoRow;
        while (member != group) {
            member = m_open.back();
            m_open.pop_back();
            m_component[member] = m_count;
        }
        ++m_count;
    }

    const MemberLists& m_parents;
    std::vector<std::uint64_t> m_nextEdge;
    std::vector<std::uint32_t> m_visit; // order of first visit, from 1
    std::vector<std::uint32_t> m_low;
    std::vector<std::uint32_t> m_component;
    std::vector<Row> m_path; // what recursion would keep on the call stack
    std::vector<Row> m_open; // visited, component not yet known
    std::uint32_t m_visits = 0;
    std::uint32_t m_count = 0;
};

} // namespace

MemberLists transposed(const MemberLists& lists, std::size_t memberCount)
{
    std::vector<Row> rows(lists.offsets.size() - 1);
    std::iota(rows.begin(), rows.end(), Row(0));
    return transposed(lists, memberCount, rows);
}

MemberLists transposed(
    const MemberLists& lists, std::size_t memberCount, std::span<const Row> order)
{
    MemberLists out;
    out.offsets.assign(memberCount + 1, 0);
    for (const Row member : lists.rows) {
        ++out.offsets[member + 1];
    }
    std::partial_sum(out.offsets.begin(), out.offsets.end(), out.offsets.begin());
    std::vector<std::uint64_t> next(out.offsets.begin(), out.offsets.end() - 1);
    out.rows.resize(lists.rows.size());
    for (Row place = 0; place < order.size(); ++place) {
        for (const Row member : lists.of(order[place])) {
            out.rows[next[member]++] = place;
        }
    }
    return out;
}

Components findComponents(const MemberLists& parents)
{
    ComponentSearch search(parents);
    Components out;
    out.of = search.run();
    MemberLists single;
    single.rows = out.of;
    single.offsets.resize(out.of.size() + 1);
    std::iota(single.offsets.begin(), single.offsets.end(), 0);
    out.groups = transposed(single, search.count());
    return out;
}

} // namespace portreeve
