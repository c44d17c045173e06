// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/regocriteria.h"

#include "core/policy/criteria.h"
#include "core/policy/formats.h"
#include "core/policy/valueprinter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

QString outcome(bool holds, const QString& reason, const QString& detail = {})
{
    return u"[%1, {\"%2\"}, {%3}]"_s.arg(holds ? u"true"_s : u"false"_s, reason, detail);
}

/// 64 lower-case digits, as the engine prints a hash.
QString plainFingerprint(const QString& text)
{
    return QString(text).remove(u':').toLower();
}

/// As the engine takes ranges: a single address becomes one of full length.
QString addressRange(const QString& text)
{
    if (text.contains(u'/')) {
        return text;
    }
    const auto address = parseIpAddress(text);
    if (!address || address->isV6) {
        return QString(text % u"/128"_s);
    }
    QStringList parts;
    for (std::size_t i = 0; i < 4; ++i) {
        parts << QString::number(address->bytes.at(i));
    }
    return QString(parts.join(u'.') % u"/32"_s);
}

QString wireKey(const QString& text)
{
    return QString::fromLatin1(parseAuthorizedKey(text).value_or(QByteArray()).toBase64());
}

/// The texts of a list, each changed by @p change.
template <typename Change> Value changedTexts(const Value& list, Change change)
{
    Value::Array out;
    if (const auto* items = list.asArray()) {
        for (const auto& item : *items) {
            const auto* text = item.asString();
            out.emplace_back(change(text != nullptr ? *text : QString()));
        }
    }
    return Value(std::move(out));
}

/// Writes the conditions of one criterion.
class CriterionWriter
{
public:
    explicit CriterionWriter(const Criterion& criterion)
        : m_criterion(criterion)
        , m_stem(QString(criterion.name).replace(u'_', u'-'))
    {
    }

    Result<RegoCriterion> write()
    {
        const auto& name = m_criterion.name;
        if (name == u"accept") {
            add(outcome(true, name), {});
        } else if (name == u"reject") {
            add(outcome(false, name), {});
        } else if (name == u"cors_preflight") {
            writePreflight();
        } else if (name == u"invalid_client_certificate") {
            writeInvalidCertificate();
        } else if (name == u"mcp_tool") {
            writeTool();
        } else if (name == u"device") {
            writeDevice();
        } else if (findCriterion(name)->needsSession || isClaimLike()) {
            writeOfSession();
        } else {
            writeOfRequest();
        }
        if (m_failure) {
            return *m_failure;
        }
        return std::move(m_out);
    }

private:
    bool isClaimLike() const
    {
        return m_criterion.name == u"claim" || m_criterion.name == u"email"
            || m_criterion.name.startsWith(u"ssh_username_");
    }

    void add(QString value, QStringList conditions)
    {
        m_out.outcomes.push_back(
            { .value = std::move(value), .conditions = std::move(conditions) });
    }

    void need(RegoPart part) { m_out.parts.push_back(part); }

    /// A value as the module spells it; its lines are indented below the first. The engine takes a
    /// byte order mark for one even within quotes.
    QString text(const Value& value)
    {
        auto printed = printValue(value, Format::Json);
        if (!printed) {
            m_failure = printed.error();
            return u"null"_s;
        }
        return QString::fromUtf8(printed->trimmed())
            .replace(u'\ufeff', u"\\ufeff"_s)
            .replace(u"\n"_s, u"\n  "_s);
    }

    QString text(const QString& value) { return text(Value(value)); }

    QString oneOf(const QString& value, const QString& values)
    {
        need(RegoPart::OneOf);
        return u"one_of(%1, %2)"_s.arg(value, values);
    }

    void writePreflight()
    {
        const auto sent = u"count(object.get(input.http.headers, \"%1\", \"\")) > 0"_s;
        add(outcome(true, u"cors-request"_s),
            { u"input.http.method == \"OPTIONS\""_s, sent.arg(u"Access-Control-Request-Method"_s),
                sent.arg(u"Origin"_s) });
        add(outcome(false, u"non-cors-request"_s), {});
    }

