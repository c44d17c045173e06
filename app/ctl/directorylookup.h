// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"

namespace portreeve::ctl {

/// An object of one connection's directory; borrowed from the view it was found in.
struct Found
{
    const ConnectionDirectory* directory = nullptr;
    Row row = kNoRow;
};

/// The one that --connection names.
/// @return InvalidInput with the nearest name when there is none: an empty answer would read as
/// "nobody"
Result<Connection> chosenConnection(Store& store, const Arguments& arguments);

/// @return InvalidInput as chosenConnection()
Result<DirectoryViewPtr> loadView(Session& session, const Arguments& arguments);

/// Whether --connection, where given, names that one.
bool wanted(const ConnectionDirectory& directory, const Arguments& arguments);

/// By id, else by login, e-mail or display name. @return NotFound, or InvalidInput naming the ids
/// of several
Result<Found> findUser(const DirectoryView& view, const Arguments& arguments, const QString& text);

/// By id, else by name.
Result<Found> findGroup(const DirectoryView& view, const Arguments& arguments, const QString& text);

} // namespace portreeve::ctl
