// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/policy/model.h"

#include <QByteArray>

namespace portreeve::policy {

/// The policy as one module of the proxy's rule engine, with the same decisions and reasons as the
/// proxy's own compilation of it, the wide match of http_path and http_method included (policy.md
/// 4.7): a policy must not change its meaning with the way it is delivered. Written in the older
/// spelling of the language, which every release of the proxy reads. Same policy, same text.
/// @return InvalidInput for what the proxy could not compile, and for what only another edition
/// knows
Result<QByteArray> writeRego(const Policy& policy);

} // namespace portreeve::policy
