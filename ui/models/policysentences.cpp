// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/policysentences.h"

#include "ui/models/criterioncatalog.h"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using policy::Criterion;
using policy::Operator;
using policy::OperatorList;
using policy::Value;

struct Sentences
{
    Q_DECLARE_TR_FUNCTIONS(Sentences)
};

QString join(const QStringList& parts, Operator op)
{
    if (parts.size() < 2) {
        return parts.join(QString());
    }
    const QString head = parts.mid(0, parts.size() - 1).join(u", "_s);
    return op == Operator::Or || op == Operator::Nor
        ? Sentences::tr("%1 or %2").arg(head, parts.back())
        : Sentences::tr("%1 and %2").arg(head, parts.back());
}

QString quoted(const Value& value)
{
    const QString text = valueText(value);
    return text.isEmpty() ? Sentences::tr("(nothing yet)") : Sentences::tr("“%1”").arg(text);
}

QString quotedList(const Value& value)
{
    QStringList parts;
    if (const Value::Array* items = value.asArray()) {
        for (const Value& item : *items) {
            parts.append(quoted(item));
        }
    } else {
        parts.append(quoted(value));
    }
    return parts.isEmpty() ? Sentences::tr("(nothing yet)") : join(parts, Operator::Or);
}

QString matcherClause(const QString& subject, const QString& op, const Value& value)
{
    if (op == u"not") {
        return Sentences::tr("%1 is not %2").arg(subject, quoted(value));
    }
    if (op == u"in") {
        return Sentences::tr("%1 is one of %2").arg(subject, quotedList(value));
    }
    if (op == u"not_in") {
        return Sentences::tr("%1 is none of %2").arg(subject, quotedList(value));
    }
    if (op == u"starts_with") {
        return Sentences::tr("%1 starts with %2").arg(subject, quoted(value));
    }
    if (op == u"ends_with") {
        return Sentences::tr("%1 ends with %2").arg(subject, quoted(value));
    }
    if (op == u"contains") {
        return Sentences::tr("%1 contains %2").arg(subject, quoted(value));
    }
    return Sentences::tr("%1 is %2").arg(subject, quoted(value));
}

QString stringClause(const QString& subject, const Value& data)
{
    const Value::Object* members = data.asObject();
    if (members == nullptr) {
        return matcherClause(subject, u"is"_s, data);
    }
    QStringList parts;
    for (const auto& [op, value] : *members) {
        parts.append(matcherClause(subject, op, value));
    }
    return parts.isEmpty() ? Sentences::tr("%1 is anything").arg(subject)
                           : join(parts, Operator::And);
}

QString groupClause(const QString& op, const Value& value, const GroupNames& groupName)
{
    const QString id = valueText(value);
    const QString name = groupName ? groupName(id) : QString();
    const QString shown = quoted(name.isEmpty() ? value : Value(name));
    if (op == u"exclude") {
        return Sentences::tr("the person is not in the group %1").arg(shown);
    }
    if (op == u"is") {
        return Sentences::tr("the person's only group is %1").arg(shown);
    }
    return Sentences::tr("the person is in the group %1").arg(shown);
}

QString claimClause(const QString& path, const QString& op, const Value& value)
{
    if (op == u"exclude") {
        return Sentences::tr("the claim “%1” does not hold %2").arg(path, quoted(value));
    }
    if (op == u"is") {
        return Sentences::tr("the claim “%1” is exactly %2").arg(path, quoted(value));
    }
    return Sentences::tr("the claim “%1” holds %2").arg(path, quoted(value));
}

QString listClause(const Criterion& criterion, const GroupNames& groupName)
{
    const auto clause = [&](const QString& op, const Value& value) {
        return criterion.name == u"groups" ? groupClause(op, value, groupName)
                                           : claimClause(criterion.subPath, op, value);
    };
    const Value::Object* members = criterion.data.asObject();
    if (members == nullptr) {
        return clause(u"has"_s, criterion.data);
    }
    QStringList parts;
    for (const auto& [op, value] : *members) {
        parts.append(clause(op, value));
    }
    return parts.isEmpty() ? Sentences::tr("anything at all") : join(parts, Operator::And);
}

QString deviceClause(const Value& data)
{
    QStringList parts;
    if (const Value* type = data.member(u"type")) {
        parts.append(Sentences::tr("the device is registered as %1").arg(quoted(*type)));
    }
    if (const Value* approved = data.member(u"approved")) {
        const bool* flag = approved->asBool();
        parts.append(flag != nullptr && !*flag ? Sentences::tr("the device is not approved")
                                               : Sentences::tr("the device is approved"));
    }
    if (const Value* id = data.member(u"is")) {
        parts.append(Sentences::tr("the device credential is %1").arg(quoted(*id)));
    }
    return parts.isEmpty() ? Sentences::tr("any device, or none") : join(parts, Operator::And);
}

QString certificateClause(const Value& data)
{
    QStringList parts;
    for (const auto& [key, value] : data.asObject() ? *data.asObject() : Value::Object {}) {
        if (key == u"fingerprint") {
            parts.append(
                Sentences::tr("the certificate's fingerprint is %1").arg(quotedList(value)));
        } else if (key == u"spki_hash") {
            parts.append(Sentences::tr("the certificate's key hash is %1").arg(quotedList(value)));
        } else {
            parts.append(
                stringClause(Sentences::tr("a certificate name (%1)").arg(key.mid(4)), value));
        }
    }
    return parts.isEmpty() ? Sentences::tr("a client certificate was presented")
                           : join(parts, Operator::And);
}

