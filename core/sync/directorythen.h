// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/store/directorystore.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace portreeve {

class Store;

/// The directories as the plan in a file would leave them, its held rows let through. Reads the
/// file only: what the source says by now is not asked.
/// @return InvalidInput when it is no plan, or one of no connection here; Stale when the
/// connection's directory has moved since
Result<DirectoryView> directoriesAfterPlan(const DirectoryView& now, const QByteArray& planJson);

struct DirectoriesThen
{
    DirectoryView view {};

    /// Names of connections that are gone and had a directory by then. Whether they were removed
    /// before or after, nothing tells; their people are in no view.
    std::vector<QString> gone {};
};

/// The directories as they were at a past moment: today's, with the runs since taken back.
/// @return Stale when the history of a connection does not lead to its directory
Result<DirectoriesThen> directoriesAt(Store& store, const DirectoryView& now, UtcTime moment);

} // namespace portreeve
