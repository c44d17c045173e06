// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/proxy/exporttext.h"

namespace portreeve::ctl {

/// The stored routes and policies as text. Every refusal is told, and the first one is the error.
Result<QByteArray> checkedText(Session& session, const ExportRequest& request);

/// --edition and --core-version. @return InvalidInput naming the option
Result<policy::Target> targetOption(const Arguments& arguments);
QList<QCommandLineOption> targetOptionList();

/// The http or https address an option gives. @return InvalidInput naming the option
Result<QUrl> webAddress(const Arguments& arguments, const QString& option);

/// Into --out by a temporary file and a rename, else to standard output.
CommandResult deliver(Session& session, const Arguments& arguments, const QByteArray& content);

} // namespace portreeve::ctl
