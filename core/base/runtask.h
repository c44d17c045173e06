// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <memory>

namespace portreeve {

/// Runs @p work, which returns a Result, on @p pool. Take the answer with future.then(context,
/// ...).
template <typename Work>
auto runTask(QThreadPool& pool, Work work) -> QFuture<std::invoke_result_t<Work>>
{
    using Outcome = std::invoke_result_t<Work>;
    auto promise = std::make_shared<QPromise<Outcome>>();
    auto future = promise->future();
    promise->start();
    pool.start([promise, work = std::move(work)]() mutable {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace portreeve