    void writeInvalidCertificate()
    {
        add(outcome(false, u"valid-client-certificate"_s),
            { u"input.is_valid_client_certificate == true"_s });
        add(outcome(true, u"client-certificate-required"_s),
            { u"input.http.client_certificate.presented == false"_s });
        add(outcome(true, u"invalid-client-certificate"_s), {});
    }

    void writeTool()
    {
        const auto isCall = u"input.mcp.method == \"tools/call\""_s;
        QStringList conditions { isCall };
        conditions << stringConditions(u"input.mcp.tool_call.name"_s, m_criterion.data);
        add(outcome(true, u"mcp-tool-match"_s), conditions);
        add(outcome(false, u"mcp-tool-no-match"_s), { isCall });
        add(outcome(false, u"mcp-not-a-tool-call"_s), {});
    }

    void writeDevice()
    {
        need(RegoPart::Device);
        const auto* type = m_criterion.data.member(u"type");
        const auto kind = text(type != nullptr ? *type : Value(u"any"_s));
        const auto id = u"object.get(credential(%1), \"id\", %2)"_s;
        const auto present = QString(id.arg(kind, u"\"\""_s) % u" != \"\""_s);
        QStringList conditions;
        if (const auto* approved = m_criterion.data.member(u"approved")) {
            const auto* truth = approved->asBool();
            conditions << u"object.get(enrollment(%1), \"approved_by\", \"\") %2 \"\""_s.arg(
                kind, truth != nullptr && *truth ? u"!="_s : u"=="_s);
        }
        if (const auto* wanted = m_criterion.data.member(u"is")) {
            conditions << QString(id.arg(kind, u"null"_s) % u" == "_s % text(*wanted));
        }
        if (type != nullptr) {
            conditions << present;
        }
        const QString detail = u"\"device_type\": %1"_s.arg(kind);
        add(outcome(true, u"device-ok"_s, detail), conditions);
        add(outcome(false, u"device-unauthorized"_s, detail),
            { u"signed_in"_s, present,
                u"object.get(enrollment(%1), \"id\", \"\") != \"\""_s.arg(kind) });
        add(outcome(false, u"device-unauthenticated"_s, detail), { u"signed_in"_s });
        add(outcome(false, u"user-unauthenticated"_s, detail), {});
    }

    void writeOfSession()
    {
        need(RegoPart::Session);
        add(outcome(true, reason(u"ok"_s)), sessionConditions());
        add(outcome(false, reason(u"unauthorized"_s)), { u"signed_in"_s });
        add(outcome(false, u"user-unauthenticated"_s), {});
    }

    void writeOfRequest()
    {
        add(outcome(true, reason(u"ok"_s)), requestConditions());
        add(outcome(false, reason(u"unauthorized"_s)), {});
    }

    QString reason(const QString& end) const
    {
        QString stem = m_stem;
        if (stem == u"authenticated-user") {
            stem = u"user"_s;
        } else if (stem == u"ssh-ca") {
            stem = u"ssh-publickey"_s;
        } else if (stem.startsWith(u"ssh-username-")) {
            stem = u"ssh-username"_s;
        }
        return QString(stem % u'-' % end);
    }

    QStringList sessionConditions()
    {
        const auto& name = m_criterion.name;
        if (name == u"authenticated_user") {
            need(RegoPart::UserId);
            return { u"user_id"_s };
        }
        if (name == u"user") {
            need(RegoPart::UserId);
            return bound(u"user_id"_s, stringConditions(u"value"_s, m_criterion.data));
        }
        if (name == u"domain") {
            need(RegoPart::Domain);
            return bound(u"domain"_s, stringConditions(u"value"_s, m_criterion.data));
        }
        if (name == u"email") {
            need(RegoPart::Email);
            return bound(u"email"_s, stringConditions(u"value"_s, m_criterion.data));
        }
        if (name == u"groups") {
            need(RegoPart::DirectoryUser);
            return bound(u"object.get(directory_user, \"group_ids\", [])"_s,
                listConditions(m_criterion.data));
        }
        if (name == u"ssh_username_matches_email") {
            need(RegoPart::Email);
            return { u"split(email, \"@\")[0] == input.ssh.username"_s };
        }
        need(RegoPart::Claims);
        const auto claim = u"object.get(claims, %1, [])"_s;
        if (name == u"claim") {
            return bound(claim.arg(text(m_criterion.subPath)), listConditions(m_criterion.data));
        }
        return { oneOf(u"input.ssh.username"_s, claim.arg(text(m_criterion.data))) };
    }

