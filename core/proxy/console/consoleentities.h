// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/proxy/configservice/entities.h"
#include "core/proxy/console/consoleclient.h"

namespace portreeve {

/// Whose an object of the console is, and under which of our ids. The console chooses the ids of
/// new objects (an id that is sent names one to be replaced), so ours stands behind the originator:
/// "portreeve-office/6f7c2d1e-4f0b-4c55-9a53-0d8f0a3a9b11". So a lost answer or a lost data file
/// cannot make duplicates. That the console takes such a text is (unverified here).
struct ConsoleOrigin
{
    QString originator {};
    QString id {}; ///< empty for those of others
};

ConsoleOrigin consoleOrigin(const std::string& text);
std::string consoleOriginText(const QString& originator, const QString& id);

/// The object as it is compared, under @p id. Policy text, which is JSON there, as our canonical
/// text, so that spacing is no difference; a text that cannot be read, as it is.
configservice::PolicyEntity consoleEntity(const ConsolePolicy& wire, const QString& id);
configservice::RouteEntity consoleEntity(const ConsoleRoute& wire, const QString& id);

/// Sets the named fields as the entity has them; all others stay, those included of which nothing
/// here knows. Policy ids of a route are taken as they are.
/// @return InvalidInput for a policy text that cannot be written as JSON
Result<void> writeConsole(
    ConsolePolicy& wire, const configservice::PolicyEntity& policy, const QStringList& fields);
Result<void> writeConsole(
    ConsoleRoute& wire, const configservice::RouteEntity& route, const QStringList& fields);

/// Whether somebody changed the object between two readings. What the console computes itself does
/// not count, nor the order of what nothing here knows, which changes from answer to answer.
bool isSameConsole(const ConsolePolicy& before, const ConsolePolicy& now);
bool isSameConsole(const ConsoleRoute& before, const ConsoleRoute& now);

} // namespace portreeve
