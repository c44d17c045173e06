// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/exportsource.h"

namespace portreeve {

Result<ExportSource> loadExportSource(Store& store)
{
    auto routes = store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    const auto view = store.directory().loadView();
    if (!view) {
        return view.error();
    }
    std::vector<Tombstone> tombstones;
    for (const auto& directory : (*view)->connections) {
        const auto gone = store.directory().tombstones(directory.connectionId);
        if (!gone) {
            return gone.error();
        }
        tombstones.insert(tombstones.end(), gone->begin(), gone->end());
    }
    return ExportSource { .routes = std::move(*routes),
        .policies = std::move(*policies),
        .groups = access::ExportedGroups(**view, tombstones) };
}

} // namespace portreeve
