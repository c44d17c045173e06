// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"

#include <QUrl>

namespace portreeve {

struct TerraformOptions
{
    policy::Edition edition = policy::Edition::Core;
    QUrl apiUrl { QStringLiteral("http://127.0.0.1:5443") }; ///< Core: its gRPC listener
};

/// Policies and routes as one .tf file for the provider pomerium/pomerium (proxy.md 11; attributes
/// as in the provider's schema of 2026-08). The secret is a variable marked sensitive; its value is
/// never written. Enforced policies are named by every route, for Core has no enforcement.
/// @return InvalidInput as writePolicy, or for text that Terraform would change
Result<QByteArray> writeTerraform(
    const PreparedExport& prepared, const TerraformOptions& options = {});

} // namespace portreeve
