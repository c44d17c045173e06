// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/settings.h"

#include "core/connectors/ldap/dn.h"
#include "core/connectors/ldap/filter.h"
#include "core/connectors/ldap/servers.h"

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
using Problems = std::vector<FieldProblem>;

Security securityFrom(const QString& value)
{
    if (value == u"starttls") {
        return Security::StartTls;
    }
    return value == u"none" ? Security::None : Security::Ldaps;
}

BindMethod bindMethodFrom(const QString& value)
{
    if (value == u"sasl_external") {
        return BindMethod::External;
    }
    if (value == u"gssapi") {
        return BindMethod::Gssapi;
    }
    return value == u"anonymous" ? BindMethod::Anonymous : BindMethod::Simple;
}

MemberStyle memberStyleFrom(const QString& value, bool activeDirectory)
{
    if (value == u"member") {
        return MemberStyle::Member;
    }
    if (value == u"uniqueMember") {
        return MemberStyle::UniqueMember;
    }
    if (value == u"memberUid") {
        return MemberStyle::MemberUid;
    }
    if (value == u"memberOf") {
        return MemberStyle::MemberOf;
    }
    return activeDirectory ? MemberStyle::Member : MemberStyle::Auto;
}

QByteArray textOr(const ConnectorOptions& options, const QString& key, const char* fallback)
{
    const QString text = options.text(key);
    return text.isEmpty() ? QByteArray(fallback) : text.toUtf8();
}

std::vector<QByteArray> attributesOr(
    const ConnectorOptions& options, const QString& key, std::vector<QByteArray> fallback)
{
    std::vector<QByteArray> names;
    for (const auto& name : options.list(key)) {
        names.push_back(name.toUtf8());
    }
    return names.empty() ? std::move(fallback) : names;
}

void checkServers(const ConnectorOptions& options, Problems& problems)
{
    const Security security = securityFrom(options.text(u"security"_s));
    const BindMethod method = bindMethodFrom(options.text(u"bind_method"_s));
    const auto add = [&problems](Message what, Message remedy) {
        problems.push_back(
            { .key = u"urls"_s, .what = std::move(what), .remedy = std::move(remedy) });
    };
    for (const auto& text : options.list(u"urls"_s)) {
        const auto server = parseServer(text);
        if (!server && !isDomainName(text)) {
            add(message(
                    QT_TRANSLATE_NOOP("Message", "This is not the address of a server: %1."), text),
                message(QT_TRANSLATE_NOOP("Message",
                    "Write ldaps://host or ldap://host, with a port where it is not the usual one, "
                    "or the name of an Active Directory domain.")));
            return;
        }
        if (server && !server->tlsFromStart && security == Security::Ldaps) {
            add(message(QT_TRANSLATE_NOOP("Message",
                            "%1 begins without encryption, which the transport security rules "
                            "out."),
                    text),
                message(
                    QT_TRANSLATE_NOOP("Message", "Write ldaps:// instead, or choose StartTLS.")));
            return;
        }
        const bool open = security == Security::None && !(server && server->tlsFromStart);
        const bool local = server && isLoopbackHost(server->host);
        if (open && !local && method != BindMethod::Gssapi) {
            problems.push_back({ .key = u"security"_s,
                .what = message(
                    QT_TRANSLATE_NOOP("Message", "%1 would be read without encryption."), text),
                .remedy = message(QT_TRANSLATE_NOOP("Message",
                    "Choose ldaps or StartTLS. Without encryption only this computer itself can be "
                    "read, or a server signed in to with Kerberos.")) });
            return;
        }
    }
}

