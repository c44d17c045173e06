// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/criterioncatalog.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using policy::Value;

const char* const kPeople = QT_TRANSLATE_NOOP("Criterion", "People");
const char* const kDevices = QT_TRANSLATE_NOOP("Criterion", "Devices and certificates");
const char* const kRequest = QT_TRANSLATE_NOOP("Criterion", "Request");
const char* const kSsh = QT_TRANSLATE_NOOP("Criterion", "SSH");
const char* const kAlways = QT_TRANSLATE_NOOP("Criterion", "Always and never");
const char* const kUnreliable = QT_TRANSLATE_NOOP("Criterion",
    "The proxy compares this with every part of the request, not only this one. Split the "
    "route by prefix, path or regex instead.");

std::vector<CriterionType> peopleTypes()
{
    return {
        { .name = u"groups"_s,
            .shape = CriterionShape::Groups,
            .title = QT_TRANSLATE_NOOP("Criterion", "Group"),
            .help = QT_TRANSLATE_NOOP(
                "Criterion", "The person is in this group, directly or through others."),
            .section = kPeople },
        { .name = u"email"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "E-mail"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The person's e-mail address."),
            .section = kPeople,
            .placeholder = "ann@example.com" },
        { .name = u"domain"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "E-mail domain"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The part behind the @ of the address."),
            .section = kPeople,
            .placeholder = "example.com" },
        { .name = u"user"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "User id"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The id the identity provider gave."),
            .section = kPeople,
            .placeholder = "8f14e45f-ceea-467f-ab12" },
        { .name = u"claim"_s,
            .shape = CriterionShape::Claim,
            .title = QT_TRANSLATE_NOOP("Criterion", "Claim"),
            .help = QT_TRANSLATE_NOOP(
                "Criterion", "A claim of the sign-in; nested claims are joined by dots."),
            .section = kPeople,
            .placeholder = "staff" },
        { .name = u"authenticated_user"_s,
            .shape = CriterionShape::NoData,
            .title = QT_TRANSLATE_NOOP("Criterion", "Anyone signed in"),
            .help = QT_TRANSLATE_NOOP("Criterion", "Holds for every signed-in person."),
            .section = kPeople },
    };
}

