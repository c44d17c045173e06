// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

namespace portreeve {

class Database;

/// Whether a row of that id may have this name: 1 to 64 characters, unlike every other name_key of
/// the table. The table's name is one of ours, never input. @return InvalidInput, field "name"
Result<void> checkUniqueName(
    Database& database, const QString& table, const QString& name, const QString& id);

} // namespace portreeve
