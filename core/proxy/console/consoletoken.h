// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QByteArray>

#include <optional>

namespace portreeve {

/// The token of a service account as a person typed it, without white space around it.
/// @return InvalidInput naming console_token, without the text, for what is no signed token
Result<QByteArray> readConsoleToken(const QString& text);

/// When it ends, by its own claim; nothing where it does not say.
std::optional<UtcTime> consoleTokenEnd(const QByteArray& token);

/// What goes into the header "authorization".
QByteArray consoleAuthorization(const QByteArray& token);

} // namespace portreeve
