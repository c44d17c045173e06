// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/fragment.h"

#include <optional>

namespace portreeve {

inline constexpr QByteArrayView kBlockBegin = "# portreeve: begin of managed routes";
inline constexpr QByteArrayView kBlockEnd = "# portreeve: end of managed routes";

/// What speaks against a file that a proxy would load all the same.
struct FileWarning
{
    Message what {};
    Message remedy {};
};

/// When the proxy's debug server is switched on, which tells secrets and records (proxy.md 15).
/// Nothing for a file that cannot be read, which others say.
std::optional<FileWarning> debugServerWarning(const QByteArray& file);

/// The routes the operator wrote, as they stand to ours.
struct OperatorRoutes
{
    std::vector<StoredRoute> before {}; ///< all of them where there is no managed block
    std::vector<StoredRoute> after {};
};

/// The file's routes without those between the two marker lines.
/// @return InvalidInput for what the proxy cannot read, so also for a policy that would freeze its
/// others
Result<OperatorRoutes> operatorRoutes(const QByteArray& file);

/// All routes of the file in the order they are matched, between marker lines too.
/// @return InvalidInput as operatorRoutes()
Result<std::vector<StoredRoute>> fileRoutes(const QByteArray& file);

/// The operator's base file with our routes behind its own. Base wins on every other key; its
/// comments are not preserved.
/// @return InvalidInput when the base file cannot be read, or holds what stops a proxy from loading
Result<QByteArray> mergeIntoBase(const QByteArray& base, const std::vector<ExportedRoute>& routes);

/// The file with our routes between the two marker lines; every byte outside stays.
/// @return InvalidInput when the markers are missing, doubled or nested, or do not stand inside
/// `routes:`, or the file holds what stops a proxy from loading
Result<QByteArray> replaceManagedBlock(
    const QByteArray& file, const std::vector<ExportedRoute>& routes);

} // namespace portreeve
