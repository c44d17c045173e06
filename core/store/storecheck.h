// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

#include <vector>

namespace portreeve {

class Database;

/// PRAGMA quick_check. @return Storage naming the file when a fault is found
Result<void> quickCheck(Database& database);

/// Store::check(): one sentence per fault.
Result<std::vector<QString>> checkStore(Database& database);

} // namespace portreeve
