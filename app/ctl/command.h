// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/exitcode.h"
#include "app/ctl/session.h"
#include "core/base/result.h"

#include <QCommandLineOption>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace portreeve::ctl {

/// What the command line said for one verb.
class Arguments
{
public:
    Arguments(QStringList positional, QHash<QString, QStringList> options);

    QString at(qsizetype index) const { return m_positional.value(index); }

    qsizetype count() const { return m_positional.size(); }

    bool has(const QString& option) const { return m_options.contains(option); }

    QString value(const QString& option, const QString& fallback = {}) const;

    QStringList values(const QString& option) const { return m_options.value(option); }

    /// A whole number in a range. @return InvalidInput naming the option
    Result<qint64> integer(
        const QString& option, qint64 fallback, qint64 minimum, qint64 maximum) const;

    /// true or false. @return InvalidInput naming the option for anything else
    Result<bool> flag(const QString& option, bool fallback) const;

private:
    QStringList m_positional;
    QHash<QString, QStringList> m_options;
};

using CommandResult = Result<ExitCode>;

struct Command
{
    QString noun {};
    QString verb {}; ///< empty for nouns that are a command by themselves
    QString arguments {}; ///< as in the help: "NAME [--out FILE]"
    QString summary {};
    QString example {};
    qsizetype minimumArguments = 0;
    qsizetype maximumArguments = 0;
    QList<QCommandLineOption> options {};
    std::function<CommandResult(Session&, const Arguments&)> run {};
};

std::vector<Command> providerCommands();
std::vector<Command> connectionCommands();
std::vector<Command> syncCommands();
std::vector<Command> runCommands();
std::vector<Command> directoryCommands();
std::vector<Command> policyCommands();
std::vector<Command> routeCommands();
std::vector<Command> accessCommands();
std::vector<Command> exportCommands();
std::vector<Command> deviceLinkCommands();
std::vector<Command> deviceCommands(); ///< with those about links
std::vector<Command> manifestCommands();
std::vector<Command> targetCommands();
std::vector<Command> pushCommands();
std::vector<Command> attachCommands();
std::vector<Command> serviceCommands();
std::vector<Command> auditCommands();
std::vector<Command> settingsCommands();
std::vector<Command> maintenanceCommands();

/// All of them, in the order of the help.
std::vector<Command> allCommands();

Error usageError(const Message& what, const Message& remedy);

} // namespace portreeve::ctl
