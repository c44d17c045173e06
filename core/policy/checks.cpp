// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/criteria.h"
#include "core/policy/editionchecks.h"
#include "core/policy/formats.h"
#include "core/policy/parser.h"
#include "core/policy/printable.h"
#include "core/policy/wordlist.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr auto kListOperators = std::to_array<QStringView>({ u"has", u"is", u"exclude" });
constexpr auto kSubstringOperators
    = std::to_array<QStringView>({ u"starts_with", u"ends_with", u"contains" });

QString keyOf(const Criterion& criterion)
{
    return criterion.subPath.isEmpty() ? criterion.name
                                       : QString(criterion.name % u'/' % criterion.subPath);
}

/// Checks one criterion as the proxy's compiler would.
class CriterionChecker
{
public:
    CriterionChecker(const Criterion& criterion, std::vector<Diagnostic>& out)
        : m_criterion(criterion)
        , m_key(keyOf(criterion))
        , m_out(out)
    {
    }

    void check()
    {
        const auto* info = findCriterion(m_criterion.name);
        if (info == nullptr) {
            reportUnknown();
            return;
        }
        switch (info->data) {
        case DataKind::Ignored:
            break;
        case DataKind::StringMatcher:
            checkStringMatcher();
            break;
        case DataKind::ListMatcher:
            checkListMatcher();
            break;
        case DataKind::Device:
            checkDevice();
            break;
        case DataKind::Addresses:
            checkAddresses();
            break;
        case DataKind::Certificate:
            checkCertificate();
            break;
        case DataKind::SshKeys:
            checkSshKeys();
            break;
        case DataKind::ClaimPath:
            checkClaimPath();
            break;
        case DataKind::EditionOnly:
            reportEdition();
            checkEditionCriterion(m_criterion, m_out);
            checkCharacters(m_criterion.data, m_key);
            break;
        }
    }

private:
    void report(DiagnosticClass kind, const QString& code, Message what, Message fix)
    {
        m_out.push_back({ .kind = kind,
            .code = code,
            .at = m_criterion.at,
            .what = std::move(what),
            .fix = std::move(fix) });
    }

    void semantic(const QString& code, Message what, Message fix)
    {
        report(DiagnosticClass::Semantic, code, std::move(what), std::move(fix));
    }

    void type(const QString& code, Message what, Message fix)
    {
        report(DiagnosticClass::Type, code, std::move(what), std::move(fix));
    }

