// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/sampledirectory.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
// Surnames nobody bears and a reserved mail domain: no row can be taken for a real person.
constexpr std::array kFirstNames { u"Ada", u"Amadou", u"Anneliese", u"Ayşe", u"Bela", u"Björk",
    u"Carmen", u"Chidi", u"Dana", u"Émile", u"Fatima", u"Giulia", u"Hiro", u"Ines", u"Ivo",
    u"Jamal", u"Kirsten", u"Łukasz", u"Maia", u"Nadia", u"Noor", u"Olu", u"Petra", u"Quentin",
    u"Ravi", u"Søren", u"Tamsin", u"Ursula", u"Viktor", u"Wei", u"Yara", u"Zoë" };
constexpr std::array kSurnameHeads { u"Amber", u"Bramble", u"Copper", u"Drift", u"Ember", u"Fern",
    u"Glimmer", u"Hazel", u"Inkle", u"Juniper", u"Kettle", u"Lantern", u"Mosaic", u"Nettle",
    u"Otter", u"Pebble", u"Quill", u"Ripple", u"Saffron", u"Thistle", u"Umber", u"Velvet",
    u"Willow", u"Zephyr" };
constexpr std::array kSurnameTails { u"bottom", u"croft", u"dale", u"feather", u"gate", u"hollow",
    u"mock", u"moor", u"nook", u"shade", u"spindle", u"thorpe", u"vane", u"whistle", u"wick",
    u"yard" };
constexpr std::array kDepartments { u"Sales", u"Finance", u"People", u"Legal", u"Marketing",
    u"Operations", u"Product", u"Research", u"Security", u"Procurement", u"Facilities",
    u"Customer Care" };
constexpr std::array kTeams { u"North", u"South", u"East", u"West", u"Harbour", u"Meadow",
    u"Summit", u"Valley", u"Orchard", u"Quarry" };
constexpr std::array kProjects { u"Lighthouse", u"Marigold", u"Northstar", u"Paperclip",
    u"Sandcastle", u"Tumbleweed", u"Windmill", u"Yarrow" };
constexpr std::array kPurposes { u"readers", u"writers", u"admins", u"reviewers", u"guests" };
constexpr std::array kRegions { u"Americas", u"Asia-Pacific", u"Europe",
    u"Middle East and Africa" };

constexpr std::uint64_t kExampleUsers = 5;
constexpr std::array<const char16_t*, kExampleUsers> kExampleNames { u"Steve", u"Patrick", u"Bob",
    u"Alice", u"John" };
constexpr std::array<const char16_t*, kExampleUsers> kExampleGroups { u"sample-everyone",
    u"sample-support", u"sample-engineering", u"sample-engineering", u"sample-devops" };

constexpr std::int64_t kFixedGroups = 12;
constexpr std::int64_t kUsersPerGroup = 15;
constexpr std::uint64_t kDaysBetweenEvents = 100; // one record in a hundred changes a day
constexpr std::uint64_t kTreeDepth = 5; // below the company's own group

// What a random number is drawn for: draws of two topics never meet.
enum Topic : std::uint64_t { Phase, Event, Name, Surname, Mail, State, Places, Shared, SharedName };

