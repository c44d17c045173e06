// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/storedaccess.h"

#include "core/store/store.h"

namespace portreeve::access {

Result<AccessMoment> storedMoment(Store& store)
{
    const auto view = store.directory().loadView();
    if (!view) {
        return view.error();
    }
    auto routes = store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    return AccessMoment { .view = **view,
        .rules = { .routes = std::move(*routes), .policies = std::move(*policies) } };
}

Result<AccessImpact> storedAccessImpact(
    Store& store, const Connection& connection, const ChangeSet& changes)
{
    auto routes = store.policies().routes();
    if (!routes) {
        return routes.error();
    }
    if (routes->empty()) {
        return AccessImpact {};
    }
    auto policies = store.policies().policies();
    if (!policies) {
        return policies.error();
    }
    const auto view = store.directory().loadView();
    if (!view) {
        return view.error();
    }
    return accessImpact(changes, connection, **view,
        { .routes = std::move(*routes), .policies = std::move(*policies) });
}

} // namespace portreeve::access
