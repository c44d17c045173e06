// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"

#include <QStringList>

#include <variant>

namespace portreeve::ctl {

struct Invocation
{
    GlobalOptions options {};
    Command command {};
    Arguments arguments { {}, {} };
};

/// Text to print on stdout, ending with exit code 0: help or the version.
struct HelpText
{
    QString text {};
};

/// Reads `portreevectl [GLOBAL OPTIONS] NOUN VERB [ARGS]`; global options may stand anywhere.
/// @return InvalidInput naming the nearest noun, verb or option for an unknown one
Result<std::variant<Invocation, HelpText>> readCommandLine(const QStringList& arguments);

/// Whether --json stands anywhere: wanted for the form of errors even when the rest is wrong.
bool wantsJson(const QStringList& arguments);

/// The candidate with the least edit distance, at most two letters or a third of the word away;
/// empty when none is.
QString nearest(const QString& word, const QStringList& candidates);

} // namespace portreeve::ctl