void checkBase(const ConnectorOptions& options, const QString& key, Problems& problems)
{
    const QString base = options.text(key);
    if (base.isEmpty() && options.text(u"preset"_s) != u"active_directory") {
        problems.push_back({ .key = key,
            .what = key == u"user_base"
                ? message(QT_TRANSLATE_NOOP("Message", "The user base is missing."))
                : message(QT_TRANSLATE_NOOP("Message", "The group base is missing.")),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Enter a DN, for example ou=people,dc=example,dc=org.")) });
    } else if (!base.isEmpty() && !normalizedDn(base.toUtf8())) {
        problems.push_back({ .key = key,
            .what = message(QT_TRANSLATE_NOOP("Message", "This is not a DN: %1."), base),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Write name=value pairs parted by commas, as in ou=people,dc=example,dc=org.")) });
    }
}

void checkFilter(const ConnectorOptions& options, const QString& key, Problems& problems)
{
    const QString filter = options.text(key);
    if (filter.isEmpty()) {
        return;
    }
    if (const auto fault = findFilterFault(filter)) {
        problems.push_back({ .key = key,
            .what = message(QT_TRANSLATE_NOOP("Message", "The filter is wrong at character %1: %2"),
                QString::number(fault->position + 1), fault->what.english()),
            .remedy = message(QT_TRANSLATE_NOOP("Message",
                "Write it as (attribute=value), several as (&(…)(…)) for all of them or (|(…)(…)) "
                "for any.")) });
    }
}

void checkBindName(const ConnectorOptions& options, Problems& problems)
{
    if (bindMethodFrom(options.text(u"bind_method"_s)) != BindMethod::Simple) {
        return;
    }
    const QString name = options.text(u"bind_dn"_s);
    const bool directory = options.text(u"preset"_s) == u"active_directory";
    const bool accountName = directory && (name.contains(u'@') || name.contains(u'\\'));
    if (!name.isEmpty() && !accountName && !normalizedDn(name.toUtf8())) {
        problems.push_back({ .key = u"bind_dn"_s,
            .what = message(QT_TRANSLATE_NOOP("Message", "This is not a DN: %1."), name),
            .remedy = directory
                ? message(QT_TRANSLATE_NOOP("Message", "Enter a DN or name@domain."))
                : message(QT_TRANSLATE_NOOP(
                      "Message", "Enter a DN, for example cn=reader,dc=example,dc=org.")) });
    }
}
} // namespace

Settings settingsFrom(const ConnectorOptions& options)
{
    const bool directory = options.text(u"preset"_s) == u"active_directory";
    const auto byPreset = [directory](const char* generic, const char* activeDirectory) {
        return directory ? activeDirectory : generic;
    };
    const qint64 pageSize = options.integer(u"page_size"_s);
    const char* id = byPreset("entryUUID", "objectGUID");
    return {
        .activeDirectory = directory,
        .servers = options.list(u"urls"_s),
        .security = securityFrom(options.text(u"security"_s)),
        .caFile = options.text(u"ca_file"_s),
        .clientCertificateFile = options.text(u"client_cert"_s),
        .clientKey = options.secret(u"client_key"_s),
        .bindMethod = bindMethodFrom(options.text(u"bind_method"_s)),
        .bindDn = options.text(u"bind_dn"_s),
        .bindPassword = options.secret(u"bind_password"_s),
        .userBase = options.text(u"user_base"_s),
        .groupBase = options.text(u"group_base"_s),
        .userFilter = textOr(options, u"user_filter"_s,
            byPreset(
                "(objectClass=inetOrgPerson)", "(&(objectCategory=person)(objectClass=user))")),
        .groupFilter = textOr(options, u"group_filter_ldap"_s,
            byPreset("(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"
                     "(objectClass=posixGroup))",
                "(objectCategory=group)")),
        .disabledRule = textOr(options, u"disabled_rule"_s,
            byPreset("", "(userAccountControl:1.2.840.113556.1.4.803:=2)")),
        .userId = textOr(options, u"id_attribute"_s, id),
        .idTemplate = QString::fromUtf8(textOr(options, u"id_template"_s, "{value}")),
        .groupId = textOr(options, u"group_id"_s, id),
        .nameAttributes = attributesOr(options, u"attr_name"_s, { "displayName", "cn" }),
        .emailAttributes = attributesOr(options, u"attr_email"_s, { "mail" }),
        .loginAttributes = attributesOr(options, u"attr_login"_s,
            directory ? std::vector<QByteArray> { "userPrincipalName", "sAMAccountName" }
                      : std::vector<QByteArray> { "uid" }),
        .groupNameAttributes = attributesOr(options, u"attr_group_name"_s, { "cn" }),
        .memberStyle = memberStyleFrom(options.text(u"member_style"_s), directory),
        .pageSize = pageSize > 0 ? static_cast<int>(pageSize) : (directory ? 1'000 : 500),
        .orgUnits = options.flag(u"org_units"_s),
    };
}

std::vector<FieldProblem> crossCheck(const OptionValues& values)
{
    const ConnectorOptions options { .values = values };
    Problems problems;
    checkServers(options, problems);
    checkBindName(options, problems);
    checkBase(options, u"user_base"_s, problems);
    checkBase(options, u"group_base"_s, problems);
    checkFilter(options, u"user_filter"_s, problems);
    checkFilter(options, u"group_filter_ldap"_s, problems);
    checkFilter(options, u"disabled_rule"_s, problems);
    return problems;
}

} // namespace portreeve::ldap
