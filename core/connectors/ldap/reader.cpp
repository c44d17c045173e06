// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/reader.h"

#include "core/connectors/ldap/dn.h"
#include "core/connectors/ldap/filter.h"
#include "core/connectors/ldap/identifiers.h"
#include "core/connectors/ldap/schema.h"

#include <ldap.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
constexpr std::int64_t kReportEvery = 500;
constexpr const char* kOrgUnitFilter
    = "(|(objectClass=organizationalUnit)(objectClass=organization)(objectClass=domain)"
      "(objectClass=domainDNS)(objectClass=dcObject))";
const QString kOrgUnitPrefix = u"ou:"_s; // no org unit may have the id of a group
} // namespace

Reader::Reader(
    Session& session, const Settings& settings, const RunContext& run, SnapshotBuilder& out)
    : m_session(session)
    , m_settings(settings)
    , m_run(run)
    , m_out(out)
{
}

Result<void> Reader::readAll(bool paging)
{
    m_pageSize = paging ? m_settings.pageSize : 0;
    using Step = Result<void> (Reader::*)();
    for (const Step step : { &Reader::readOrgUnits, &Reader::readDisabled, &Reader::readUsers,
             &Reader::readGroups, &Reader::readLongGroups, &Reader::judgeEmptyGroups }) {
        if (const auto done = (this->*step)(); !done) {
            return done.error();
        }
    }
    settleEdges();
    finish();
    return {};
}

Result<Totals> Reader::searchAll(const Search& search, const EntrySink& sink)
{
    auto totals = ldap::searchAll(m_session, m_run, search, m_pageSize, sink);
    if (totals) {
        m_references.insert(
            m_references.end(), totals->references.begin(), totals->references.end());
    }
    return totals;
}

Result<void> Reader::readOrgUnits()
{
    if (!m_settings.orgUnits) {
        return {};
    }
    const auto totals = searchAll(
        { .base = m_settings.userBase.toUtf8(),
            .filter = kOrgUnitFilter,
            .attributes
            = { m_settings.activeDirectory ? QByteArray("objectGUID") : QByteArray("entryUUID") },
            .field = u"user_base"_s },
        [this](const Entry& entry) { addOrgUnit(entry); });
    if (!totals) {
        return totals.error();
    }
    for (const auto& [normalized, unit] : m_orgUnits.asKeyValueRange()) {
        addToOrgUnit(normalized, unit);
    }
    return {};
}

Result<void> Reader::readDisabled()
{
    if (m_settings.disabledRule.isEmpty()) {
        return {};
    }
    const auto totals
        = searchAll({ .base = m_settings.userBase.toUtf8(),
                        .filter = bothFilters(m_settings.userFilter, m_settings.disabledRule),
                        .field = u"disabled_rule"_s },
            [this](const Entry& entry) { m_disabled.insert(normalizedOr(entry.dn)); });
    return totals ? Result<void>() : totals.error();
}

Result<void> Reader::readUsers()
{
    const auto totals = searchAll({ .base = m_settings.userBase.toUtf8(),
                                      .filter = m_settings.userFilter,
                                      .attributes = userAttributes(m_settings),
                                      .field = u"user_base"_s },
        [this](const Entry& entry) {
            addUser(entry);
            if (++m_users % kReportEvery == 0) {
                m_run.report(RunProgress::Phase::Users, m_users);
            }
        });
    if (!totals) {
        return totals.error();
    }
    m_run.report(RunProgress::Phase::Users, m_users, m_users);
    if (m_users > 0 && m_usersWithoutId == m_users) {
        return Error { .code = ErrorCode::Permission,
            .what = message(QT_TRANSLATE_NOOP("Message", "No user has a readable %1."),
                QString::fromUtf8(m_settings.userId)),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Check the attribute's name in “User id from”, and that the account may read it.")),
            .field = u"id_attribute"_s };
    }
    return {};
}

Result<void> Reader::readGroups()
{
    const auto totals = searchAll({ .base = m_settings.groupBase.toUtf8(),
                                      .filter = m_settings.groupFilter,
                                      .attributes = groupAttributes(m_settings),
                                      .field = u"group_base"_s },
        [this](const Entry& entry) {
            addGroup(entry);
            if (++m_groups % kReportEvery == 0) {
                m_run.report(RunProgress::Phase::Groups, m_groups);
            }
        });
    if (totals) {
        m_run.report(RunProgress::Phase::Groups, m_groups, m_groups);
    }
    return totals ? Result<void>() : totals.error();
}

