// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/connectors/connector.h"
#include "core/settings/connection.h"

#include <QHash>

namespace portreeve::ctl {

/// Options shared by `connection add` and `connection edit`.
QList<QCommandLineOption> connectionOptions();

/// Puts --set, --min-delay, --max-delay, --limit and --rule into @p connection.
/// @return InvalidInput naming the option or the field
Result<void> readSettings(const Arguments& arguments, Connection& connection);

/// Values of --secret FIELD=@FILE, FIELD=env:NAME or FIELD=- (prompt that does not echo), by field.
/// Never taken from the command line itself. @return InvalidInput, or Cancelled at the prompt
Result<QHash<QString, QString>> readSecrets(
    const Arguments& arguments, const ConnectorDescriptor& connector);

/// Whether standard input is a terminal somebody can type a secret into.
bool canPrompt();
Result<QString> promptSecret(const QString& label);

} // namespace portreeve::ctl
