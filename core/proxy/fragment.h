// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/policy/model.h"
#include "core/store/records.h"

#include <QByteArray>

#include <vector>

namespace portreeve {

/// A route with the rules it is written with: own policies, then enforced ones, in one list.
struct ExportedRoute
{
    StoredRoute route {}; ///< policyIds are not written
    std::vector<QString> policyIds {}; ///< own, then enforced ones
    policy::Policy rules {};
};

/// The route as a mapping of config.yaml's keys (proxy.md 2.2).
policy::Value routeValue(const ExportedRoute& route);

/// A YAML document with only `routes:`.
/// @return InvalidInput as writePolicy
Result<QByteArray> writeFragment(const std::vector<ExportedRoute>& routes);

/// Reads the routes of a config.yaml as the proxy would: keys in lower case, policies checked.
/// Keys we do not write are skipped.
/// @return InvalidInput with the first error and its line
Result<std::vector<ExportedRoute>> readFragment(const QByteArray& yaml);

} // namespace portreeve
