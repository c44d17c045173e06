// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/bundle/directorybundle.h"

#include "core/proxy/filereplace.h"

namespace portreeve {

Result<BundleFile> directoryBundle(const DirectoryRecords& records)
{
    Bundle bundle;
    bundle.users.reserve(records.users.size());
    for (const auto& user : records.users) {
        bundle.users.push_back({ .id = user.id,
            .groupIds = user.groupIds,
            .displayName = user.displayName,
            .email = user.email });
    }
    bundle.groups.reserve(records.groups.size());
    for (const auto& group : records.groups) {
        bundle.groups.push_back({ .id = group.id, .name = group.name, .email = group.email });
    }
    return writeBundle(std::move(bundle));
}

Result<bool> writeBundleFile(const QString& path, const BundleFile& bundle)
{
    return replaceFile(path, bundle.bytes);
}

} // namespace portreeve
