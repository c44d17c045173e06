// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/policyinput.h"

#include "app/ctl/command.h"
#include "app/ctl/files.h"
#include "core/policy/targetlint.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {

/// The first error as the command's error, naming file, line and column.
Error firstError(const policy::ParseResult& parsed, const QString& file)
{
    for (const auto& diagnostic : parsed.diagnostics) {
        if (diagnostic.severity == policy::Severity::Error) {
            return { .code = ErrorCode::InvalidInput,
                .what = message(QT_TRANSLATE_NOOP("Message", "%1, line %2, column %3: %4"), file,
                    QString::number(diagnostic.at.line), QString::number(diagnostic.at.column),
                    diagnostic.what.english()),
                .remedy = diagnostic.fix,
                .detail = diagnostic.code };
        }
    }
    return usageError(message(QT_TRANSLATE_NOOP("Message", "%1 holds no policy."), file),
        message(QT_TRANSLATE_NOOP(
            "Message", "Write a list of allow and deny rules; [] is an empty policy.")));
}

} // namespace

Result<policy::Policy> readPolicy(const QString& file, policy::Entry entry)
{
    const auto bytes = readInput(file);
    if (!bytes) {
        return bytes.error();
    }
    const auto parsed = policy::parseForAnyTarget(*bytes, entry);
    if (parsed.hasErrors() || !parsed.policy) {
        return firstError(parsed, file);
    }
    return *parsed.policy;
}

} // namespace portreeve::ctl