std::uint64_t mix(std::uint64_t value) // the finalizer of splitmix64
{
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

template <std::size_t Size>
QString pick(const std::array<const char16_t*, Size>& words, std::uint64_t draw)
{
    return QString::fromUtf16(words[draw % Size]);
}

/// 0 .. count-1, small numbers far more often: the product of three even draws. Integers only, as
/// floating point may differ between platforms.
std::uint64_t heavyTailed(std::uint64_t draw, std::uint64_t count)
{
    constexpr std::uint64_t steps = 1U << 20U;
    std::uint64_t value = count * ((draw & (steps - 1)) + 1) / steps;
    value = value * (((draw >> 20U) & (steps - 1)) + 1) / steps;
    value = value * (((draw >> 40U) & (steps - 1)) + 1) / steps;
    return std::min(value, count - 1);
}

/// The smallest number of children a node that fits @p count nodes into the depth allowed.
std::uint64_t fanOut(std::uint64_t count)
{
    for (std::uint64_t children = 3;; ++children) {
        std::uint64_t level = 1;
        std::uint64_t total = 0;
        for (std::uint64_t depth = 0; depth < kTreeDepth; ++depth) {
            level *= children;
            total += level;
        }
        if (total >= count) {
            return children;
        }
    }
}

/// "North", "North 2", ...: @p ordinal counts among siblings.
template <std::size_t Size>
QString numbered(const std::array<const char16_t*, Size>& words, std::uint64_t ordinal)
{
    const QString word = pick(words, ordinal);
    return ordinal < Size ? word : word + u' ' + QString::number(ordinal / Size + 1);
}

QString withGeneration(const QString& id, std::uint64_t generation)
{
    return generation == 0 ? id : id + u"-v"_s + QString::number(generation + 1);
}

/// "Łukasz Ember" as a mail name: letters that have an ASCII base, lower case.
QString mailWord(const QString& text)
{
    QString out;
    const QString plain = text.normalized(QString::NormalizationForm_KD).toLower();
    for (const QChar c : plain) {
        if (c >= u'a' && c <= u'z') {
            out += c;
        }
    }
    return out;
}
} // namespace

SampleDirectory::SampleDirectory(const SampleShape& shape)
    : m_users(std::max<std::int64_t>(shape.users, kExampleUsers))
    , m_seed(mix(shape.seed))
    , m_day(static_cast<std::uint64_t>(std::max<std::int64_t>(shape.day, 0)))
{
    const std::int64_t wanted = shape.groups > 0 ? shape.groups : m_users / kUsersPerGroup;
    const auto free = static_cast<std::uint64_t>(std::max<std::int64_t>(wanted - kFixedGroups, 0));
    const std::uint64_t units = free * 2 / 5;
    addFixedGroups();
    addUnits(units);
    addSharedGroups(free - units);
    addOrgUnits();
}

std::uint64_t SampleDirectory::random(
    std::uint64_t topic, std::uint64_t a, std::uint64_t b, std::uint64_t c) const
{
    return mix(mix(mix(mix(m_seed ^ topic) ^ a) ^ b) ^ c);
}

void SampleDirectory::nest(const QString& group, const QString& member)
{
    m_nestings.push_back({ .groupId = group, .memberGroupId = member });
}

void SampleDirectory::addFixedGroups()
{
    const auto add = [this](const QString& id, const QString& name) {
        m_groups.push_back({ .id = id, .name = name, .email = {}, .kind = GroupKind::Group });
    };
    add(u"sample-everyone"_s, u"Everyone"_s);
    add(u"sample-support"_s, u"Support"_s);
    add(u"sample-engineering"_s, u"Engineering"_s);
    add(u"sample-devops"_s, u"DevOps"_s);
    nest(u"sample-everyone"_s, u"sample-support"_s);
    nest(u"sample-everyone"_s, u"sample-engineering"_s);
    nest(u"sample-engineering"_s, u"sample-devops"_s);

    add(u"sample-company"_s, u"Example Corp (made up)"_s);

    add(u"sample-oncall"_s, u"On call"_s);
    add(u"sample-incidents"_s, u"Incident response"_s);
    nest(u"sample-oncall"_s, u"sample-incidents"_s); // each holds the other: a cycle
    nest(u"sample-incidents"_s, u"sample-oncall"_s);

    add(u"sample-platform"_s, u"Platform"_s);
    add(u"sample-platform-build"_s, u"Platform build"_s);
    add(u"sample-platform-run"_s, u"Platform run"_s);
    add(u"sample-platform-core"_s, u"Platform core"_s);
    nest(u"sample-platform"_s, u"sample-platform-build"_s);
    nest(u"sample-platform"_s, u"sample-platform-run"_s);
    nest(u"sample-platform-build"_s, u"sample-platform-core"_s); // two ways up: a diamond
    nest(u"sample-platform-run"_s, u"sample-platform-core"_s);

    add(u"sample-future"_s, u"Future hires"_s); // stays empty
}

