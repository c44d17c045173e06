// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/directorysearcher.h"

#include "core/base/runtask.h"

#include <utility>

namespace portreeve {

DirectorySearcher::DirectorySearcher(QThreadPool& workers, QObject* parent)
    : QObject(parent)
    , m_workers(workers)
{
}

void DirectorySearcher::setIndex(DirectoryIndexPtr index)
{
    m_index = std::move(index);
}

void DirectorySearcher::ask(const DirectoryQuery& query)
{
    if (!m_index) {
        return;
    }
    if (m_running) {
        m_waiting = query;
        return;
    }
    start(query);
}

void DirectorySearcher::start(const DirectoryQuery& query)
{
    m_running = true;
    runTask(m_workers, [index = m_index, query] {
        return index->find(query);
    }).then(this, [this, index = m_index](const DirectoryAnswer& answer) {
        m_running = false;
        if (const auto next = std::exchange(m_waiting, std::nullopt)) {
            start(*next);
            return;
        }
        emit answered(index, answer);
    });
}

} // namespace portreeve