void Reader::addOrgUnit(const Entry& entry)
{
    const QByteArray attribute = m_settings.activeDirectory ? "objectGUID" : "entryUUID";
    const QString id = idText(attribute, entry.first(attribute));
    const QByteArray normalized = normalizedOr(entry.dn);
    if (id.isEmpty()) {
        quarantine(ObjectKind::Group, entry, attribute);
        ++m_groupsWithoutId;
        return;
    }
    const DnNumber number = numberOf(normalized);
    m_objects[number] = { .id = kOrgUnitPrefix + id, .kind = MemberKind::Group };
    m_orgUnits.insert(normalized, number);

    // Named by the way down from the base: the last part alone repeats all over a company.
    const QByteArray base = normalizedOr(m_settings.userBase.toUtf8());
    QString path;
    QByteArray above = normalized;
    QByteArray written = entry.dn;
    while (!above.isEmpty() && above != base) {
        path.prepend(u'/' + QString::fromUtf8(leafName(written)));
        above = parentDn(above);
        written = parentDn(written);
    }
    m_out.addGroup({ .id = m_objects[number].id,
        .name = path.isEmpty() ? u"/"_s : path,
        .email = {},
        .kind = GroupKind::OrgUnit });
}

void Reader::addUser(const Entry& entry)
{
    const QByteArray normalized = normalizedOr(entry.dn);
    const UserRecord user = userFrom(entry, m_settings, m_disabled.contains(normalized));
    if (user.id.isEmpty()) {
        quarantine(ObjectKind::User, entry, m_settings.userId);
        ++m_usersWithoutId;
        return;
    }
    m_out.addUser(user);
    const DnNumber number = numberOf(normalized);
    m_objects[number] = { .id = user.id, .kind = MemberKind::User };
    if (m_settings.memberStyle == MemberStyle::Auto
        || m_settings.memberStyle == MemberStyle::MemberUid) {
        if (const Attribute* logins = entry.find("uid")) {
            for (const auto& login : logins->values) {
                m_idsByLogin.insert(login.toLower(), user.id);
            }
        }
    }
    addGroupsOf(entry, number);
    addPrimaryGroup(entry, number);
    addToOrgUnit(normalized, number);
}

void Reader::addGroup(const Entry& entry)
{
    const GroupRecord group = groupFrom(entry, m_settings);
    if (group.id.isEmpty()) {
        quarantine(ObjectKind::Group, entry, m_settings.groupId);
        ++m_groupsWithoutId;
        return;
    }
    m_out.addGroup(group);
    const DnNumber number = numberOf(normalizedOr(entry.dn));
    m_objects[number] = { .id = group.id, .kind = MemberKind::Group };
    addDnMembers(entry, number, "member");
    addDnMembers(entry, number, "uniqueMember");
    addLoginMembers(entry, group);
    noteEmpty(entry, number);
    addGroupsOf(entry, number);
    const auto primary = m_usersByPrimaryGroup.constFind(entry.first("objectSid"));
    if (primary != m_usersByPrimaryGroup.cend()) {
        for (const DnNumber user : *primary) {
            m_out.addMember(group.id, m_objects[user].id, MemberKind::User);
        }
    }
}

/// Active Directory keeps the primary group in a number of the user and not in "member".
void Reader::addPrimaryGroup(const Entry& entry, DnNumber user)
{
    bool isNumber = false;
    const quint32 relativeId = entry.first("primaryGroupID").toUInt(&isNumber);
    const QByteArray group = sidOfSameDomain(entry.first("objectSid"), relativeId);
    if (isNumber && !group.isEmpty()) {
        m_usersByPrimaryGroup[group].push_back(user);
    }
}

void Reader::addGroupsOf(const Entry& entry, DnNumber member)
{
    if (m_settings.memberStyle != MemberStyle::MemberOf) {
        return;
    }
    if (const Attribute* groups = entry.find("memberOf")) {
        for (const auto& group : groups->values) {
            addEdge(numberOf(normalizedOr(group)), member);
        }
    }
}

