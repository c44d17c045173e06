// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/mapping.h"

#include "core/connectors/ldap/identifiers.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
constexpr const char* kDn = "dn";

void add(std::vector<QByteArray>& names, const QByteArray& name)
{
    if (name != kDn && std::ranges::find(names, name) == names.end()) {
        names.push_back(name);
    }
}

void add(std::vector<QByteArray>& names, const std::vector<QByteArray>& more)
{
    for (const auto& name : more) {
        add(names, name);
    }
}

QString firstText(const Entry& entry, const std::vector<QByteArray>& attributes)
{
    for (const auto& attribute : attributes) {
        QString text = QString::fromUtf8(entry.first(attribute)).trimmed();
        if (!text.isEmpty()) {
            return text;
        }
    }
    return {};
}
} // namespace

std::vector<QByteArray> userAttributes(const Settings& settings)
{
    std::vector<QByteArray> names;
    add(names, settings.userId);
    add(names, settings.nameAttributes);
    add(names, settings.emailAttributes);
    add(names, settings.loginAttributes);
    if (settings.activeDirectory) {
        add(names, { "primaryGroupID", "objectSid" });
    }
    switch (settings.memberStyle) {
    case MemberStyle::Auto:
    case MemberStyle::MemberUid:
        add(names, QByteArray("uid"));
        break;
    case MemberStyle::MemberOf:
        add(names, QByteArray("memberOf"));
        break;
    case MemberStyle::Member:
    case MemberStyle::UniqueMember:
        break;
    }
    return names;
}

std::vector<QByteArray> groupAttributes(const Settings& settings)
{
    std::vector<QByteArray> names;
    add(names, settings.groupId);
    add(names, settings.groupNameAttributes);
    add(names, QByteArray("mail"));
    if (settings.activeDirectory) {
        add(names, QByteArray("objectSid"));
    }
    switch (settings.memberStyle) {
    case MemberStyle::Auto:
        add(names, { "objectClass", "member", "uniqueMember", "memberUid" });
        break;
    case MemberStyle::Member:
        add(names, { "objectClass", "member" });
        break;
    case MemberStyle::UniqueMember:
        add(names, { "objectClass", "uniqueMember" });
        break;
    case MemberStyle::MemberUid:
        add(names, QByteArray("memberUid"));
        break;
    case MemberStyle::MemberOf:
        add(names, QByteArray("memberOf"));
        break;
    }
    return names;
}

UserRecord userFrom(const Entry& entry, const Settings& settings, bool disabled)
{
    UserRecord user { .id = {},
        .displayName = firstText(entry, settings.nameAttributes),
        .email = firstText(entry, settings.emailAttributes),
        .login = firstText(entry, settings.loginAttributes),
        .state = disabled ? UserState::Suspended : UserState::Active };
    const QString value = idText(settings.userId, entry.first(settings.userId));
    if (!value.isEmpty()) {
        user.id = settings.idTemplate;
        user.id.replace(u"{value}"_s, value);
    }
    return user;
}

GroupRecord groupFrom(const Entry& entry, const Settings& settings)
{
    return { .id = settings.groupId == kDn
            ? QString::fromUtf8(entry.dn)
            : idText(settings.groupId, entry.first(settings.groupId)),
        .name = firstText(entry, settings.groupNameAttributes),
        .email = firstText(entry, { "mail" }),
        .kind = GroupKind::Group };
}

bool isServerGiven(const QByteArray& idAttribute)
{
    const QByteArray name = idAttribute.toLower();
    return name == "entryuuid" || name == "objectguid" || name == "objectsid"
        || name == "nsuniqueid" || name == "ipauniqueid" || name == "guid";
}

MemberValues memberValues(const Entry& entry, const QByteArray& attribute)
{
    const QByteArray ranged = attribute.toLower() + ";range=";
    MemberValues found;
    for (const auto& candidate : entry.attributes) {
        const QByteArray name = candidate.name.toLower();
        if (name.startsWith(ranged)) {
            // An empty "member" comes along with the range: the range is the one that counts.
            const QByteArray last = name.mid(name.indexOf('-', ranged.size()) + 1);
            bool isNumber = false;
            const int end = last.toInt(&isNumber);
            return { .values = &candidate.values,
                .next = isNumber ? std::optional(end + 1) : std::nullopt };
        }
        if (name == attribute.toLower()) {
            found.values = &candidate.values;
        }
    }
    return found;
}

QByteArray rangeAttribute(const QByteArray& attribute, int first, int step)
{
    const QByteArray last = step > 0 ? QByteArray::number(first + step - 1) : QByteArray("*");
    return attribute + ";range=" + QByteArray::number(first) + '-' + last;
}

} // namespace portreeve::ldap
