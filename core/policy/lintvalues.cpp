// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/criteria.h"
#include "core/policy/lintrules.h"
#include "core/policy/matchers.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr std::size_t kLongList = 10'000;

/// Looks at the values of one matcher.
class ValueLint
{
public:
    ValueLint(const Criterion& criterion, const LintContext& context, Findings& out)
        : m_criterion(criterion)
        , m_context(context)
        , m_out(out)
    {
    }

    void run()
    {
        const auto* info = findCriterion(m_criterion.name);
        if (info == nullptr) {
            return;
        }
        const auto data = expandedData(m_criterion);
        const bool isMatcher
            = info->data == DataKind::StringMatcher || info->data == DataKind::ListMatcher;
        if (isMatcher && data.asObject() != nullptr) {
            for (const auto& [name, value] : *data.asObject()) {
                lintOperator(name, value);
            }
            lintContradictions(data);
        }
        lintIgnoredData(info->data);
        lintClaimPath();
    }

private:
    void warn(QStringView section, Message what, Message fix)
    {
        m_out.add(Severity::Warning, section, m_criterion.at, std::move(what), std::move(fix));
    }

    void lintOperator(const QString& name, const Value& value)
    {
        const bool isPositive = name == u"is" || name == u"has" || name == u"exclude";
        if (isPositive && (value.asArray() != nullptr || value.asObject() != nullptr)) {
            warn(u"7_3",
                message(QT_TRANSLATE_NOOP("Message",
                            "\"%1\" of \"%2\" compares with the list as a whole, which never "
                            "matches."),
                    name, criterionKey(m_criterion)),
                m_criterion.name == u"groups" || m_criterion.name == u"claim"
                    ? message(QT_TRANSLATE_NOOP(
                          "Message", "Write one criterion a value, in an \"or\" list."))
                    : message(QT_TRANSLATE_NOOP("Message", "Use \"in\" for a list of values.")));
            return;
        }
        if (name == u"in" || name == u"not_in") {
            lintList(value);
        } else if (isPositive) {
            lintValue(value);
        }
    }

    void lintList(const Value& value)
    {
        const auto* items = value.asArray();
        if (items == nullptr) {
            return;
        }
        std::for_each(items->begin(), items->end(), [this](const Value& item) { lintValue(item); });
        if (items->size() > kLongList) {
            warn(u"7_11",
                message(QT_TRANSLATE_NOOP("Message",
                            "A list of %1 values: the proxy takes seconds to compile it."),
                    QString::number(items->size())),
                message(QT_TRANSLATE_NOOP("Message", "Use a group instead.")));
        }
    }

