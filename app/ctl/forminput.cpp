// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/forminput.h"

#include "app/ctl/cancellation.h"

#include <QFile>
#include <QJsonObject>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
/// Whether standard input is a terminal somebody can type a secret into.
bool canPrompt()
{
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

/// Reading a line goes on after a signal, so that is only begun once there is one.
/// @return false when the program is to end
bool waitForLine()
{
    constexpr int betweenLooksMs = 100;
    while (!isCancelled()) {
        pollfd input { .fd = STDIN_FILENO, .events = POLLIN, .revents = 0 };
        if (::poll(&input, 1, betweenLooksMs) > 0) {
            return true;
        }
    }
    return false;
}

Result<QString> promptSecret(const QString& label)
{
    if (!canPrompt()) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "There is no terminal to ask for %1."), label),
            message(
                QT_TRANSLATE_NOOP("Message", "Give the secret as FIELD=@FILE or FIELD=env:NAME.")));
    }
    termios before {};
    tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    std::cerr << qPrintable(label) << ": " << std::flush;
    std::string line;
    const bool read = waitForLine() && static_cast<bool>(std::getline(std::cin, line));
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << '\n';
    if (!read) {
        return Error { .code = ErrorCode::Cancelled,
            .what = message(QT_TRANSLATE_NOOP("Message", "No value was typed for %1."), label) };
    }
    return QString::fromStdString(line);
}

Result<QString> secretFromEnvironment(const Assignment& given)
{
    const QString name = given.value.mid(4);
    if (!qEnvironmentVariableIsSet(name.toLocal8Bit().constData())) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "The environment has no variable %1."), name),
            message(QT_TRANSLATE_NOOP("Message", "Set it, or give the secret as %1=@FILE."),
                given.key));
    }
    return qEnvironmentVariable(name.toLocal8Bit().constData());
}

Result<QString> secretFromFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "The secret file %1 cannot be read."), path),
            message(QT_TRANSLATE_NOOP("Message", "Check the path and that you may read it.")));
    }
    QString text = QString::fromUtf8(file.readAll());
    if (text.endsWith(u'\n')) {
        text.chop(text.endsWith(u"\r\n") ? 2 : 1);
    }
    return text;
}

Result<QString> secretFrom(const Assignment& given, const FormOwner& owner)
{
    if (given.value == u"-") {
        return promptSecret(owner.label + u' ' + given.key);
    }
    if (given.value.startsWith(u"env:")) {
        return secretFromEnvironment(given);
    }
    if (given.value.startsWith(u'@')) {
        return secretFromFile(given.value.mid(1));
    }
    return usageError(
        message(QT_TRANSLATE_NOOP("Message", "A secret is not given on the command line: %1."),
            given.key),
        message(QT_TRANSLATE_NOOP(
                    "Message", "Write --secret %1=@FILE, %1=env:NAME or %1=- to be asked."),
            given.key));
}

bool isSecret(const FieldDescriptor& field)
{
    return field.kind == FieldKind::Secret;
}
} // namespace

Result<Assignment> splitAssignment(const QString& option, const QString& text)
{
    const qsizetype equals = text.indexOf(u'=');
    if (equals < 1) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "--%1 “%2” has no value."), option, text),
            message(QT_TRANSLATE_NOOP("Message", "Write --%1 KEY=VALUE."), option));
    }
    return Assignment { .key = text.left(equals), .value = text.mid(equals + 1) };
}

QList<QCommandLineOption> formOptions()
{
    return { QCommandLineOption(u"set"_s, u"An option; may be repeated."_s, u"KEY=VALUE"_s),
        QCommandLineOption(u"secret"_s,
            u"A secret: FIELD=@FILE, FIELD=env:NAME or FIELD=- to be asked."_s,
            u"FIELD=SOURCE"_s) };
}

Result<void> readOptionValues(const Arguments& arguments, OptionValues& values)
{
    for (const auto& text : arguments.values(u"set"_s)) {
        const auto given = splitAssignment(u"set"_s, text);
        if (!given) {
            return given.error();
        }
        if (given->value.isEmpty()) {
            values.remove(given->key);
        } else {
            values.insert(given->key, given->value);
        }
    }
    return {};
}