/// The nearest org unit above counts: users may lie in containers that are none.
void Reader::addToOrgUnit(const QByteArray& normalized, DnNumber member)
{
    if (m_orgUnits.isEmpty()) {
        return;
    }
    for (QByteArray above = parentDn(normalized); !above.isEmpty(); above = parentDn(above)) {
        const auto unit = m_orgUnits.constFind(above);
        if (unit != m_orgUnits.cend()) {
            addEdge(*unit, member);
            return;
        }
    }
}

void Reader::addDnMembers(const Entry& entry, DnNumber group, const QByteArray& attribute)
{
    const MemberValues members = memberValues(entry, attribute);
    if (members.values == nullptr) {
        return;
    }
    for (const auto& member : *members.values) {
        addEdge(group, numberOf(normalizedOr(withoutUniqueId(member))));
    }
    if (members.next) {
        m_longGroups.push_back(
            { .dn = entry.dn, .group = group, .attribute = attribute, .next = *members.next });
    }
}

void Reader::addLoginMembers(const Entry& entry, const GroupRecord& group)
{
    const Attribute* logins = entry.find("memberUid");
    if (logins == nullptr) {
        return;
    }
    for (const auto& login : logins->values) {
        const QString id = m_idsByLogin.value(login.toLower());
        m_out.addMember(group.id, id.isEmpty() ? QString(u"uid="_s + QString::fromUtf8(login)) : id,
            id.isEmpty() ? MemberKind::Unknown : MemberKind::User);
    }
}

void Reader::noteEmpty(const Entry& entry, DnNumber group)
{
    const Attribute* classes = entry.find("objectClass");
    if (classes == nullptr) {
        return;
    }
    const auto asked = groupAttributes(m_settings);
    using Names = std::pair<QByteArray, QByteArray>;
    for (const auto& [objectClass, attribute] :
        { Names("groupOfNames", "member"), Names("groupOfUniqueNames", "uniqueMember") }) {
        const bool isOfClass = std::ranges::any_of(classes->values, [&](const QByteArray& one) {
            return one.compare(objectClass, Qt::CaseInsensitive) == 0;
        });
        if (isOfClass && std::ranges::count(asked, attribute) > 0
            && memberValues(entry, attribute).values == nullptr) {
            m_emptyGroups.push_back(
                { .group = group, .objectClass = objectClass, .attribute = attribute });
        }
    }
}

void Reader::addEdge(DnNumber group, DnNumber member)
{
    const Object& known = m_objects[member];
    if (m_objects[group].id.isEmpty() || known.id.isEmpty()) {
        m_waiting.push_back({ .group = group, .member = member });
        return;
    }
    m_out.addMember(m_objects[group].id, known.id, known.kind);
}

/// What is still not known now is no user and no group of this connection: the builder counts it.
void Reader::settleEdges()
{
    for (const Edge& edge : m_waiting) {
        m_out.addMember(idOrDn(edge.group), idOrDn(edge.member), m_objects[edge.member].kind);
    }
    m_waiting.clear();
}

Result<void> Reader::readLongGroups()
{
    std::int64_t done = 0;
    const auto total = static_cast<std::int64_t>(m_longGroups.size());
    for (const auto& group : m_longGroups) {
        m_run.report(RunProgress::Phase::Members, done++, total);
        if (const auto read = readLongGroup(group); !read) {
            return read;
        }
    }
    return {};
}

/// A server leaves out what the account may not read, without a word. Where its schema says that
/// such a group has members, they are hidden and not gone.
Result<void> Reader::judgeEmptyGroups()
{
    if (m_emptyGroups.empty()) {
        return {};
    }
    const auto descriptions = objectClassesOf(m_session);
    if (!descriptions) {
        return descriptions.error();
    }
    for (const auto& empty : m_emptyGroups) {
        if (isMandatory(*descriptions, empty.objectClass, empty.attribute)) {
            m_out.markMembersIncomplete(m_objects[empty.group].id,
                u"The account may not read %1 of %2, or part of it."_s.arg(
                    QString::fromUtf8(empty.attribute), QString::fromUtf8(m_dns[empty.group])));
        }
    }
    return {};
}