    void lintValue(const Value& value)
    {
        const auto* text = value.asString();
        if (text == nullptr) {
            const bool isScalar = value.asNumber() != nullptr || value.asBool() != nullptr;
            if (isScalar && m_criterion.name != u"claim") {
                warn(u"7_3",
                    message(QT_TRANSLATE_NOOP("Message",
                                "\"%1\" is compared with a number or truth value, but is always "
                                "text: it never matches."),
                        m_criterion.name),
                    message(QT_TRANSLATE_NOOP("Message", "Put the value into double quotes.")));
            }
            return;
        }
        if (m_criterion.name == u"groups") {
            lintGroup(*text);
        } else if (m_criterion.name == u"email" && !text->isEmpty() && !text->contains(u'@')) {
            warn(u"7_3",
                message(QT_TRANSLATE_NOOP(
                            "Message", "\"%1\" is no e-mail address, so it never matches."),
                    *text),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Write the whole address, or use \"domain\" or \"ends_with\".")));
        } else if (m_criterion.name == u"domain" && text->contains(u'@')) {
            warn(u"7_3",
                message(QT_TRANSLATE_NOOP("Message",
                            "\"%1\" holds an @, which no domain does: it never matches."),
                    *text),
                message(QT_TRANSLATE_NOOP("Message", "Write only what stands behind the @.")));
        } else if (m_criterion.name == u"http_method" && *text != text->toUpper()) {
            warn(u"7_3",
                message(QT_TRANSLATE_NOOP("Message",
                            "Methods are upper case on the wire, so \"%1\" never matches."),
                    *text),
                message(QT_TRANSLATE_NOOP("Message", "Write \"%1\"."), text->toUpper()));
        }
    }

    void lintGroup(const QString& id)
    {
        const auto* directory = m_context.directory;
        if (directory == nullptr || directory->groupIds.contains(id)) {
            return;
        }
        const auto meant = directory->groupIdByName.constFind(id);
        if (meant != directory->groupIdByName.constEnd()) {
            warn(u"7_3",
                message(QT_TRANSLATE_NOOP("Message",
                            "\"%1\" is the name of a group, but the proxy compares ids only."),
                    id),
                message(QT_TRANSLATE_NOOP("Message", "Write the id \"%1\"."), *meant));
            return;
        }
        warn(u"7_3",
            message(
                QT_TRANSLATE_NOOP("Message", "No group of the directory has the id \"%1\"."), id),
            message(QT_TRANSLATE_NOOP(
                "Message", "Choose a group from the directory, or remove the criterion.")));
    }

    /// Pairs of operators of one matcher that cannot both hold.
    void lintContradictions(const Value& data)
    {
        const auto* is = data.member(u"is");
        const auto* has = data.member(u"has");
        const auto* exclude = data.member(u"exclude");
        const auto* in = data.member(u"in");
        const auto equal = [](const Value* a, const Value* b) {
            return a != nullptr && b != nullptr && *a == *b;
        };
        const auto contains = [](const Value* list, const Value* item) {
            const auto* items = list == nullptr ? nullptr : list->asArray();
            return items != nullptr && item != nullptr
                && std::find(items->begin(), items->end(), *item) != items->end();
        };
        const bool contradicts = equal(is, data.member(u"not")) || equal(exclude, has)
            || equal(exclude, is) || (is != nullptr && has != nullptr && !(*is == *has))
            || contains(data.member(u"not_in"), is)
            || (is != nullptr && in != nullptr && !contains(in, is)) || breaksSubstring(data, is);
        if (contradicts) {
            warn(u"7_3",
                message(QT_TRANSLATE_NOOP("Message",
                            "The operators of \"%1\" contradict each other: it never matches."),
                    criterionKey(m_criterion)),
                message(QT_TRANSLATE_NOOP("Message", "Keep only one of them.")));
        }
    }

    static bool breaksSubstring(const Value& data, const Value* is)
    {
        const auto* whole = is == nullptr ? nullptr : is->asString();
        const auto part = [&data](QStringView name) {
            const auto* value = data.member(name);
            return value != nullptr && value->asString() != nullptr ? *value->asString()
                                                                    : QString();
        };
        return whole != nullptr
            && !(whole->startsWith(part(u"starts_with")) && whole->endsWith(part(u"ends_with"))
                && whole->contains(part(u"contains")));
    }

    void lintIgnoredData(DataKind kind)
    {
        const auto* text = m_criterion.data.asString();
        const bool seemsFalse = !isTruthy(m_criterion.data)
            || (text != nullptr && (*text == u"false" || *text == u"no"));
        if (kind == DataKind::Ignored && seemsFalse) {
            warn(u"7_5",
                message(QT_TRANSLATE_NOOP("Message",
                            "The value of \"%1\" is ignored: it holds even when the value says "
                            "false."),
                    m_criterion.name),
                message(QT_TRANSLATE_NOOP(
                    "Message", "Write true, or remove or negate the criterion.")));
        }
        const auto* approved
            = kind == DataKind::Device ? m_criterion.data.member(u"approved") : nullptr;
        if (approved != nullptr && approved->isString() && isTruthy(*approved)) {
            warn(u"7_5",
                message(QT_TRANSLATE_NOOP("Message",
                    "Any text counts as true for \"approved\", even \"false\" and \"no\".")),
                message(QT_TRANSLATE_NOOP("Message", "Write true or false without quotes.")));
        }
    }

    void lintClaimPath()
    {
        if (m_criterion.name != u"claim") {
            return;
        }
        const auto& path = m_criterion.subPath;
        const bool isFile = m_context.target && m_context.target->configFile;
        if (isFile && path != path.toLower()) {
            m_out.add(Severity::Error, u"7_3", m_criterion.at,
                message(QT_TRANSLATE_NOOP("Message",
                            "config.yaml turns the claim name \"%1\" into lower case, so it never "
                            "matches."),
                    path),
                message(QT_TRANSLATE_NOOP("Message",
                    "Send the policy over the proxy's API, or let the provider issue a lower-case "
                    "claim.")));
        }
        QString dotted = path;
        dotted.replace(u'/', u'.');
        const bool mistaken = path.contains(u'/')
            && (m_context.directory == nullptr || m_context.directory->claims.contains(dotted));
        if (mistaken) {
            warn(u"7_3",
                message(
                    QT_TRANSLATE_NOOP("Message",
                        "Nested claims are named with dots; \"%1\" finds only a claim with that "
                        "very name."),
                    path),
                message(QT_TRANSLATE_NOOP("Message", "Write \"claim/%1\"."), dotted));
        }
    }

    const Criterion& m_criterion;
    const LintContext& m_context;
    Findings& m_out;
};