Result<QHash<QString, QString>> readSecrets(const Arguments& arguments, const FormOwner& owner)
{
    QHash<QString, QString> secrets;
    for (const auto& text : arguments.values(u"secret"_s)) {
        const auto given = splitAssignment(u"secret"_s, text);
        if (!given) {
            return given.error();
        }
        const bool known = std::ranges::any_of(owner.fields,
            [&](const auto& field) { return field.key == given->key && isSecret(field); });
        if (!known) {
            return usageError(message(QT_TRANSLATE_NOOP("Message", "%1 has no secret “%2”."),
                                  owner.label, given->key),
                message(QT_TRANSLATE_NOOP("Message", "See portreevectl %1."), owner.help));
        }
        const auto value = secretFrom(*given, owner);
        if (!value) {
            return value.error();
        }
        secrets.insert(given->key, *value);
    }
    return secrets;
}

Result<void> askForMissing(const FormOwner& owner, const OptionValues& values,
    const QStringList& wanted, QHash<QString, QString>& secrets)
{
    for (const auto& field : owner.fields) {
        const bool isWanted = isSecret(field) && (field.required || wanted.contains(field.key))
            && isVisible(field, owner.fields, values) && !secrets.contains(field.key);
        if (!isWanted || !canPrompt()) {
            continue;
        }
        const auto typed = promptSecret(owner.label + u' ' + field.key);
        if (!typed) {
            return typed.error();
        }
        secrets.insert(field.key, *typed);
    }
    return {};
}

Result<void> checkKnownOptions(const FormOwner& owner, const OptionValues& values)
{
    for (auto option = values.cbegin(); option != values.cend(); ++option) {
        const bool known = std::ranges::any_of(owner.fields,
            [&](const auto& field) { return field.key == option.key() && !isSecret(field); });
        if (!known) {
            return Error { .code = ErrorCode::InvalidInput,
                .what = message(QT_TRANSLATE_NOOP("Message", "%1 has no option “%2”."), owner.label,
                    option.key()),
                .remedy = message(QT_TRANSLATE_NOOP("Message", "See portreevectl %1."), owner.help),
                .field = option.key() };
        }
    }
    return {};
}

Result<void> saveWithSecrets(Session& session, const FormOwner& owner,
    const QHash<QString, QString>& secrets, std::vector<QString>& stored,
    const std::function<Result<void>()>& save)
{
    if (secrets.isEmpty()) {
        return save();
    }
    const auto store = session.secrets();
    if (!store) {
        return store.error();
    }
    const SecretsEdit edit { .typed = secrets };
    SecretChanges changes(**store, owner.id, owner.name);
    stored = secretsAfter(stored, edit);
    auto done = changes.make(edit);
    if (done) {
        done = save();
    }
    return done ? done : Result<void>(changes.takeBack(done.error()));
}

Result<void> removeWithSecrets(
    Session& session, SecretOwner owner, const std::function<Result<void>()>& removeRow)
{
    if (session.options().secrets == u"env") {
        owner.stored.clear(); // the environment is nobody's to change
    }
    if (owner.stored.empty()) {
        return removeRow();
    }
    const auto store = session.secrets();
    return store ? portreeve::removeWithSecrets(**store, owner, removeRow)
                 : Result<void>(store.error());
}

QStringList secretsInEnvironment(Session& session, const FormOwner& owner)
{
    QStringList found;
    const auto store
        = session.options().secrets == u"env" ? session.secrets() : Result<SecretStore*>(nullptr);
    for (const auto& field : owner.fields) {
        if (!store || *store == nullptr || !isSecret(field)) {
            continue;
        }
        const auto value = (*store)->read(
            { .connectionId = owner.id, .connectionName = owner.name, .field = field.key });
        if (value && value->has_value()) {
            found.append(field.key);
        }
    }
    return found;
}

QJsonObject secretStates(
    const std::vector<FieldDescriptor>& fields, const std::vector<QString>& stored)
{
    QJsonObject states;
    for (const auto& field : fields) {
        if (isSecret(field)) {
            const bool isStored = std::ranges::find(stored, field.key) != stored.end();
            states.insert(field.key, isStored ? u"stored"_s : u"missing"_s);
        }
    }
    return states;
}

} // namespace portreeve::ctl
