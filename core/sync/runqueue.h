// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QObject>
#include <QString>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <thread>

namespace portreeve {

/// Jobs on short-lived threads: at most `limit` at once and one per key. A further job of a busy
/// key waits for it; of jobs that merge, one of each kind waits. Used on the owner's thread only,
/// where all callbacks but `work` run, too.
class RunQueue
{
public:
    using Delivery = std::function<void()>;

    struct Job
    {
        QString key {};
        int kind = 0;
        bool merges = false; ///< a waiting one of this key and kind stands for this one, too
        std::function<Delivery(const std::stop_token&)> work {}; ///< on a thread of its own
        Delivery started {};
        Delivery cancelled {}; ///< instead of `work` when it never starts
    };

    RunQueue(QObject& owner, std::size_t limit);
    ~RunQueue(); ///< stops and joins what runs; nothing is delivered any more
    RunQueue(const RunQueue&) = delete;
    RunQueue& operator=(const RunQueue&) = delete;

    void add(Job job);
    void cancel(const QString& key);
    void cancelAll();
    bool isBusy(const QString& key) const; ///< running or waiting

    std::size_t runningCount() const { return m_running.size(); }

private:
    void start(Job job);
    void startWaiting();
    void finish(const QString& key, const Delivery& deliver);

    QObject& m_owner;
    std::size_t m_limit;
    std::map<QString, std::jthread> m_running;
    std::deque<Job> m_waiting;
};

} // namespace portreeve
