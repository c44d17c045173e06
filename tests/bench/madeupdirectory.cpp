// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/bench/madeupdirectory.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;

namespace portreeve::bench {

namespace {

constexpr double kChurn = 0.01;

test::GeneratedDirectory orEnd(const QString& folder)
{
    auto read = test::readGenerated(folder);
    if (!read) {
        qFatal("%s: no files of the generator of directories", qPrintable(folder));
    }
    return *std::move(read);
}

std::uint64_t mixed(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/// 36 characters in the form most providers use for ids.
QString guid(std::uint64_t kind, std::uint64_t number)
{
    const QString hex = u"%1%2"_s.arg(mixed(number * 2 + kind), 16, 16, QChar(u'0'))
                            .arg(mixed(~(number * 2 + kind)), 16, 16, QChar(u'0'));
    return u"%1-%2-%3-%4-%5"_s.arg(
        hex.mid(0, 8), hex.mid(8, 4), hex.mid(12, 4), hex.mid(16, 4), hex.mid(20));
}

QString personName(std::uint64_t number)
{
    static const std::array given { u"Ada"_s, u"Bo"_s, u"Chloé"_s, u"Dana"_s, u"Emil"_s,
        u"Fatima"_s, u"Grace"_s, u"Hugo"_s, u"Inès"_s, u"Jürgen"_s, u"Kofi"_s, u"Łukasz"_s };
    static const std::array head { u"Anders"_s, u"Berg"_s, u"Car"_s, u"Dimi"_s, u"Fel"_s, u"Gar"_s,
        u"Hal"_s, u"Jan"_s, u"Kov"_s, u"Lind"_s, u"Mor"_s, u"Nov"_s, u"Öz"_s, u"Pet"_s, u"Ros"_s,
        u"San"_s };
    static const std::array tail { u"ac"_s, u"berg"_s, u"dez"_s, u"en"_s, u"gren"_s, u"itz"_s,
        u"mann"_s, u"ova"_s, u"qvist"_s, u"ski"_s, u"son"_s, u"ura"_s };
    const std::uint64_t h = mixed(number + 77);
    const QString name = given[h % given.size()] + u' ' + head[(h >> 16) % head.size()]
        + tail[(h >> 32) % tail.size()];
    return name;
}

} // namespace

MadeUpDirectory::MadeUpDirectory(const Options& options)
    : m_data(options.data)
    , m_random(options.seed)
{
    if (!m_data.isEmpty()) {
        m_lists = orEnd(m_data);
        return;
    }
    const Shape shape = shapeOf(options.size);
    m_lists.users.reserve(shape.users);
    for (std::uint32_t user = 0; user < shape.users; ++user) {
        const QString login = QString::number(user) + u"@corp.example"_s;
        m_lists.users.push_back({ .id = guid(0, user),
            .displayName = personName(user),
            .email = login,
            .login = login });
    }
    m_lists.groups.reserve(shape.groups);
    for (std::uint32_t group = 0; group < shape.groups; ++group) {
        m_lists.groups.push_back(
            { .id = guid(1, group), .name = u"Group "_s + QString::number(group) });
    }
    makeGroups(shape);
    makeMembers(shape);
}

MadeUpDirectory::Shape MadeUpDirectory::shapeOf(const QString& size)
{
    if (size == u"S") {
        return { .users = 1'000, .groups = 100, .memberships = 8'000, .levels = 6, .loops = 2 };
    }
    if (size == u"M") {
        return {
            .users = 50'000, .groups = 5'000, .memberships = 600'000, .levels = 10, .loops = 20
        };
    }
    if (size == u"100K") {
        return {
            .users = 100'000, .groups = 10'000, .memberships = 1'000'000, .levels = 10, .loops = 20
        };
    }
    return {
        .users = 1'000'000, .groups = 100'000, .memberships = 10'000'000, .levels = 12, .loops = 200
    };
}

double MadeUpDirectory::unit()
{
    m_random += 0x9E3779B97F4A7C15U;
    return static_cast<double>(mixed(m_random) >> 11) * 0x1p-53;
}

std::uint32_t MadeUpDirectory::below(std::uint32_t limit)
{
    return static_cast<std::uint32_t>(unit() * limit);
}

/// A group of a higher level; the square makes a few of them popular.
std::uint32_t MadeUpDirectory::pickParent(std::uint32_t level)
{
    const auto& candidates = m_levels[unit() < 0.85 ? level - 1 : below(level)];
    const double r = unit();
    return candidates[static_cast<std::size_t>(static_cast<double>(candidates.size()) * r * r)];
}

void MadeUpDirectory::makeGroups(const Shape& shape)
{
    m_levels.resize(shape.levels);
    m_lists.parents.resize(shape.groups);
    for (std::uint32_t group = 0; group < shape.groups; ++group) {
        std::uint32_t level = group < shape.levels ? group : 0;
        if (group >= shape.levels && unit() >= 0.45) {
            for (level = 1; level + 1 < shape.levels && unit() < 0.75; ++level) { }
        }
        m_levels[level].push_back(group);
        const std::uint32_t wanted = level == 0 ? 0 : unit() >= 0.04 ? 1 : 2 + below(3);
        for (std::uint32_t i = 0; i < wanted; ++i) {
            m_lists.parents[group].push_back(pickParent(level));
        }
    }
    for (std::uint32_t loop = 0; loop < shape.loops;) {
        const std::uint32_t group = below(shape.groups);
        std::uint32_t top = group;
        for (std::uint32_t steps = 1 + below(3); steps > 0 && !m_lists.parents[top].empty();
            --steps) {
            top = m_lists.parents[top].front();
        }
        if (top != group) {
            m_lists.parents[top].push_back(group);
            ++loop;
        }
    }
}

void MadeUpDirectory::makeMembers(const Shape& shape)
{
    m_lists.members.resize(shape.groups);
    std::vector<std::uint32_t> deep;
    for (std::size_t level = m_levels.size() / 3; level < m_levels.size(); ++level) {
        deep.insert(deep.end(), m_levels[level].begin(), m_levels[level].end());
    }
    for (std::uint32_t user = 0; user < shape.users; ++user) {
        const double r = unit();
        const double place = static_cast<double>(deep.size()) * r * r;
        m_lists.members[deep[static_cast<std::size_t>(place)]].push_back(user);
    }

    std::vector<double> weights(shape.groups);
    for (std::uint32_t rank = 0; rank < shape.groups; ++rank) {
        weights[rank] = 1.0 / std::pow(rank + 4, 0.9);
    }
    const double scale
        = (shape.memberships - shape.users) / std::accumulate(weights.begin(), weights.end(), 0.0);
    double due = 0;
    for (std::uint32_t rank = 0; rank < shape.groups; ++rank) {
        due += std::min(weights[rank] * scale, shape.users * 0.4);
        auto& members = m_lists.members[mixed(rank) % shape.groups];
        for (; due >= 1; due -= 1) {
            const double r = unit();
            const auto pick = static_cast<std::uint64_t>(shape.users * r * std::sqrt(r));
            members.push_back(static_cast<std::uint32_t>(pick * 7'919 % shape.users));
        }
    }
}

SnapshotPtr MadeUpDirectory::churned() const
{
    if (!m_data.isEmpty()) {
        return orEnd(m_data + u"/next"_s).snapshot();
    }
    MadeUpDirectory next(*this);
    const auto users = static_cast<std::uint32_t>(m_lists.users.size());
    const auto moved = static_cast<std::uint32_t>(users * kChurn);
    for (std::uint32_t i = 0; i < moved; ++i) {
        const std::uint32_t user = next.below(users);
        if (i % 4 < 2) {
            next.m_lists.users[user].displayName += u" II"_s;
        } else if (i % 4 == 2) {
            next.m_lists.users[user].id
                = guid(0, users + i); // one person leaves, another one takes over
        }
    }
    for (auto& members : next.m_lists.members) {
        for (std::uint32_t& member : members) {
            if (next.unit() < kChurn / 2) {
                member = next.below(users);
            }
        }
    }
    return next.snapshot();
}

SnapshotPtr madeUpSnapshot(const Options& options)
{
    static const SnapshotPtr snapshot = MadeUpDirectory(options).snapshot(); // they share options
    return snapshot;
}

} // namespace portreeve::bench
