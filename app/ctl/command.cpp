// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

Arguments::Arguments(QStringList positional, QHash<QString, QStringList> options)
    : m_positional(std::move(positional))
    , m_options(std::move(options))
{
}

QString Arguments::value(const QString& option, const QString& fallback) const
{
    const auto found = m_options.constFind(option);
    return found == m_options.cend() || found->isEmpty() ? fallback : found->constLast();
}

Result<qint64> Arguments::integer(
    const QString& option, qint64 fallback, qint64 minimum, qint64 maximum) const
{
    if (!has(option)) {
        return fallback;
    }
    bool ok = false;
    const qint64 number = value(option).toLongLong(&ok);
    if (!ok || number < minimum || number > maximum) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "--%1 cannot be “%2”."), option, value(option)),
            message(QT_TRANSLATE_NOOP("Message", "Give a whole number from %1 to %2."),
                QString::number(minimum), QString::number(maximum)));
    }
    return number;
}

Result<bool> Arguments::flag(const QString& option, bool fallback) const
{
    const QString text = value(option, fallback ? u"true"_s : u"false"_s);
    if (text != u"true" && text != u"false") {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "--%1 cannot be “%2”."), option, text),
            message(QT_TRANSLATE_NOOP("Message", "Give true or false.")));
    }
    return text == u"true";
}

std::vector<Command> allCommands()
{
    std::vector<Command> all;
    for (auto* make : { providerCommands, connectionCommands, syncCommands, runCommands,
             directoryCommands, policyCommands, routeCommands, accessCommands, exportCommands,
             manifestCommands, targetCommands, pushCommands, attachCommands, deviceCommands,
             serviceCommands, auditCommands, settingsCommands, maintenanceCommands }) {
        for (auto& command : make()) {
            all.push_back(std::move(command));
        }
    }
    return all;
}

Error usageError(const Message& what, const Message& remedy)
{
    return { .code = ErrorCode::InvalidInput, .what = what, .remedy = remedy };
}

} // namespace portreeve::ctl
