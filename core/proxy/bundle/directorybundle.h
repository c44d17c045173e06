// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/export/bundle.h"
#include "core/proxy/directoryrecords.h"

namespace portreeve {

/// The records as bundle.zip: what the file export, a target's file and the endpoint all give.
/// @return as writeBundle
Result<BundleFile> directoryBundle(const DirectoryRecords& records);

/// Into the target's file (proxy.md 8), in one step.
/// @return whether the content differed; as replaceFile
Result<bool> writeBundleFile(const QString& path, const BundleFile& bundle);

} // namespace portreeve
