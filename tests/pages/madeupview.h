// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/directorystore.h"
#include "tests/support/listing.h"

namespace portreeve::test {

/// A connection as a page would load it.
ConnectionDirectory connectionOf(const QString& name, SnapshotPtr snapshot);

DirectoryViewPtr viewOf(std::vector<ConnectionDirectory> connections);

/// A small company: Engineering holds DevOps, Everyone holds both and Support.
Listing smallCompany();

/// @p users people "Person 0", ... in groups of 50, with every tenth group inside another.
SnapshotPtr largeCompany(int users);

} // namespace portreeve::test
