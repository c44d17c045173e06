// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/parser.h"

#include "core/policy/texttree.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

TextTree readText(const QByteArray& text, Entry entry)
{
    if (text.size() > kLargestText) {
        return { .diagnostics
            = { { .code = u"too_large"_s,
                .at = { .line = 1, .column = 1 },
                .what = message(QT_TRANSLATE_NOOP(
                    "Message", "The text is larger than 1 MiB, which no policy needs.")),
                .fix = message(QT_TRANSLATE_NOOP("Message",
                    "Split it into several policies, or use \"in\" with a list of values.")) } } };
    }
    switch (entry) {
    case Entry::Json:
        return readJson(text);
    case Entry::ConfigFile:
        return readYaml(text, KeyRule::LowerCased);
    case Entry::Reader:
        break;
    }
    return readYaml(text, KeyRule::Strict);
}

void append(std::vector<Diagnostic>& all, std::vector<Diagnostic> more)
{
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

} // namespace

void sortByPosition(std::vector<Diagnostic>& diagnostics)
{
    std::stable_sort(
        diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
            return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
        });
}

bool isOfAnotherEdition(const Diagnostic& diagnostic)
{
    return diagnostic.code == u"edition_criterion";
}

bool ParseResult::hasErrors() const
{
    return errorClass().has_value();
}

std::optional<DiagnosticClass> ParseResult::errorClass() const
{
    std::optional<DiagnosticClass> first;
    for (const auto& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error && diagnostic.kind != DiagnosticClass::Lint
            && (!first || diagnostic.kind < *first)) {
            first = diagnostic.kind;
        }
    }
    return first;
}

ParseResult parsePolicy(const QByteArray& text, Entry entry)
{
    auto tree = readText(text, entry);
    if (!tree.root) {
        return { .diagnostics = std::move(tree.diagnostics) };
    }
    auto result = readGrammar(*tree.root);
    append(result.diagnostics, std::move(tree.diagnostics));
    if (result.policy) {
        append(result.diagnostics, checkPolicy(*result.policy, entry));
    }
    sortByPosition(result.diagnostics);
    return result;
}

} // namespace portreeve::policy
