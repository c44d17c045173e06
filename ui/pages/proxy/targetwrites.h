// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/runtask.h"
#include "core/settings/proxytarget.h"
#include "core/settings/secretchanges.h"

namespace portreeve {

struct AppContext;

/// What a form changed about a target; one without an id is new.
struct TargetEdit
{
    ProxyTarget target {};
    SecretsEdit secrets {};
};

/// These work on a worker thread and answer there; take the answer with then(context, ...). When a
/// secret cannot be stored, nothing is changed, or the error names what could not be put back.
QFuture<Result<ProxyTarget>> storeTarget(const AppContext& context, const TargetEdit& edit);
QFuture<Result<void>> removeTarget(const AppContext& context, const ProxyTarget& target);
QFuture<Result<void>> setTargetEnabled(
    const AppContext& context, const QString& targetId, bool isEnabled);

} // namespace portreeve
