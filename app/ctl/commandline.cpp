// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/commandline.h"

#include "core/settings/datadirectory.h"

#include <QCommandLineParser>

#include <algorithm>
#include <numeric>
#include <optional>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
const QStringList kLogLevels { u"debug"_s, u"info"_s, u"warning"_s, u"error"_s };

QList<QCommandLineOption> globalOptions()
{
    return {
        QCommandLineOption(
            u"data-dir"_s, u"Where the database is kept (default: the window's own)."_s, u"DIR"_s),
        QCommandLineOption(u"json"_s, u"Print JSON."_s),
        QCommandLineOption(u"quiet"_s, u"No messages and no progress."_s),
        QCommandLineOption(u"no-color"_s, u"No colours on a terminal."_s),
        QCommandLineOption(
            u"secrets"_s, u"keychain, file:PATH or env (default: keychain)."_s, u"STORE"_s),
        QCommandLineOption(
            u"log-level"_s, u"debug, info, warning or error (default: warning)."_s, u"LEVEL"_s),
        QCommandLineOption(u"help"_s, u"Show this help."_s),
        QCommandLineOption(u"version"_s, u"Show the version."_s),
    };
}

QString optionHelp(const QList<QCommandLineOption>& options)
{
    QString text;
    for (const auto& option : options) {
        QString name = u"  --"_s + option.names().constFirst();
        if (!option.valueName().isEmpty()) {
            name += u' ' + option.valueName();
        }
        text += name.leftJustified(26) + u' ' + option.description() + u'\n';
    }
    return text;
}

QString commandTitle(const Command& command)
{
    return QStringList { command.noun, command.verb, command.arguments }.join(u' ').simplified();
}

QString overviewHelp(const std::vector<Command>& commands, const QString& noun)
{
    QString text = u"Usage: portreevectl [OPTIONS] NOUN VERB [ARGUMENTS]\n\n"_s;
    text += u"Keeps an access proxy in step with a company's directory.\n\nCommands:\n"_s;
    for (const auto& command : commands) {
        if (noun.isEmpty() || command.noun == noun) {
            text += u"  "_s
                + QString(command.noun + u' ' + command.verb).trimmed().leftJustified(20) + u' '
                + command.summary + u'\n';
        }
    }
    text += u"\nOptions:\n"_s + optionHelp(globalOptions());
    text += u"\nExample:\n  portreevectl sample --users 5000 && portreevectl sync Sample\n"_s;
    return text;
}

QString commandHelp(const Command& command)
{
    QString text
        = u"Usage: portreevectl "_s + commandTitle(command) + u"\n\n"_s + command.summary + u"\n"_s;
    if (!command.options.isEmpty()) {
        text += u"\nOptions:\n"_s + optionHelp(command.options);
    }
    text += u"\nGlobal options:\n"_s + optionHelp(globalOptions());
    text += u"\nExample:\n  portreevectl "_s + command.example + u'\n';
    return text;
}

/// Letters to add, take away, change or swap with their neighbour.
qsizetype editDistance(const QString& a, const QString& b)
{
    const auto width = static_cast<std::size_t>(b.size()) + 1;
    std::vector<std::vector<qsizetype>> table(
        static_cast<std::size_t>(a.size()) + 1, std::vector<qsizetype>(width, 0));
    std::iota(table[0].begin(), table[0].end(), 0);
    for (std::size_t i = 1; i < table.size(); ++i) {
        const QChar left = a.at(static_cast<qsizetype>(i) - 1);
        table[i][0] = static_cast<qsizetype>(i);
        for (std::size_t j = 1; j < width; ++j) {
            const QChar right = b.at(static_cast<qsizetype>(j) - 1);
            table[i][j] = std::min({ table[i - 1][j] + 1, table[i][j - 1] + 1,
                table[i - 1][j - 1] + (left == right ? 0 : 1) });
            const bool swapped = i > 1 && j > 1 && left == b.at(static_cast<qsizetype>(j) - 2)
                && right == a.at(static_cast<qsizetype>(i) - 2);
            if (swapped) {
                table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
            }
        }
    }
    return table.back().back();
}

Error unknown(
    const char* what, const QString& word, const QStringList& candidates, const QString& help)
{
    const QString near = nearest(word, candidates);
    const Message remedy = near.isEmpty()
        ? message(QT_TRANSLATE_NOOP("Message", "See portreevectl %1--help."), help)
        : message(QT_TRANSLATE_NOOP("Message", "Did you mean “%1”? See portreevectl %2--help."),
              near, help);
    return usageError(message(what, word), remedy);
}

/// The words that are neither options nor their values: noun and verb are the first of them.
QStringList wordsOf(const QStringList& arguments, const std::vector<Command>& commands)
{
    QStringList withValue;
    const auto note = [&](const QList<QCommandLineOption>& options) {
        for (const auto& option : options) {
            if (!option.valueName().isEmpty()) {
                withValue.append(u"--"_s + option.names().constFirst());
            }
        }
    };
    note(globalOptions());
    for (const auto& command : commands) {
        note(command.options);
    }
    QStringList words;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        if (withValue.contains(arguments.at(i))) {
            ++i;
        } else if (!arguments.at(i).startsWith(u"--") && arguments.at(i) != u"-h") {
            words.append(arguments.at(i));
        }
    }
    return words;
}

