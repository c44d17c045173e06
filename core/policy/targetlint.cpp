// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/targetlint.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace portreeve::policy {

namespace {

/// One finding about one place; its text may differ from target to target.
using Place = std::tuple<int, int, QString>;

Place placeOf(const Diagnostic& finding)
{
    return { finding.at.line, finding.at.column, finding.code };
}

/// The findings for several targets as one list.
class MergedLint
{
public:
    void add(const QString& target, std::vector<Diagnostic> findings)
    {
        ++m_targets;
        for (auto& finding : findings) {
            m_concerned[placeOf(finding)].insert(target);
            if (m_texts.insert({ placeOf(finding), finding.what.english() }).second) {
                m_findings.push_back(std::move(finding));
            }
        }
    }

    std::vector<Diagnostic> take()
    {
        for (auto& finding : m_findings) {
            const auto& concerned = m_concerned[placeOf(finding)];
            if (concerned.size() < m_targets) {
                finding.severity = std::max(finding.severity, Severity::Warning);
                finding.fix = message(QT_TRANSLATE_NOOP("Message",
                                          "It concerns %1; the other proxies take it as it is."),
                    QStringList(concerned.begin(), concerned.end()).join(QStringLiteral(", ")));
            }
        }
        return std::move(m_findings);
    }

private:
    std::size_t m_targets = 0;
    std::vector<Diagnostic> m_findings;
    std::map<Place, std::set<QString>> m_concerned;
    std::set<std::pair<Place, QString>> m_texts;
};

} // namespace

ParseResult parseForAnyTarget(const QByteArray& text, Entry entry)
{
    auto result = parsePolicy(text, entry);
    std::erase_if(result.diagnostics, isOfAnotherEdition);
    return result;
}

ParseResult checkForTargets(
    const QByteArray& text, std::span<const NamedTarget> targets, const DirectoryFacts* directory)
{
    auto result = parseForAnyTarget(text);
    if (!result.policy || result.hasErrors()) {
        return result;
    }
    static const std::array<NamedTarget, 1> newest {};
    MergedLint lint;
    for (const auto& named : targets.empty() ? std::span<const NamedTarget>(newest) : targets) {
        lint.add(named.name,
            lintPolicy(*result.policy, { .target = named.target, .directory = directory }));
    }
    auto findings = lint.take();
    std::move(findings.begin(), findings.end(), std::back_inserter(result.diagnostics));
    sortByPosition(result.diagnostics);
    return result;
}

} // namespace portreeve::policy
