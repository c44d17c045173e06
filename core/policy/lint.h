// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/parser.h"

#include <QHash>
#include <QSet>

#include <optional>
#include <span>

namespace portreeve::policy {

enum class Edition { Core, Zero, Enterprise };

/// What the policy is meant for.
struct Target
{
    Edition edition = Edition::Core;
    std::optional<int> coreMinor {}; ///< 33 for 0.33.x; nothing = newest
    bool configFile = false; ///< reaches the proxy through config.yaml
    bool sshRoute = false;
    bool hasDirectory = true; ///< somebody gives it directory records, without which nobody has
                              ///< groups
};

/// What the lint may know of the directory; ids as the proxy sees them.
struct DirectoryFacts
{
    QSet<QString> groupIds {};
    QHash<QString, QString> groupIdByName {};
    QSet<QString> claims {}; ///< dotted names, where known
};

struct LintContext
{
    std::optional<Target> target {};
    const DirectoryFacts* directory = nullptr; ///< borrowed; null = unknown
};

/// All there is to say about a text: what the proxy refuses and, when it refuses nothing, the lint.
ParseResult checkText(
    const QByteArray& text, const LintContext& context = {}, Entry entry = Entry::Reader);

/// Shapes that are legal and probably not meant (policy.md 7), by position. Codes "lint_7_1" ...
std::vector<Diagnostic> lintPolicy(const Policy& policy, const LintContext& context = {});

/// What only shows when the policies of one route stand together (policy.md 7.5, 7.11).
std::vector<Diagnostic> lintRoute(std::span<const Policy> policies);

/// Whether the criterion holds without any session although its name speaks of identity
/// (policy.md 7.1).
bool holdsWithoutSession(const Criterion& criterion);

/// Whether the list admits everybody whatever the request (accept, or the negation of reject).
bool isAlwaysTrue(const OperatorList& list);

} // namespace portreeve::policy