    void reportUnknown()
    {
        const auto nearest = nearestCriterion(m_criterion.name);
        Message fix = message(
            QT_TRANSLATE_NOOP("Message", "Use one of the criteria of the policy language."));
        if (m_criterion.name == u"pomerium_routes") {
            fix = message(QT_TRANSLATE_NOOP("Message",
                "Remove it: the proxy serves its own paths before it looks at policies."));
        } else if (nearest) {
            fix = message(QT_TRANSLATE_NOOP("Message", "Did you mean \"%1\"?"), *nearest);
        }
        semantic(u"unknown_criterion"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" is not a criterion."), m_criterion.name),
            std::move(fix));
    }

    void reportEdition()
    {
        semantic(u"edition_criterion"_s,
            m_criterion.name == u"record"
                ? message(QT_TRANSLATE_NOOP(
                      "Message", "\"record\" exists in the Enterprise edition only."))
                : message(QT_TRANSLATE_NOOP(
                              "Message", "\"%1\" exists in the Zero and Enterprise editions only."),
                      m_criterion.name),
            message(QT_TRANSLATE_NOOP(
                "Message", "Choose a target of that edition, or remove the criterion.")));
    }

    void reportOperator(const QString& name, const QString& allowed)
    {
        semantic(u"unknown_matcher"_s,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" does not know \"%2\"."), m_key, name),
            message(QT_TRANSLATE_NOOP("Message", "Use %1."), allowed));
    }

    void checkStringMatcher()
    {
        const auto* members = m_criterion.data.asObject();
        const bool unbound = m_criterion.name == u"http_path" || m_criterion.name == u"http_method";
        if (unbound && members != nullptr && members->size() == 1
            && members->front().first == u"not_in") {
            type(u"lone_not_in"_s,
                message(QT_TRANSLATE_NOOP("Message",
                            "\"not_in\" as the only operator of \"%1\" does not compile in the "
                            "proxy."),
                    m_key),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Split the route by path, or deny the values with \"in\".")));
        }
        checkMatcher(m_criterion.data, m_key, m_criterion.name == u"domain");
    }

    void checkMatcher(const Value& data, const QString& where, bool textsOnly)
    {
        const auto* members = data.asObject();
        if (members == nullptr) {
            checkEquality(data, where, textsOnly);
            checkCharacters(data, where);
            return;
        }
        for (const auto& [name, value] : *members) {
            if (name == u"in" || name == u"not_in") {
                checkValueList(name, value, where);
            } else if (isOneOf(name, kSubstringOperators)) {
                checkSubstring(name, value, where);
            } else if (name == u"is") {
                checkEquality(value, where, textsOnly);
            } else if (name != u"not") {
                reportOperator(name,
                    u"is, not, in, not_in, starts_with, ends_with "
                    "or contains"_s);
                continue;
            }
            checkCharacters(value, where);
        }
    }

    void checkEquality(const Value& value, const QString& where, bool textsOnly)
    {
        if (textsOnly && !value.isString()) {
            type(u"domain_not_text"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "\"%1\" must be compared with a text."), where),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Put the value into double quotes; for several, use \"in\".")));
        }
    }

    void checkValueList(const QString& name, const Value& value, const QString& where)
    {
        if (value.asArray() == nullptr) {
            semantic(u"list_expected"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "\"%1\" of \"%2\" needs a list."), name, where),
                message(QT_TRANSLATE_NOOP("Message", "Write the value as [\"value\"].")));
        }
    }

    void checkSubstring(const QString& name, const Value& value, const QString& where)
    {
        if (!value.isString()) {
            type(u"text_expected"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "\"%1\" of \"%2\" needs a text."), name, where),
                message(QT_TRANSLATE_NOOP("Message", "Put the value into double quotes.")));
        }
    }

    void checkListMatcher()
    {
        if (m_criterion.name == u"claim") {
            checkText(m_criterion.subPath, m_key);
        }
        const auto* members = m_criterion.data.asObject();
        if (members == nullptr) {
            checkCharacters(m_criterion.data, m_key);
            return;
        }
        for (const auto& [name, value] : *members) {
            if (!isOneOf(name, kListOperators)) {
                reportOperator(name, u"has, is or exclude"_s);
                continue;
            }
            checkCharacters(value, m_key);
        }
    }

    void checkDevice()
    {
        const auto* members = m_criterion.data.asObject();
        if (members == nullptr) {
            semantic(u"mapping_expected"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"%1\" needs a mapping."), m_key),
                message(QT_TRANSLATE_NOOP("Message", "Use the keys type, is or approved.")));
            return;
        }
        for (const auto& [name, value] : *members) {
            if (name == u"approved") {
                continue;
            }
            if (name != u"type" && name != u"is") {
                reportOperator(name, u"type, is or approved"_s);
            } else if (!value.isString()) {
                semantic(u"text_expected"_s,
                    message(QT_TRANSLATE_NOOP("Message", "\"%1\" of \"%2\" needs a text."), name,
                        m_key),
                    message(QT_TRANSLATE_NOOP("Message", "Put the value into double quotes.")));
            } else {
                checkCharacters(value, m_key);
            }
        }
    }

    /// A text or a list of texts, each accepted by @p isValid.
    template <typename IsValid>
    void checkTexts(const Value& data, const QString& where, const Message& fix, IsValid isValid)
    {
        const auto checkOne = [&](const Value& item) {
            const auto* text = item.asString();
            if (text == nullptr) {
                semantic(u"text_expected"_s,
                    message(QT_TRANSLATE_NOOP("Message", "\"%1\" needs a text or a list of texts."),
                        where),
                    fix);
            } else if (!isValid(*text)) {
                semantic(u"bad_format"_s,
                    message(QT_TRANSLATE_NOOP("Message", "\"%1\" of \"%2\" has a wrong form."),
                        text->left(80), where),
                    fix);
            }
        };
        if (const auto* items = data.asArray()) {
            std::for_each(items->begin(), items->end(), checkOne);
        } else {
            checkOne(data);
        }
    }

    void checkAddresses()
    {
        checkTexts(m_criterion.data, m_key,
            message(QT_TRANSLATE_NOOP("Message",
                "Write an address or a prefix such as \"10.0.0.0/8\" or \"2001:db8::/32\".")),
            [](const QString& text) { return parseIpPrefix(text).has_value(); });
    }

    void checkSshKeys()
    {
        checkTexts(m_criterion.data, m_key,
            message(
                QT_TRANSLATE_NOOP("Message", "Write a public key as in an authorized_keys file.")),
            [](const QString& text) { return parseAuthorizedKey(text).has_value(); });
    }

    void checkCertificate()
    {
        const auto* members = m_criterion.data.asObject();
        if (members == nullptr) {
            semantic(u"mapping_expected"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"%1\" needs a mapping."), m_key),
                message(QT_TRANSLATE_NOOP("Message",
                    "Use the keys fingerprint, spki_hash, san_email, san_dns or san_uri.")));
            return;
        }
        for (const auto& [name, value] : *members) {
            const QString where = m_key % u'.' % name;
            if (name == u"fingerprint") {
                checkTexts(value, where,
                    message(QT_TRANSLATE_NOOP("Message",
                        "Write the SHA-256 as 64 lower-case hex digits, or as 32 upper-case pairs "
                        "joined by colons.")),
                    isFingerprint);
            } else if (name == u"spki_hash") {
                checkTexts(value, where,
                    message(QT_TRANSLATE_NOOP(
                        "Message", "Write the SHA-256 of the public key info as base64.")),
                    isSpkiHash);
            } else if (name == u"san_email" || name == u"san_dns" || name == u"san_uri") {
                checkAlternativeName(value, where);
            } else {
                reportOperator(name, u"fingerprint, spki_hash, san_email, san_dns or san_uri"_s);
            }
        }
    }

    void checkAlternativeName(const Value& value, const QString& where)
    {
        if (value.member(u"not_in") != nullptr) {
            type(u"san_not_in"_s,
                message(QT_TRANSLATE_NOOP(
                            "Message", "\"not_in\" of \"%1\" does not compile in the proxy."),
                    where),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Deny the values with \"in\" in a deny rule instead.")));
        }
        checkMatcher(value, where, false);
    }

    void checkClaimPath()
    {
        if (!m_criterion.data.isString()) {
            semantic(u"text_expected"_s,
                message(QT_TRANSLATE_NOOP("Message", "\"%1\" needs the name of a claim."), m_key),
                message(QT_TRANSLATE_NOOP("Message", "Write the name in double quotes.")));
            return;
        }
        checkCharacters(m_criterion.data, m_key);
    }

    /// Texts at any depth, keys included: the proxy prints them all into the rule it compiles.
    void checkCharacters(const Value& value, const QString& where)
    {
        if (const auto* text = value.asString()) {
            checkText(*text, where);
        }
        if (const auto* items = value.asArray()) {
            for (const auto& item : *items) {
                checkCharacters(item, where);
            }
        }
        if (const auto* members = value.asObject()) {
            for (const auto& [name, member] : *members) {
                checkText(name, where);
                checkCharacters(member, where);
            }
        }
    }

    void checkText(const QString& text, const QString& where)
    {
        const auto codePoint = firstUnprintable(text);
        if (!codePoint) {
            return;
        }
        const auto number
            = u"U+%1"_s.arg(static_cast<uint>(*codePoint), 4, 16, QChar(u'0')).toUpper();
        type(u"unprintable"_s,
            message(QT_TRANSLATE_NOOP("Message",
                        "\"%1\" holds the character %2, which the proxy cannot compile."),
                QString(where).remove(QChar(u'\0')).left(80), number),
            message(QT_TRANSLATE_NOOP("Message", "Remove the character.")));
    }

    const Criterion& m_criterion;
    QString m_key;
    std::vector<Diagnostic>& m_out;
};

} // namespace

std::vector<Diagnostic> checkPolicy(const Policy& policy, Entry entry)
{
    Q_UNUSED(entry) // config.yaml lower-cases keys before the compiler sees them, nothing more
    std::vector<Diagnostic> out;
    for (const auto& rule : policy.rules) {
        for (const auto& list : rule.lists) {
            for (const auto& criterion : list.criteria) {
                CriterionChecker(criterion, out).check();
            }
        }
    }
    return out;
}

} // namespace portreeve::policy
