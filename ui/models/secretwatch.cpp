// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/secretwatch.h"

#include "core/base/runtask.h"

namespace portreeve {

SecretWatch::SecretWatch(
    SecretStore& store, QThreadPool& workers, std::function<void()> keepUntilQuit, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_workers(workers)
    , m_keepUntilQuit(std::move(keepUntilQuit))
{
}

void SecretWatch::probe()
{
    const int request = ++m_request;
    m_state = State::Probing;
    emit changed();
    runTask(m_workers, [&store = m_store] {
        return store.probe();
    }).then(this, [this, request](const Result<void>& answer) {
        if (request != m_request) {
            return;
        }
        m_state = answer ? State::Ready : State::Failed;
        m_error = answer ? std::nullopt : std::optional(answer.error());
        emit changed();
    });
}

void SecretWatch::keepUntilQuit()
{
    if (!canKeepUntilQuit()) {
        return;
    }
    m_keepUntilQuit();
    m_isKeptUntilQuit = true;
    probe();
}

} // namespace portreeve
