// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncplan.h"

#include <QStringList>

namespace portreeve::ctl {

/// A line for each guard that holds something back, with its reason.
QStringList heldReasons(const SyncPlan& plan);

} // namespace portreeve::ctl
