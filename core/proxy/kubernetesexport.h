// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"

namespace portreeve {

/// Each route's policies, own and enforced ones joined, as the annotation of its Ingress: one patch
/// document per route, to paste from or to apply with kustomize (proxy.md 10). Documents carry
/// nothing the ingress controller would refuse.
/// @return InvalidInput as writePolicy; nothing is written in part
Result<QByteArray> writeIngressAnnotations(const PreparedExport& prepared);

/// Each policy as a PolicyFilter of the Gateway API, one document each.
/// @param nameSpace  of Kubernetes; empty = left to who applies it
/// @return InvalidInput as writePolicy, or naming the namespace
Result<QByteArray> writePolicyFilters(
    const PreparedExport& prepared, const QString& nameSpace = {});

} // namespace portreeve
