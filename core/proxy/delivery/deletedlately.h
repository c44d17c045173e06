// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QSet>
#include <QString>

namespace portreeve {

class Store;

/// Ids of people and groups that deliveries to a target deleted within the hour before @p now,
/// which the proxy is slow to take again (proxy.md 5.6, case 20). Deliveries keep numbers, not ids:
/// these are what the runs between two deliveries took out of the directory.
/// @return Storage
Result<QSet<QString>> deletedLately(Store& store, const QString& targetId, UtcTime now);

} // namespace portreeve
