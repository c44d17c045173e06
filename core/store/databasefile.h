// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QString>

namespace portreeve {

/// "PRTV": marks a file as ours in SQLite's header.
inline constexpr int kApplicationId = 0x50525456;

enum class FileState { Missing, Empty, Ours };

/// Reads the header of the file without SQLite, so that nothing is touched.
/// @return Storage for a file that is not ours, is cut short, or is of a newer version
Result<FileState> inspectDataFile(const QString& path);

/// inspectDataFile(), then makes folder (0700) and empty file (0600) when missing and allowed.
Result<void> prepareDataFile(const QString& path, bool createIfMissing);

/// The sentence for a file that a later version of the program wrote.
Error newerFileError(const QString& path, std::int64_t version);

} // namespace portreeve
