// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"
#include "core/store/store.h"

namespace portreeve {

/// Everything an export is made from, read in one go; the target stays the default one. Blocks.
/// @return Storage
Result<ExportSource> loadExportSource(Store& store);

} // namespace portreeve
