// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/runtask.h"
#include "core/store/store.h"

#include <QThreadPool>

#include <functional>
#include <memory>

namespace portreeve {

/// Runs store calls off the GUI thread, one after another, on one thread with its own Store:
/// `worker.run([id](Store& store) { return store.runs().byId(id); }).then(this, ...)`.
class StoreWorker
{
public:
    StoreWorker(StoreOptions options, const Clock& clock);
    ~StoreWorker(); ///< waits for what runs

    template <typename Work> auto run(Work work) -> QFuture<std::invoke_result_t<Work, Store&>>
    {
        using Outcome = std::invoke_result_t<Work, Store&>;
        return runTask(m_pool, [this, work = std::move(work)]() mutable -> Outcome {
            auto opened = store();
            if (!opened) {
                return opened.error();
            }
            return work(**opened);
        });
    }

private:
    Result<Store*> store(); // on the worker thread; opens at first use

    StoreOptions m_options;
    const Clock& m_clock;
    QThreadPool m_pool;
    std::unique_ptr<Store> m_store;
};

} // namespace portreeve