Result<Command> findCommand(const QStringList& words, const std::vector<Command>& commands)
{
    QStringList nouns;
    QStringList verbs;
    for (const auto& command : commands) {
        nouns.append(command.noun);
        if (command.noun != words.value(0)) {
            continue;
        }
        if (command.verb.isEmpty() || command.verb == words.value(1)) {
            return command;
        }
        verbs.append(command.verb);
    }
    if (verbs.isEmpty()) {
        return unknown(
            QT_TRANSLATE_NOOP("Message", "There is no command “%1”."), words.value(0), nouns, {});
    }
    if (words.size() < 2) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "“%1” needs a verb."), words.at(0)),
            message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), verbs.join(u", "_s)));
    }
    return unknown(QT_TRANSLATE_NOOP("Message", "There is no verb “%1” here."), words.at(1), verbs,
        words.at(0) + u' ');
}

Result<GlobalOptions> readGlobals(const QCommandLineParser& parser)
{
    GlobalOptions options;
    options.dataDirectory
        = parser.isSet(u"data-dir"_s) ? parser.value(u"data-dir"_s) : defaultDataDirectory();
    if (parser.isSet(u"secrets"_s)) {
        options.secrets = parser.value(u"secrets"_s);
    }
    options.output = { .json = parser.isSet(u"json"_s),
        .quiet = parser.isSet(u"quiet"_s),
        .color = !parser.isSet(u"no-color"_s) && qEnvironmentVariableIsEmpty("NO_COLOR") };
    if (parser.isSet(u"log-level"_s)) {
        options.logLevel = parser.value(u"log-level"_s);
    }
    if (!kLogLevels.contains(options.logLevel)) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "There is no log level “%1”."), options.logLevel),
            message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), kLogLevels.join(u", "_s)));
    }
    return options;
}

/// What does not fit the command, or nothing.
std::optional<Error> wrongUse(
    const QCommandLineParser& parser, const Command& command, qsizetype given)
{
    const QString help = QString(command.noun + u' ' + command.verb).trimmed() + u' ';
    if (!parser.unknownOptionNames().isEmpty()) {
        QStringList known;
        for (const auto& option : globalOptions() + command.options) {
            known.append(option.names().constFirst());
        }
        return unknown(QT_TRANSLATE_NOOP("Message", "There is no option “--%1” here."),
            parser.unknownOptionNames().constFirst(), known, help);
    }
    if (given < command.minimumArguments || given > command.maximumArguments) {
        return usageError(given < command.minimumArguments
                ? message(
                      QT_TRANSLATE_NOOP("Message", "“%1” needs more arguments."), help.trimmed())
                : message(
                      QT_TRANSLATE_NOOP("Message", "“%1” takes fewer arguments."), help.trimmed()),
            message(QT_TRANSLATE_NOOP("Message", "Usage: portreevectl %1"), commandTitle(command)));
    }
    return std::nullopt;
}
} // namespace

QString nearest(const QString& word, const QStringList& candidates)
{
    QString best;
    qsizetype least = std::max<qsizetype>(2, word.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        const qsizetype distance = editDistance(word.toLower(), candidate.toLower());
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

bool wantsJson(const QStringList& arguments)
{
    return arguments.contains(u"--json"_s);
}

Result<std::variant<Invocation, HelpText>> readCommandLine(const QStringList& arguments)
{
    using Answer = std::variant<Invocation, HelpText>;
    const auto commands = allCommands();
    const QStringList words = wordsOf(arguments, commands);
    const bool help = arguments.contains(u"--help"_s) || arguments.contains(u"-h"_s);
    if (arguments.contains(u"--version"_s)) {
        return Answer(HelpText { u"portreevectl " PORTREEVE_VERSION "\n"_s });
    }
    const bool nounOnly = words.size() < 2
        && std::ranges::none_of(
            commands, [&](const auto& c) { return c.noun == words.value(0) && c.verb.isEmpty(); });
    if (words.isEmpty() || (help && nounOnly)) {
        return Answer(HelpText { overviewHelp(commands, words.value(0)) });
    }
    const auto command = findCommand(words, commands);
    if (!command) {
        return command.error();
    }
    if (help) {
        return Answer(HelpText { commandHelp(*command) });
    }

    QCommandLineParser parser;
    parser.addOptions(globalOptions());
    parser.addOptions(command->options);
    const bool parsed = parser.parse(arguments);
    const qsizetype leading = command->verb.isEmpty() ? 1 : 2;
    const QStringList positional = parser.positionalArguments().mid(leading);
    if (auto wrong = wrongUse(parser, *command, positional.size())) {
        return *wrong;
    }
    if (!parsed) {
        return usageError(Message::verbatim(parser.errorText()),
            message(
                QT_TRANSLATE_NOOP("Message", "Usage: portreevectl %1"), commandTitle(*command)));
    }
    const auto globals = readGlobals(parser);
    if (!globals) {
        return globals.error();
    }
    QHash<QString, QStringList> given;
    for (const auto& option : command->options) {
        const QString name = option.names().constFirst();
        if (parser.isSet(name)) {
            given.insert(name, parser.values(name));
        }
    }
    return Answer(Invocation {
        .options = *globals, .command = *command, .arguments = Arguments(positional, given) });
}

} // namespace portreeve::ctl
