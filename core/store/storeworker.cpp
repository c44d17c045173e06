// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storeworker.h"

namespace portreeve {

StoreWorker::StoreWorker(StoreOptions options, const Clock& clock)
    : m_options(std::move(options))
    , m_clock(clock)
{
    // One thread that never retires: the store's connection belongs to it.
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1);
}

StoreWorker::~StoreWorker()
{
    m_pool.start([this] { m_store.reset(); });
    m_pool.waitForDone();
}

Result<Store*> StoreWorker::store()
{
    if (!m_store) {
        auto opened = Store::open(m_options, m_clock);
        if (!opened) {
            return opened.error();
        }
        m_store = std::move(*opened);
    }
    return m_store.get();
}

} // namespace portreeve