std::vector<CriterionType> deviceTypes()
{
    return {
        { .name = u"device"_s,
            .shape = CriterionShape::Device,
            .title = QT_TRANSLATE_NOOP("Criterion", "Device"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The device used to sign in."),
            .section = kDevices },
        { .name = u"client_certificate"_s,
            .shape = CriterionShape::Certificate,
            .title = QT_TRANSLATE_NOOP("Criterion", "Client certificate"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The certificate the client presented."),
            .section = kDevices },
        { .name = u"invalid_client_certificate"_s,
            .shape = CriterionShape::NoData,
            .title = QT_TRANSLATE_NOOP("Criterion", "Invalid client certificate"),
            .help = QT_TRANSLATE_NOOP("Criterion",
                "Holds when a required certificate is missing or not trusted. For deny "
                "blocks."),
            .section = kDevices },
    };
}

std::vector<CriterionType> requestTypes()
{
    return {
        { .name = u"source_ip"_s,
            .shape = CriterionShape::SourceIp,
            .title = QT_TRANSLATE_NOOP("Criterion", "Client address"),
            .help = QT_TRANSLATE_NOOP(
                "Criterion", "Addresses or networks the request comes from, one a line."),
            .section = kRequest,
            .placeholder = "10.0.0.0/8" },
        { .name = u"http_path"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "Request path"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The path of the request."),
            .section = kRequest,
            .warning = kUnreliable,
            .placeholder = "/public" },
        { .name = u"http_method"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "Request method"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The method, in capitals."),
            .section = kRequest,
            .warning = kUnreliable,
            .placeholder = "GET" },
        { .name = u"cors_preflight"_s,
            .shape = CriterionShape::NoData,
            .title = QT_TRANSLATE_NOOP("Criterion", "CORS preflight"),
            .help = QT_TRANSLATE_NOOP(
                "Criterion", "Holds for a browser's preflight request, which carries no sign-in."),
            .section = kRequest },
        { .name = u"mcp_tool"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "MCP tool"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The tool named in an MCP tool call."),
            .section = kRequest,
            .placeholder = "search" },
    };
}

std::vector<CriterionType> sshTypes()
{
    return {
        { .name = u"ssh_username"_s,
            .shape = CriterionShape::StringMatcher,
            .title = QT_TRANSLATE_NOOP("Criterion", "SSH login name"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The login name asked for over SSH."),
            .section = kSsh,
            .placeholder = "deploy" },
        { .name = u"ssh_username_matches_email"_s,
            .shape = CriterionShape::NoData,
            .title = QT_TRANSLATE_NOOP("Criterion", "SSH login name is the e-mail name"),
            .help = QT_TRANSLATE_NOOP(
                "Criterion", "The login name equals the part before the @ of the address."),
            .section = kSsh },
        { .name = u"ssh_username_matches_claim"_s,
            .shape = CriterionShape::ClaimName,
            .title = QT_TRANSLATE_NOOP("Criterion", "SSH login name is in a claim"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The claim that lists the login names."),
            .section = kSsh,
            .placeholder = "ssh_logins" },
        { .name = u"ssh_publickey"_s,
            .shape = CriterionShape::SshKeys,
            .title = QT_TRANSLATE_NOOP("Criterion", "SSH public key"),
            .help = QT_TRANSLATE_NOOP("Criterion", "The key offered is one of these."),
            .section = kSsh,
            .placeholder = "ssh-ed25519 AAAA… ann@laptop" },
        { .name = u"ssh_ca"_s,
            .shape = CriterionShape::SshKeys,
            .title = QT_TRANSLATE_NOOP("Criterion", "SSH certificate authority"),
            .help = QT_TRANSLATE_NOOP(
                "Criterion", "The SSH certificate offered is signed by one of these."),
            .section = kSsh,
            .placeholder = "ssh-ed25519 AAAA… user-ca" },
    };
}

std::vector<CriterionType> otherTypes()
{
    const QString hosted = u"Zero, Enterprise"_s;
    return {
        { .name = u"accept"_s,
            .shape = CriterionShape::NoData,
            .title = QT_TRANSLATE_NOOP("Criterion", "Everyone"),
            .help = QT_TRANSLATE_NOOP("Criterion", "Always holds, signed in or not."),
            .section = kAlways,
            .warning = QT_TRANSLATE_NOOP(
                "Criterion", "In an allow block this opens the route to the whole network.") },
        { .name = u"reject"_s,
            .shape = CriterionShape::NoData,
            .title = QT_TRANSLATE_NOOP("Criterion", "No one"),
            .help = QT_TRANSLATE_NOOP("Criterion", "Never holds."),
            .section = kAlways },
        { .name = u"date"_s, .title = QT_TRANSLATE_NOOP("Criterion", "Date"), .edition = hosted },
        { .name = u"day_of_week"_s,
            .title = QT_TRANSLATE_NOOP("Criterion", "Day of the week"),
            .edition = hosted },
        { .name = u"time_of_day"_s,
            .title = QT_TRANSLATE_NOOP("Criterion", "Time of day"),
            .edition = hosted },
        { .name = u"record"_s,
            .title = QT_TRANSLATE_NOOP("Criterion", "External record"),
            .edition = u"Enterprise"_s },
    };
}

bool isScalar(const Value& value)
{
    return value.asArray() == nullptr && value.asObject() == nullptr;
}

// The editor shows a list as one line parted by commas.
bool isPlainListItem(const Value& value)
{
    return isScalar(value) && (!value.isString() || !value.asString()->contains(u','));
}

bool isMatcher(const Value& data, const QStringList& scalarKeys, const QStringList& listKeys)
{
    const Value::Object* members = data.asObject();
    if (members == nullptr) {
        return isScalar(data);
    }
    return std::all_of(members->begin(), members->end(), [&](const auto& member) {
        if (listKeys.contains(member.first)) {
            const Value::Array* items = member.second.asArray();
            return items != nullptr && std::all_of(items->begin(), items->end(), isPlainListItem);
        }
        return scalarKeys.contains(member.first) && isScalar(member.second);
    });
}

bool isStringOrList(const Value& data)
{
    const Value::Array* items = data.asArray();
    return data.isString()
        || (items != nullptr && std::all_of(items->begin(), items->end(), [](const Value& item) {
               return item.isString();
           }));
}

bool isStringMatcher(const Value& data)
{
    return isMatcher(data, { u"is"_s, u"not"_s, u"starts_with"_s, u"ends_with"_s, u"contains"_s },
        { u"in"_s, u"not_in"_s });
}

bool isCertificate(const Value& data)
{
    const Value::Object* members = data.asObject();
    return members != nullptr
        && std::all_of(members->begin(), members->end(), [](const auto& member) {
               const bool isHash = member.first == u"fingerprint" || member.first == u"spki_hash";
               return isHash ? isStringOrList(member.second)
                             : member.first.startsWith(u"san_") && isStringMatcher(member.second);
           });
}

bool isDevice(const Value& data)
{
    const Value::Object* members = data.asObject();
    return members != nullptr
        && std::all_of(members->begin(), members->end(), [](const auto& member) {
               return (member.first == u"approved" && isScalar(member.second))
                   || ((member.first == u"type" || member.first == u"is")
                       && member.second.isString());
           });
}

} // namespace

const std::vector<CriterionType>& criterionTypes()
{
    static const std::vector<CriterionType> all = [] {
        std::vector<CriterionType> types = peopleTypes();
        for (const auto& more : { deviceTypes(), requestTypes(), sshTypes(), otherTypes() }) {
            types.insert(types.end(), more.begin(), more.end());
        }
        return types;
    }();
    return all;
}

const CriterionType* criterionType(const QString& name)
{
    const auto& all = criterionTypes();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const CriterionType& type) { return type.name == name; });
    return found == all.end() ? nullptr : &*found;
}

QString criterionText(const char* source)
{
    return QCoreApplication::translate("Criterion", source);
}

QString criterionTitle(const policy::Criterion& criterion)
{
    const CriterionType* type = criterionType(criterion.name);
    return type == nullptr ? criterion.name : criterionText(type->title);
}

Value initialData(const CriterionType& type)
{
    switch (type.shape) {
    case CriterionShape::StringMatcher:
        return Value(Value::Object { { u"is"_s, Value(QString()) } });
    case CriterionShape::Claim:
    case CriterionShape::Groups:
        return Value(Value::Object { { u"has"_s, Value(QString()) } });
    case CriterionShape::SourceIp:
    case CriterionShape::SshKeys:
        return Value(Value::Array {});
    case CriterionShape::Device:
        return Value(Value::Object { { u"approved"_s, Value(true) } });
    case CriterionShape::Certificate:
        return Value(Value::Object {});
    case CriterionShape::ClaimName:
        return Value(QString());
    case CriterionShape::NoData:
    case CriterionShape::ReadOnly:
        return Value(true);
    }
    return {};
}

bool isEditable(const policy::Criterion& criterion)
{
    const CriterionType* type = criterionType(criterion.name);
    if (type == nullptr) {
        return false;
    }
    switch (type->shape) {
    case CriterionShape::NoData:
        return true;
    case CriterionShape::StringMatcher:
        return isStringMatcher(criterion.data);
    case CriterionShape::Claim:
    case CriterionShape::Groups:
        return isMatcher(criterion.data, { u"has"_s, u"is"_s, u"exclude"_s }, {});
    case CriterionShape::SourceIp:
    case CriterionShape::SshKeys:
        return isStringOrList(criterion.data);
    case CriterionShape::Device:
        return isDevice(criterion.data);
    case CriterionShape::Certificate:
        return isCertificate(criterion.data);
    case CriterionShape::ClaimName:
        return criterion.data.isString();
    case CriterionShape::ReadOnly:
        return false;
    }
    return false;
}

} // namespace portreeve
