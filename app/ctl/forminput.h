// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/connectors/fields.h"
#include "core/settings/secretchanges.h"

#include <QHash>

#include <functional>

namespace portreeve::ctl {

struct Assignment
{
    QString key {};
    QString value {};
};

/// KEY=VALUE. @return InvalidInput naming the option
Result<Assignment> splitAssignment(const QString& option, const QString& text);

/// A connection or a target as far as its form goes.
struct FormOwner
{
    QString id {};
    QString name {};
    QString label {}; ///< in sentences and at prompts: "Provider ldap", "A target"
    QString help {}; ///< the command that lists the fields
    const std::vector<FieldDescriptor>& fields;
};

/// --set and --secret.
QList<QCommandLineOption> formOptions();

/// Puts --set into @p values; an empty value takes an option back to its default.
/// @return InvalidInput naming the option
Result<void> readOptionValues(const Arguments& arguments, OptionValues& values);

/// Values of --secret FIELD=@FILE, FIELD=env:NAME or FIELD=- (prompt that does not echo), by field.
/// Never taken from the command line itself. @return InvalidInput, or Cancelled at the prompt
Result<QHash<QString, QString>> readSecrets(const Arguments& arguments, const FormOwner& owner);

/// Required secrets that were not given, and those of @p wanted: asked for on a terminal.
Result<void> askForMissing(const FormOwner& owner, const OptionValues& values,
    const QStringList& wanted, QHash<QString, QString>& secrets);

/// @return InvalidInput naming an option no field has
Result<void> checkKnownOptions(const FormOwner& owner, const OptionValues& values);

/// Into the secret store, and their keys into @p stored, sorted; then saves the row. When a secret
/// cannot be written or @p save refuses, the secret store is as it was before, or the error says
/// what could not be put back.
Result<void> saveWithSecrets(Session& session, const FormOwner& owner,
    const QHash<QString, QString>& secrets, std::vector<QString>& stored,
    const std::function<Result<void>()>& save);

/// portreeve::removeWithSecrets() on the session's secret store. With --secrets env only the row.
Result<void> removeWithSecrets(
    Session& session, SecretOwner owner, const std::function<Result<void>()>& removeRow);

/// With --secrets env nothing is written: keys of what the environment holds count as stored.
QStringList secretsInEnvironment(Session& session, const FormOwner& owner);

/// "stored" or "missing" by secret field.
QJsonObject secretStates(
    const std::vector<FieldDescriptor>& fields, const std::vector<QString>& stored);

} // namespace portreeve::ctl
