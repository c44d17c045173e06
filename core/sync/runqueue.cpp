// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/runqueue.h"

#include <algorithm>

namespace portreeve {

RunQueue::RunQueue(QObject& owner, std::size_t limit)
    : m_owner(owner)
    , m_limit(limit)
{
}

RunQueue::~RunQueue()
{
    for (auto& [key, thread] : m_running) {
        thread.request_stop();
    }
}

void RunQueue::add(Job job)
{
    const bool merged = std::any_of(m_waiting.begin(), m_waiting.end(),
        [&](const Job& waiting) { return waiting.key == job.key && waiting.kind == job.kind; });
    if (!merged) {
        m_waiting.push_back(std::move(job));
        startWaiting();
    }
}

void RunQueue::startWaiting()
{
    for (auto next = m_waiting.begin(); next != m_waiting.end() && m_running.size() < m_limit;) {
        if (m_running.contains(next->key)) {
            ++next;
            continue;
        }
        Job job = std::move(*next);
        m_waiting.erase(next);
        start(std::move(job));
        next = m_waiting.begin(); // a callback may have added or cancelled jobs
    }
}

void RunQueue::start(Job job)
{
    const QString key = job.key;
    const Delivery started = job.started;
    m_running.emplace(
        key, std::jthread([this, key, work = std::move(job.work)](const std::stop_token& stop) {
            Delivery deliver = work(stop);
            // Dropped with the owner when it dies first; `this` dies with the owner.
            QMetaObject::invokeMethod(
                &m_owner, [this, key, deliver = std::move(deliver)] { finish(key, deliver); },
                Qt::QueuedConnection);
        }));
    started();
}

void RunQueue::finish(const QString& key, const Delivery& deliver)
{
    m_running.erase(key); // joins: the thread has nothing left to do
    deliver();
    startWaiting();
}

void RunQueue::cancel(const QString& key)
{
    if (const auto running = m_running.find(key); running != m_running.end()) {
        running->second.request_stop();
    }
    std::vector<Delivery> cancelled;
    std::erase_if(m_waiting, [&](const Job& job) {
        if (job.key == key) {
            cancelled.push_back(job.cancelled);
        }
        return job.key == key;
    });
    for (const Delivery& tell : cancelled) {
        tell();
    }
}

void RunQueue::cancelAll()
{
    std::vector<Delivery> cancelled;
    cancelled.reserve(m_waiting.size());
    for (const Job& job : m_waiting) {
        cancelled.push_back(job.cancelled);
    }
    m_waiting.clear();
    for (auto& [key, thread] : m_running) {
        thread.request_stop();
    }
    for (const Delivery& tell : cancelled) {
        tell();
    }
}

bool RunQueue::isBusy(const QString& key) const
{
    return m_running.contains(key)
        || std::any_of(
            m_waiting.begin(), m_waiting.end(), [&](const Job& job) { return job.key == key; });
}

} // namespace portreeve