void SampleDirectory::addUnits(std::uint64_t count)
{
    m_firstUnit = m_groups.size();
    m_unitCount = count;
    const std::uint64_t children = fanOut(count);
    for (std::uint64_t unit = 0; unit < count; ++unit) {
        const bool top = unit < children;
        // By value: the vector grows while the name is made.
        const QString parentId
            = top ? u"sample-company"_s : m_groups[m_firstUnit + unit / children - 1].id;
        const QString parentName
            = top ? QString() : m_groups[m_firstUnit + unit / children - 1].name;
        const QString name = top ? numbered(kDepartments, unit)
                                 : QString(parentName + u" / " + numbered(kTeams, unit % children));
        const QString id = u"sample-unit-"_s + QString::number(unit + 1);
        m_groups.push_back({ .id = id, .name = name, .email = {}, .kind = GroupKind::Group });
        nest(parentId, id);
    }
}

void SampleDirectory::addSharedGroups(std::uint64_t count)
{
    m_firstShared = m_groups.size();
    m_sharedCount = count;
    for (std::uint64_t number = 0; number < count; ++number) {
        m_groups.push_back(sharedGroup(number));
    }
    for (std::uint64_t number = 0; number < count; ++number) {
        const std::uint64_t draw = random(Shared, number);
        const QString& id = m_groups[m_firstShared + number].id;
        if (draw % 10 == 0 && m_unitCount > 0) {
            nest(id, m_groups[m_firstUnit + (draw >> 16U) % m_unitCount].id);
        } else if (draw % 10 == 1 && number + 1 < count) {
            // Only later ones, so that no second cycle arises by chance.
            const std::uint64_t later = number + 1 + (draw >> 16U) % (count - number - 1);
            nest(id, m_groups[m_firstShared + later].id);
        }
    }
}

GroupRecord SampleDirectory::sharedGroup(std::uint64_t number) const
{
    Life life;
    const std::uint64_t events = eventsUntilToday(Shared, number);
    for (std::uint64_t event = 1; event <= events; ++event) {
        const bool replaced = random(Event, Shared, number, event) % 5 == 0;
        ++(replaced ? life.generation : life.renames);
    }
    const std::uint64_t draw = random(SharedName, number, life.generation, life.renames);
    const QString name = pick(kProjects, draw) + u' ' + pick(kPurposes, draw >> 16U) + u' '
        + QString::number(number + 1);
    GroupRecord group { .id
        = withGeneration(u"sample-group-"_s + QString::number(number + 1), life.generation),
        .name = name,
        .email = {},
        .kind = GroupKind::Group };
    if (number % 3 == 0) {
        group.email = u"list-"_s + QString::number(number + 1) + u"@example.org"_s;
    }
    return group;
}

void SampleDirectory::addOrgUnits()
{
    const auto add = [this](const QString& id, const QString& path, const QString& parent) {
        m_orgUnits.push_back({ .id = id, .name = path, .email = {}, .kind = GroupKind::OrgUnit });
        if (!parent.isEmpty()) {
            nest(parent, id);
        }
    };
    const QString root = u"ou:sample"_s;
    add(root, u"/"_s, {});
    for (std::size_t region = 0; region < kRegions.size(); ++region) {
        const QString id = root + u'-' + QString::number(region + 1);
        const QString path = u'/' + QString::fromUtf16(kRegions[region]);
        add(id, path, root);
        const bool large = m_users > 200;
        for (std::size_t department = 0; large && department < kDepartments.size(); ++department) {
            add(QString(id + u'-' + QString::number(department + 1)),
                QString(path + u'/' + QString::fromUtf16(kDepartments[department])), id);
        }
    }
}

