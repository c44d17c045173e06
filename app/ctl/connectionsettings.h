// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/settings/connection.h"

namespace portreeve::ctl {

/// Options shared by `connection add` and `connection edit`.
QList<QCommandLineOption> connectionOptions();

/// Puts --set, --min-delay, --max-delay, --limit and --rule into @p connection.
/// @return InvalidInput naming the option or the field
Result<void> readSettings(const Arguments& arguments, Connection& connection);

} // namespace portreeve::ctl