    QStringList requestConditions()
    {
        const auto& name = m_criterion.name;
        if (name == u"http_path" || name == u"http_method") {
            // The proxy looks at every value two levels down, not at the path or method alone.
            const auto conditions = stringConditions(u"value"_s, m_criterion.data);
            return conditions.isEmpty() ? conditions : bound(u"input[_][_]"_s, conditions);
        }
        if (name == u"ssh_username") {
            const auto conditions = stringConditions(u"value"_s, m_criterion.data);
            return conditions.isEmpty() ? conditions : bound(u"input.ssh.username"_s, conditions);
        }
        if (name == u"source_ip") {
            return { u"count(net.cidr_contains_matches(%1, input.http.ip)) > 0"_s.arg(
                text(changedTexts(m_criterion.data, addressRange))) };
        }
        if (name == u"client_certificate") {
            return certificateConditions();
        }
        const auto keys = text(changedTexts(m_criterion.data, wireKey));
        if (name == u"ssh_ca") {
            return { u"ssh_verify_user_cert(input.ssh.username, input.ssh.publickey, %1)"_s.arg(
                keys) };
        }
        return { oneOf(u"input.ssh.publickey"_s, keys) };
    }

    /// Bound first: a negation on something undefined would hold.
    static QStringList bound(const QString& source, const QStringList& conditions)
    {
        return QStringList { QString(u"value := "_s % source) } + conditions;
    }

    QStringList stringConditions(const QString& left, const Value& matcher)
    {
        QStringList out;
        if (const auto* members = matcher.asObject()) {
            for (const auto& [name, value] : *members) {
                out << stringCondition(left, name, text(value));
            }
        }
        return out;
    }

    QString stringCondition(const QString& left, const QString& name, const QString& right)
    {
        if (name == u"is") {
            return QString(left % u" == "_s % right);
        }
        if (name == u"not") {
            return QString(left % u" != "_s % right);
        }
        if (name == u"in") {
            return oneOf(left, right);
        }
        if (name == u"not_in") {
            return QString(u"not "_s % oneOf(left, right));
        }
        // the engine's own words but for the "_": startswith, endswith, contains
        return QString(QString(name).remove(u'_') % u'(' % left % u", "_s % right % u')');
    }

    QStringList listConditions(const Value& matcher)
    {
        QStringList out;
        if (const auto* members = matcher.asObject()) {
            for (const auto& [name, value] : *members) {
                const auto found = oneOf(text(value), u"value"_s);
                if (name == u"is") {
                    out << u"count(value) == 1"_s;
                }
                out << (name == u"exclude" ? QString(u"not "_s % found) : found);
            }
        }
        return out;
    }

    QStringList certificateConditions()
    {
        need(RegoPart::Certificate);
        QStringList out { u"certificate"_s };
        const auto* members = m_criterion.data.asObject();
        if (members == nullptr) {
            return out;
        }
        for (const auto& [name, value] : *members) {
            if (name == u"fingerprint") {
                out << oneOf(u"crypto.sha256(base64.decode(certificate.Raw))"_s,
                    text(changedTexts(value, plainFingerprint)));
            } else if (name == u"spki_hash") {
                out << oneOf(u"base64.encode(hex.decode(crypto.sha256(base64.decode("
                             "certificate.RawSubjectPublicKeyInfo))))"_s,
                    text(value));
            } else {
                const auto field = name == u"san_email" ? u"EmailAddresses"_s
                    : name == u"san_dns"                ? u"DNSNames"_s
                                                        : u"URIStrings"_s;
                out << stringConditions(u"certificate.%1[_]"_s.arg(field), value);
            }
        }
        return out;
    }

    const Criterion& m_criterion;
    QString m_stem;
    RegoCriterion m_out;
    std::optional<Error> m_failure;
};

} // namespace

Result<RegoCriterion> regoCriterion(const Criterion& criterion)
{
    return CriterionWriter(criterion).write();
}

} // namespace portreeve::policy
