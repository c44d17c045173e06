// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/regowriter.h"

#include "core/policy/parser.h"
#include "core/policy/regocriteria.h"

#include <QHash>

#include <set>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr auto kHead = R"(# Compiled by Portreeve from a policy; changes belong there.
package pomerium.policy
)"_L1;

// A result is whether it holds, the reasons, and the kind of device that somebody has to register.
constexpr auto kCombining = R"(kept(results, held) = [held, reasons, detail] {
  reasons := {reason | results[i][0] == held; results[i][1][reason]}
  kinds := {kind | results[i][0] == held; kind := results[i][2].device_type}
  detail := {"device_type": kind | kind := max(kinds)}
}

all_hold(results) = kept(results, false) {
  results[_][0] == false
} else = kept(results, true) {
  true
}

any_holds(results) = kept(results, true) {
  results[_][0] == true
} else = kept(results, false) {
  true
}

inverted(results) = [[held, result[1], result[2]] | result := results[_]; held := result[0] != true]
)"_L1;

QString ruleText(const std::vector<RegoOutcome>& outcomes)
{
    QString out;
    for (const auto& outcome : outcomes) {
        out += out.isEmpty() ? u" = "_s : u" else = "_s;
        out += outcome.value;
        out += u" {\n  "_s;
        out += outcome.conditions.isEmpty() ? u"true"_s : outcome.conditions.join(u"\n  "_s);
        out += u"\n}"_s;
    }
    return out + u'\n';
}

/// Puts the rules of a policy together; equal criteria share one rule.
class ModuleWriter
{
public:
    Result<void> add(const OperatorList& list, Action action)
    {
        QStringList names;
        for (const auto& criterion : list.criteria) {
            auto written = regoCriterion(criterion);
            if (!written) {
                return written.error();
            }
            for (const auto part : written->parts) {
                need(part);
            }
            names << nameOf(ruleText(written->outcomes));
        }
        const QString results = u'[' % names.join(u", "_s) % u']';
        const bool inverts = list.op == Operator::Not || list.op == Operator::Nor;
        const bool all = list.op == Operator::And || list.op == Operator::Not;
        auto& lists = action == Action::Allow ? m_allow : m_deny;
        lists << u"%1(%2)"_s.arg(all ? u"all_hold"_s : u"any_holds"_s,
            inverts ? u"inverted(%1)"_s.arg(results) : results);
        return {};
    }

    QString module() const
    {
        QStringList blocks { kHead, decision(u"allow"_s, m_allow), decision(u"deny"_s, m_deny) };
        blocks << m_criteria;
        for (const auto part : m_parts) {
            blocks << regoPart(part);
        }
        if (!m_criteria.isEmpty()) {
            blocks << kCombining;
        }
        return blocks.join(u'\n');
    }

private:
    void need(RegoPart part)
    {
        if (m_parts.insert(part).second) {
            for (const auto behind : partsBehind(part)) {
                need(behind);
            }
        }
    }

    QString nameOf(const QString& text)
    {
        auto& name = m_names[text];
        if (name.isEmpty()) {
            name = u"criterion_%1"_s.arg(m_criteria.size() + 1);
            m_criteria << QString(name % text);
        }
        return name;
    }

    static QString decision(const QString& action, const QStringList& lists)
    {
        const QString results = lists.join(u",\n    "_s);
        return lists.isEmpty()
            ? ruleText({ { .value = u"[false, set(), {}]"_s } }).prepend(action)
            : ruleText(
                  { { .value = u"result"_s,
                      .conditions = { u"result := any_holds([\n    %1\n  ])"_s.arg(results) } } })
                  .prepend(action);
    }

    QStringList m_allow;
    QStringList m_deny;
    QStringList m_criteria;
    QHash<QString, QString> m_names; // text of a rule -> its name
    std::set<RegoPart> m_parts;
};

} // namespace

Result<QByteArray> writeRego(const Policy& policy)
{
    const auto diagnostics = checkPolicy(policy);
    if (!diagnostics.empty()) {
        const auto& first = diagnostics.front();
        return Error { .code = ErrorCode::InvalidInput,
            .what = first.what,
            .remedy = first.fix,
            .field = u"policy"_s };
    }
    ModuleWriter writer;
    for (const auto& rule : normalForm(policy).rules) {
        for (const auto& list : rule.lists) {
            if (auto added = writer.add(list, rule.action); !added) {
                return added.error();
            }
        }
    }
    return writer.module().toUtf8();
}

} // namespace portreeve::policy
