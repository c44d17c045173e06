// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/lint.h"

namespace portreeve::policy {

/// A target with its name for people.
struct NamedTarget
{
    QString name {};
    Target target {};
};

/// parsePolicy() of a text that is kept for any target: which editions know a criterion is the
/// target's affair, and exports refuse it there.
ParseResult parseForAnyTarget(const QByteArray& text, Entry entry = Entry::Reader);

/// All there is to say about such a text: what every proxy refuses, else the lint for each target.
/// What only some of them mind is at most a warning, and its fix names them. Without targets: as
/// for the newest open-source proxy.
ParseResult checkForTargets(const QByteArray& text, std::span<const NamedTarget> targets,
    const DirectoryFacts* directory = nullptr);

} // namespace portreeve::policy