GroupRecord SampleDirectory::group(std::int64_t index) const
{
    const auto position = static_cast<std::size_t>(index);
    return position < m_groups.size() ? m_groups[position] : m_orgUnits[position - m_groups.size()];
}

/// Each record has a day of its own on which something happens to it, every hundred days.
std::uint64_t SampleDirectory::eventsUntilToday(std::uint64_t topic, std::uint64_t index) const
{
    return (m_day + random(Phase, topic, index) % kDaysBetweenEvents) / kDaysBetweenEvents;
}

SampleDirectory::Life SampleDirectory::lifeOfUser(std::uint64_t index) const
{
    Life life { .suspended = random(State, index) % 100 < 3 };
    const std::uint64_t events = eventsUntilToday(Name, index);
    for (std::uint64_t event = 1; event <= events; ++event) {
        const std::uint64_t draw = random(Event, Name, index, event) % 100;
        if (draw < 40) {
            ++life.renames;
        } else if (draw < 75) {
            ++life.moves;
        } else if (draw < 90) {
            life.suspended = !life.suspended;
        } else {
            life = { .generation = life.generation + 1 };
        }
    }
    return life;
}

UserRecord SampleDirectory::user(std::int64_t index) const
{
    const auto number = static_cast<std::uint64_t>(index);
    if (number < kExampleUsers) {
        const QString name = QString::fromUtf16(kExampleNames[number]);
        const QString login = name.toLower();
        return { .id = u"sample-"_s + login,
            .displayName = name,
            .email = login + u"@example.org"_s,
            .login = login };
    }
    const Life life = lifeOfUser(number);
    const QString first = pick(kFirstNames, random(Name, number, life.generation));
    const std::uint64_t draw = random(Surname, number, life.generation, life.renames);
    const QString last = pick(kSurnameHeads, draw) + pick(kSurnameTails, draw >> 16U);
    const QString suffix = QString::number(number + 1);
    const QString login = mailWord(first) + u'.' + mailWord(last) + suffix;
    UserRecord user { .id = withGeneration(u"sample-user-"_s + suffix, life.generation),
        .displayName = first + u' ' + last,
        .email = {},
        .login = login,
        .state = life.suspended ? UserState::Suspended : UserState::Active };
    if (random(Mail, number, life.generation) % 50 != 0) {
        user.email = login + u"@example.org"_s;
    }
    return user;
}

std::vector<QString> SampleDirectory::groupsOfUser(std::int64_t index) const
{
    const auto number = static_cast<std::uint64_t>(index);
    if (number < kExampleUsers) {
        return { QString::fromUtf16(kExampleGroups[number]), m_orgUnits.front().id };
    }
    const Life life = lifeOfUser(number);
    std::uint64_t draw = random(Places, number, life.generation, life.moves);
    const auto next = [&draw] { return draw = mix(draw); };

    std::vector<QString> groups { m_orgUnits[next() % m_orgUnits.size()].id };
    if (next() % 100 == 0) {
        return groups; // a person in no group at all
    }
    groups.push_back(
        m_unitCount > 0 ? m_groups[m_firstUnit + next() % m_unitCount].id : u"sample-company"_s);
    const std::uint64_t shared = m_sharedCount > 0 ? next() % 8 : 0;
    for (std::uint64_t i = 0; i < shared; ++i) {
        groups.push_back(m_groups[m_firstShared + heavyTailed(next(), m_sharedCount)].id);
    }
    constexpr std::array duties { u"sample-oncall", u"sample-incidents", u"sample-platform-build",
        u"sample-platform-run", u"sample-platform-core" };
    if (next() % 20 == 0) {
        groups.push_back(pick(duties, next()));
    }
    return groups;
}

} // namespace portreeve