void lintAlternativeNames(const Criterion& criterion, Findings& out)
{
    const auto* members = criterion.data.asObject();
    if (criterion.name != u"client_certificate" || members == nullptr) {
        return;
    }
    for (const auto& [name, value] : *members) {
        const auto* operators = value.asObject();
        const bool suspicious = name.startsWith(u"san_") && operators != nullptr
            && (operators->size() > 1 || value.member(u"not") != nullptr);
        if (suspicious) {
            out.add(Severity::Warning, u"7_8", criterion.at,
                message(QT_TRANSLATE_NOOP("Message",
                            "Each operator of \"%1\" may be met by a different name of the "
                            "certificate, and \"not\" means that some name differs."),
                    name),
                message(QT_TRANSLATE_NOOP("Message",
                    "Use one positive operator, and deny unwanted names in a deny rule.")));
        }
    }
}

void lintUnreliable(
    const Criterion& criterion, Action action, const LintContext& context, Findings& out)
{
    if (criterion.name != u"http_path" && criterion.name != u"http_method") {
        return;
    }
    const auto severity = !context.target ? Severity::Note
        : action == Action::Allow         ? Severity::Error
                                          : Severity::Warning;
    out.add(severity, u"7_10", criterion.at,
        message(QT_TRANSLATE_NOOP("Message",
                    "The proxy compares \"%1\" with every part of the request, the query and the "
                    "body too, so a visitor can choose the outcome."),
            criterion.name),
        message(QT_TRANSLATE_NOOP("Message",
            "Split the route with prefix, path or regex, which the proxy matches properly.")));
}

void lintAvailability(
    const Criterion& criterion, const CriterionInfo& info, const Target& target, Findings& out)
{
    const bool missingInEdition = info.data == DataKind::EditionOnly
        && (target.edition == Edition::Core || (target.edition == Edition::Zero && !info.zero));
    if (missingInEdition) {
        out.add(Severity::Error, u"7_6", criterion.at,
            message(
                QT_TRANSLATE_NOOP("Message", "The target does not know \"%1\"."), criterion.name),
            message(QT_TRANSLATE_NOOP("Message", "Choose a target of another edition.")));
    }
    if (target.sshRoute && !info.onSsh) {
        out.add(Severity::Warning, u"7_6", criterion.at,
            message(QT_TRANSLATE_NOOP("Message", "\"%1\" does not apply to an SSH route."),
                criterion.name),
            message(QT_TRANSLATE_NOOP("Message", "Use ssh_username, ssh_publickey or ssh_ca.")));
    }
    if (!target.coreMinor) {
        return;
    }
    int needed = info.since;
    if (const auto* members = criterion.data.asObject()) {
        for (const auto& member : *members) {
            const bool listIs = info.data == DataKind::ListMatcher && member.first == u"is";
            needed = std::max({ needed, matcherOperatorSince(member.first), listIs ? 28 : 0 });
        }
    }
    if (needed > *target.coreMinor) {
        out.add(Severity::Error, u"7_6", criterion.at,
            message(QT_TRANSLATE_NOOP("Message",
                        "\"%1\" as written here needs version 0.%2; the target runs 0.%3."),
                criterion.name, QString::number(needed), QString::number(*target.coreMinor)),
            message(QT_TRANSLATE_NOOP("Message", "Update the proxy, or remove the criterion.")));
    }
}

} // namespace

void lintValues(const Criterion& criterion, const LintContext& context, Findings& out)
{
    ValueLint(criterion, context, out).run();
}

void lintTarget(
    const Criterion& criterion, Action action, const LintContext& context, Findings& out)
{
    lintAlternativeNames(criterion, out);
    lintUnreliable(criterion, action, context, out);
    const auto* info = findCriterion(criterion.name);
    if (context.target && info != nullptr) {
        lintAvailability(criterion, *info, *context.target, out);
    }
}

} // namespace portreeve::policy
