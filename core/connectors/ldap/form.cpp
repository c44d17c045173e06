// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/settings.h"

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
const FieldCondition kSimple { .key = u"bind_method"_s, .values = { u"simple"_s } };
const FieldCondition kExternal { .key = u"bind_method"_s, .values = { u"sasl_external"_s } };

void addServerFields(std::vector<FieldDescriptor>& fields)
{
    fields.push_back({ .key = u"preset"_s,
        .kind = FieldKind::Choice,
        .label = QT_TRANSLATE_NOOP("Connector", "Kind of server"),
        .help = QT_TRANSLATE_NOOP(
            "Connector", "Decides what the fields that are left empty further down stand for."),
        .required = true,
        .defaultValue = u"generic"_s,
        .choices
        = { { u"generic"_s, QT_TRANSLATE_NOOP("Connector", "LDAP (OpenLDAP, 389 DS and others)") },
            { u"active_directory"_s, QT_TRANSLATE_NOOP("Connector", "Active Directory") } } });
    fields.push_back({ .key = u"urls"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Servers"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Addresses parted by commas, tried in order. The name of an Active Directory domain "
            "may stand instead: its controllers are then looked up."),
        .placeholder = u"ldaps://ldap.example.org"_s,
        .required = true });
    fields.push_back({ .key = u"security"_s,
        .kind = FieldKind::Choice,
        .label = QT_TRANSLATE_NOOP("Connector", "Transport security"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "“None” is accepted for this computer itself, and with Kerberos, which encrypts by "
            "itself."),
        .required = true,
        .defaultValue = u"ldaps"_s,
        .choices = { { u"ldaps"_s, QT_TRANSLATE_NOOP("Connector", "TLS from the start (ldaps)") },
            { u"starttls"_s, QT_TRANSLATE_NOOP("Connector", "StartTLS") },
            { u"none"_s, QT_TRANSLATE_NOOP("Connector", "None") } } });
    fields.push_back({ .key = u"ca_file"_s,
        .kind = FieldKind::File,
        .label = QT_TRANSLATE_NOOP("Connector", "Extra CA certificates"),
        .help = QT_TRANSLATE_NOOP(
            "Connector", "A PEM file with certificates to trust besides those of the system."),
        .visibleWhen
        = FieldCondition { .key = u"security"_s, .values = { u"ldaps"_s, u"starttls"_s } } });
}

void addSignInFields(std::vector<FieldDescriptor>& fields)
{
    fields.push_back({ .key = u"bind_method"_s,
        .kind = FieldKind::Choice,
        .label = QT_TRANSLATE_NOOP("Connector", "Sign in with"),
        .help = QT_TRANSLATE_NOOP(
            "Connector", "Kerberos uses the ticket of the account this program runs as."),
        .required = true,
        .defaultValue = u"simple"_s,
        .choices = { { u"simple"_s, QT_TRANSLATE_NOOP("Connector", "Name and password") },
            { u"sasl_external"_s, QT_TRANSLATE_NOOP("Connector", "Client certificate") },
            { u"gssapi"_s, QT_TRANSLATE_NOOP("Connector", "Kerberos") },
            { u"anonymous"_s, QT_TRANSLATE_NOOP("Connector", "Nothing (anonymous)") } } });
    fields.push_back({ .key = u"bind_dn"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Bind DN"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "The account to sign in as. Active Directory also takes name@domain. An account that "
            "may only read is enough."),
        .placeholder = u"cn=reader,dc=example,dc=org"_s,
        .required = true,
        .visibleWhen = kSimple });
    fields.push_back({ .key = u"bind_password"_s,
        .kind = FieldKind::Secret,
        .label = QT_TRANSLATE_NOOP("Connector", "Bind password"),
        .help = QT_TRANSLATE_NOOP("Connector", "Kept in the system's secret store only."),
        .required = true,
        .visibleWhen = kSimple });
    fields.push_back({ .key = u"client_cert"_s,
        .kind = FieldKind::File,
        .label = QT_TRANSLATE_NOOP("Connector", "Client certificate"),
        .help = QT_TRANSLATE_NOOP("Connector", "A PEM file with the certificate to sign in with."),
        .required = true,
        .visibleWhen = kExternal });
    fields.push_back({ .key = u"client_key"_s,
        .kind = FieldKind::Secret,
        .label = QT_TRANSLATE_NOOP("Connector", "Client certificate's key"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "The private key as PEM text without a passphrase, kept in the system's secret store "
            "only."),
        .required = true,
        .visibleWhen = kExternal });
}

void addSearchFields(std::vector<FieldDescriptor>& fields)
{
    fields.push_back({ .key = u"user_base"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "User base"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "The DN below which users are. Left empty, Active Directory's whole domain."),
        .placeholder = u"ou=people,dc=example,dc=org"_s });
    fields.push_back({ .key = u"group_base"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Group base"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "The DN below which groups are. Left empty, Active Directory's whole domain."),
        .placeholder = u"ou=groups,dc=example,dc=org"_s });
    fields.push_back({ .key = u"user_filter"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "User filter"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Empty stands for (objectClass=inetOrgPerson), in Active Directory for "
            "(&(objectCategory=person)(objectClass=user)).") });
    fields.push_back({ .key = u"group_filter_ldap"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Group filter"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Empty stands for the classes groupOfNames, groupOfUniqueNames and posixGroup, in "
            "Active Directory for (objectCategory=group).") });
    fields.push_back({ .key = u"disabled_rule"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Disabled when"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "An LDAP filter for users that are switched off, for example (nsAccountLock=true). "
            "Empty stands for nobody, in Active Directory for accounts that are disabled."),
        .advanced = true });
    fields.push_back({ .key = u"org_units"_s,
        .kind = FieldKind::Flag,
        .label = QT_TRANSLATE_NOOP("Connector", "Org units as groups"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Each organizational unit below the user base becomes a group of the users in it."),
        .defaultValue = u"false"_s,
        .advanced = true });
}

