// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/parser.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace portreeve::policy {

inline constexpr qsizetype kLargestText = 1024LL * 1024;
inline constexpr int kDeepestNesting = 64;

/// A JSON-like value with its place in the text.
struct Node
{
    enum class Kind : std::uint8_t { Scalar, Sequence, Mapping };

    Kind kind = Kind::Scalar;
    Position at {};
    Value scalar {};
    std::vector<Node> items {}; ///< of a sequence, or the values of a mapping
    std::vector<QString> keys {}; ///< of a mapping, as many as items
    std::vector<Position> keyPositions {};
};

Value toValue(const Node& node);

/// What a front end made of the text: a tree, or at least one parse error.
struct TextTree
{
    std::optional<Node> root {};
    std::vector<Diagnostic> diagnostics {};
};

enum class KeyRule : std::uint8_t {
    Strict, ///< keys are strings, case counts
    LowerCased ///< as viper hands over config.yaml: scalars become strings, in lower case
};

TextTree readYaml(const QByteArray& text, KeyRule keys);
TextTree readJson(const QByteArray& text);

/// The policy a tree spells, or parse errors.
ParseResult readGrammar(const Node& root);

} // namespace portreeve::policy
