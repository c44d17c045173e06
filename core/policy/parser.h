// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"
#include "core/policy/model.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace portreeve::policy {

/// How the text reaches the proxy (policy.md 1): Reader = YAML front end (also for JSON text),
/// Json = JSON decoder, ConfigFile = policy: of config.yaml, whose keys are lower-cased.
enum class Entry { Reader, Json, ConfigFile };

enum class Severity { Error, Warning, Note };

/// First the stage that refuses, then lints.
enum class DiagnosticClass { Parse, Semantic, Type, Lint };

struct Diagnostic
{
    Severity severity = Severity::Error;
    DiagnosticClass kind = DiagnosticClass::Parse;
    QString code {}; ///< stable snake_case: "unknown_criterion", "lint_7_1", ...
    Position at {};
    Message what {};
    Message fix {}; ///< what to write instead; may be empty
};

void sortByPosition(std::vector<Diagnostic>& diagnostics);

/// Whether it says no more than that another edition has the criterion: for a text that is kept for
/// any target this is the target's affair.
bool isOfAnotherEdition(const Diagnostic& diagnostic);

struct ParseResult
{
    std::optional<Policy>
        policy {}; ///< nothing after a parse error; also set beside semantic and type errors
    std::vector<Diagnostic> diagnostics {}; ///< by position

    bool hasErrors() const;
    std::optional<DiagnosticClass> errorClass() const; ///< of the first stage that refused
};

/// Shape, semantic and type checks of policy.md 1, 4, 7.4, 7.9. Never throws, whatever the bytes.
/// Input above 1 MiB or nested deeper than 64 is a parse error.
ParseResult parsePolicy(const QByteArray& text, Entry entry = Entry::Reader);

/// Semantic and type checks of a model that was built, not parsed.
std::vector<Diagnostic> checkPolicy(const Policy& policy, Entry entry = Entry::Reader);

} // namespace portreeve::policy