void addIdentityFields(std::vector<FieldDescriptor>& fields)
{
    const QString attribute = u"^[A-Za-z][A-Za-z0-9;-]*$"_s;
    fields.push_back({ .key = u"id_attribute"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "User id from"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Must hold what the sign-in sends as the user's id. Empty stands for entryUUID, in "
            "Active Directory for objectGUID."),
        .placeholder = u"entryUUID"_s,
        .pattern = attribute,
        .example = u"entryUUID"_s });
    fields.push_back({ .key = u"id_template"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "User id template"),
        .help = QT_TRANSLATE_NOOP(
            "Connector", "What the sign-in makes of it, with {value} for the attribute's value."),
        .defaultValue = u"{value}"_s,
        .pattern = u"^.*\\{value\\}.*$"_s,
        .example = u"ldap:{value}"_s,
        .advanced = true });
    fields.push_back({ .key = u"group_id"_s,
        .kind = FieldKind::Text,
        .label = QT_TRANSLATE_NOOP("Connector", "Group id from"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Empty stands for entryUUID, in Active Directory for objectGUID. “dn” takes the DN, "
            "which changes when a group is renamed or moved: policies then lose it."),
        .placeholder = u"entryUUID"_s,
        .pattern = attribute,
        .example = u"dn"_s,
        .advanced = true });
}

void addAttributeFields(std::vector<FieldDescriptor>& fields)
{
    const auto list = [&fields](const QString& key, const char* label, const char* help) {
        fields.push_back({ .key = key,
            .kind = FieldKind::Text,
            .label = label,
            .help = help,
            .pattern = u"^[A-Za-z][A-Za-z0-9;-]*(\\s*,\\s*[A-Za-z][A-Za-z0-9;-]*)*$"_s,
            .example = u"displayName, cn"_s,
            .advanced = true });
    };
    list(u"attr_name"_s, QT_TRANSLATE_NOOP("Connector", "User name from"),
        QT_TRANSLATE_NOOP("Connector",
            "Attributes parted by commas; the first with a value counts. Empty stands for "
            "displayName, then cn."));
    list(u"attr_email"_s, QT_TRANSLATE_NOOP("Connector", "User mail from"),
        QT_TRANSLATE_NOOP("Connector",
            "Empty stands for mail. Choose an attribute that only administrators can change: the "
            "proxy trusts it."));
    list(u"attr_login"_s, QT_TRANSLATE_NOOP("Connector", "User login from"),
        QT_TRANSLATE_NOOP("Connector",
            "Shown and searched only. Empty stands for uid, in Active Directory for "
            "userPrincipalName, then sAMAccountName."));
    list(u"attr_group_name"_s, QT_TRANSLATE_NOOP("Connector", "Group name from"),
        QT_TRANSLATE_NOOP("Connector", "Empty stands for cn."));
}

void addMemberFields(std::vector<FieldDescriptor>& fields)
{
    fields.push_back({ .key = u"member_style"_s,
        .kind = FieldKind::Choice,
        .label = QT_TRANSLATE_NOOP("Connector", "Members are in"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "“Automatic” takes member, uniqueMember and memberUid, whichever a group has. Active "
            "Directory does not tell members that are hidden from members that are gone: the "
            "account must be allowed to read them."),
        .required = true,
        .defaultValue = u"auto"_s,
        .choices = { { u"auto"_s, QT_TRANSLATE_NOOP("Connector", "Automatic") },
            { u"member"_s, QT_TRANSLATE_NOOP("Connector", "member of the group") },
            { u"uniqueMember"_s, QT_TRANSLATE_NOOP("Connector", "uniqueMember of the group") },
            { u"memberUid"_s,
                QT_TRANSLATE_NOOP("Connector", "memberUid of the group (login names)") },
            { u"memberOf"_s, QT_TRANSLATE_NOOP("Connector", "memberOf of users and groups") } },
        .advanced = true });
    fields.push_back({ .key = u"page_size"_s,
        .kind = FieldKind::Integer,
        .label = QT_TRANSLATE_NOOP("Connector", "Page size"),
        .help = QT_TRANSLATE_NOOP("Connector",
            "Entries asked for at once. Empty stands for 500, in Active Directory for 1,000."),
        .minimum = 10,
        .maximum = 5'000,
        .advanced = true });
}
} // namespace

std::vector<FieldDescriptor> formFields()
{
    std::vector<FieldDescriptor> fields;
    addServerFields(fields);
    addSignInFields(fields);
    addSearchFields(fields);
    addIdentityFields(fields);
    addAttributeFields(fields);
    addMemberFields(fields);
    return fields;
}

} // namespace portreeve::ldap
