// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/settings/connection.h"

#include <QJsonObject>

namespace portreeve::ctl {

/// Options shared by `connection add` and `connection edit`.
QList<QCommandLineOption> connectionOptions();

/// Puts --set, --min-delay, --max-delay, --limit and --rule into @p connection.
/// @return InvalidInput naming the option or the field
Result<void> readSettings(const Arguments& arguments, Connection& connection);

/// Limits, rules and delays, as readConnectionFile() reads them.
void addSettings(QJsonObject& object, const Connection& connection);

/// Provider, options and settings of what `connection show` prints as JSON; what it says of the
/// connection's name, state and secrets is passed over.
/// @return InvalidInput naming what does not fit
Result<Connection> readConnectionFile(const QString& path);

} // namespace portreeve::ctl