Result<void> Reader::readLongGroup(const LongGroup& group)
{
    const auto members = readRange(m_session, group.dn, group.attribute, group.next, 0);
    if (members) {
        for (const auto& member : *members) {
            addEdge(group.group, numberOf(normalizedOr(withoutUniqueId(member))));
        }
        return {};
    }
    // Removed or closed to us since the search: its members are not known, the others are.
    const ErrorCode code = members.error().code;
    if (code != ErrorCode::NotFound && code != ErrorCode::Permission) {
        return members.error();
    }
    m_out.markMembersIncomplete(m_objects[group.group].id, members.error().what.english());
    return {};
}

void Reader::finish()
{
    if (m_usersWithoutId == 0 || !isServerGiven(m_settings.userId)) {
        m_out.markUsersComplete();
    }
    if (m_groupsWithoutId == 0 || !isServerGiven(m_settings.groupId)) {
        m_out.markGroupsComplete();
    }
    m_out.markMembershipsComplete();
    if (!m_references.empty()) {
        m_out.note(u"The server pointed to %1 other places (%2), which were not followed."_s
                .arg(m_references.size())
                .arg(m_references.front()));
    }
    if (m_session.server().isGlobalCatalogue()) {
        m_out.note(u"Read from a global catalogue, which does not hold all attributes and "
                   "memberships."_s);
    }
    if (m_pageSize == 0) {
        m_out.note(u"The server cannot answer page by page; everything was read at once."_s);
    }
}

Reader::DnNumber Reader::numberOf(const QByteArray& normalized)
{
    const auto known = m_numbers.constFind(normalized);
    if (known != m_numbers.cend()) {
        return *known;
    }
    const auto number = static_cast<DnNumber>(m_dns.size());
    m_numbers.insert(normalized, number);
    m_dns.push_back(normalized);
    m_objects.emplace_back();
    return number;
}

/// A value that is no DN stands for itself: it will match nothing and be counted.
QByteArray Reader::normalizedOr(const QByteArray& dn) const
{
    return normalizedDn(dn).value_or(dn);
}

QString Reader::idOrDn(DnNumber number) const
{
    const Object& object = m_objects[number];
    return object.id.isEmpty() ? QString::fromUtf8(m_dns[number]) : object.id;
}

void Reader::quarantine(ObjectKind kind, const Entry& entry, const QByteArray& attribute)
{
    m_out.quarantine(kind, {},
        u"%1 has no readable %2."_s.arg(QString::fromUtf8(entry.dn), QString::fromUtf8(attribute)));
}

Result<std::vector<QByteArray>> readRange(
    Session& session, const QByteArray& groupDn, const QByteArray& attribute, int first, int step)
{
    std::vector<QByteArray> members;
    for (std::optional<int> next = first; next;) {
        const auto entry = session.read({ .base = groupDn,
            .scope = Scope::Base,
            .attributes = { rangeAttribute(attribute, *next, step) },
            .field = u"group_base"_s });
        if (!entry) {
            return entry.error();
        }
        const MemberValues part = memberValues(*entry, attribute);
        if (part.values == nullptr || part.values->empty()) {
            break; // members left while we read: there are no more
        }
        if (part.next && *part.next <= *next) {
            return session.errorFor({ .base = groupDn }, { .code = LDAP_DECODING_ERROR });
        }
        members.insert(members.end(), part.values->begin(), part.values->end());
        next = part.next;
    }
    return members;
}

Result<std::vector<QByteArray>> usersInChain(
    Session& session, const Settings& settings, const RunContext& run, const QByteArray& groupDn)
{
    std::vector<QByteArray> users;
    const auto totals = searchAll(session, run,
        { .base = settings.userBase.toUtf8(),
            .filter = bothFilters(settings.userFilter,
                "(memberOf:1.2.840.113556.1.4.1941:=" + escapeFilterValue(groupDn) + ')'),
            .field = u"user_base"_s },
        settings.pageSize, [&users](const Entry& entry) { users.push_back(entry.dn); });
    if (!totals) {
        return totals.error();
    }
    return users;
}

} // namespace portreeve::ldap
