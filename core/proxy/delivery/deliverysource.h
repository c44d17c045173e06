// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"
#include "core/proxy/directoryrecords.h"
#include "core/proxy/targetoptions.h"
#include "core/store/store.h"

#include <memory>
#include <optional>

namespace portreeve {

/// What a target should hold, read in one go.
struct DeliverySource
{
    ExportSource exports {}; ///< routes, policies and what the target understands
    std::optional<Error> fileError {}; ///< the proxy's own file cannot be told from ours
    std::shared_ptr<const DirectoryRecords> records {}; ///< never null
    DirectoryViewPtr view {}; ///< never null
    std::int64_t generation = 0;
    RecordOwnership users {};
    RecordOwnership groups {};
};

/// People and groups need no file, nor does "Block now": a proxy's file that cannot be used is no
/// error here.
/// @return Storage
Result<DeliverySource> loadDeliverySource(
    Store& store, const ProxyTarget& target, const TargetOptions& options);

/// Changes whenever a target may have to be given something else: by a commit, an edited policy or
/// route, a block, an attachment, by its own options, or because a block is to be lifted by now.
/// @return Storage
Result<QByteArray> deliveryFingerprint(Store& store, const ProxyTarget& target, UtcTime now);

/// Whom to keep out at a target, by id. @return Storage
Result<std::vector<QString>> blockedIds(Store& store, const QString& targetId);

} // namespace portreeve