QString noDataClause(const QString& name)
{
    if (name == u"accept") {
        return Sentences::tr("always");
    }
    if (name == u"reject") {
        return Sentences::tr("never");
    }
    if (name == u"authenticated_user") {
        return Sentences::tr("the person is signed in");
    }
    if (name == u"cors_preflight") {
        return Sentences::tr("the request is a CORS preflight");
    }
    if (name == u"invalid_client_certificate") {
        return Sentences::tr("a required client certificate is missing or not trusted");
    }
    return Sentences::tr("the SSH login name is the name part of the e-mail address");
}

QString subjectOf(const QString& name)
{
    if (name == u"email") {
        return Sentences::tr("the e-mail address");
    }
    if (name == u"domain") {
        return Sentences::tr("the e-mail domain");
    }
    if (name == u"user") {
        return Sentences::tr("the user id");
    }
    if (name == u"http_path") {
        return Sentences::tr("the request path");
    }
    if (name == u"http_method") {
        return Sentences::tr("the request method");
    }
    if (name == u"mcp_tool") {
        return Sentences::tr("the MCP tool");
    }
    return Sentences::tr("the SSH login name");
}

QString listSentence(const OperatorList& list, const GroupNames& groupName)
{
    QStringList clauses;
    for (const Criterion& criterion : list.criteria) {
        clauses.append(criterionClause(criterion, groupName));
    }
    QString joined = join(clauses,
        list.op == Operator::And || list.op == Operator::Nor ? Operator::And : Operator::Or);
    switch (list.op) {
    case Operator::And:
    case Operator::Or:
        return joined;
    case Operator::Not:
        return Sentences::tr("it is not so that %1").arg(joined);
    case Operator::Nor:
        return Sentences::tr("it is not so that both %1").arg(joined);
    }
    return joined;
}

} // namespace

QString valueText(const Value& value)
{
    if (const QString* text = value.asString()) {
        return *text;
    }
    if (const bool* flag = value.asBool()) {
        return *flag ? u"true"_s : u"false"_s;
    }
    if (const Value::Number* number = value.asNumber()) {
        return number->text;
    }
    if (const Value::Array* items = value.asArray()) {
        QStringList parts;
        for (const Value& item : *items) {
            parts.append(valueText(item));
        }
        return QString(u"["_s + parts.join(u", "_s) + u"]"_s);
    }
    if (const Value::Object* members = value.asObject()) {
        QStringList parts;
        for (const auto& [key, item] : *members) {
            parts.append(key + u": "_s + valueText(item));
        }
        return QString(u"{"_s + parts.join(u", "_s) + u"}"_s);
    }
    return u"null"_s;
}

QString criterionClause(const Criterion& criterion, const GroupNames& groupName)
{
    const CriterionType* type = criterionType(criterion.name);
    switch (type == nullptr ? CriterionShape::ReadOnly : type->shape) {
    case CriterionShape::NoData:
        return noDataClause(criterion.name);
    case CriterionShape::StringMatcher:
        return stringClause(subjectOf(criterion.name), criterion.data);
    case CriterionShape::Claim:
    case CriterionShape::Groups:
        return listClause(criterion, groupName);
    case CriterionShape::SourceIp:
        return Sentences::tr("the client address is in %1").arg(quotedList(criterion.data));
    case CriterionShape::Device:
        return deviceClause(criterion.data);
    case CriterionShape::Certificate:
        return certificateClause(criterion.data);
    case CriterionShape::SshKeys:
        return criterion.name == u"ssh_ca"
            ? Sentences::tr("the SSH certificate is signed by a listed authority")
            : Sentences::tr("the SSH key is one of those listed");
    case CriterionShape::ClaimName:
        return Sentences::tr("the SSH login name is in the claim %1").arg(quoted(criterion.data));
    case CriterionShape::ReadOnly:
        return Sentences::tr("the condition “%1” holds").arg(criterion.name);
    }
    return {};
}

QString operatorTitle(Operator op)
{
    switch (op) {
    case Operator::And:
        return Sentences::tr("All of these hold");
    case Operator::Or:
        return Sentences::tr("Any of these holds");
    case Operator::Not:
        return Sentences::tr("None of these holds");
    case Operator::Nor:
        return Sentences::tr("Not all of these hold");
    }
    return {};
}

QString ruleSentence(const policy::Rule& rule, const GroupNames& groupName)
{
    QStringList parts;
    for (const OperatorList& list : rule.lists) {
        if (!list.criteria.empty()) {
            parts.append(listSentence(list, groupName));
        }
    }
    const bool allows = rule.action == policy::Action::Allow;
    if (parts.isEmpty()) {
        return allows ? Sentences::tr("Allows no one yet: add a condition.")
                      : Sentences::tr("Denies no one yet: add a condition.");
    }
    const QString when = parts.join(Sentences::tr("; or when "));
    return allows ? Sentences::tr("Access is allowed when %1.").arg(when)
                  : Sentences::tr("Access is denied when %1.").arg(when);
}

} // namespace portreeve
