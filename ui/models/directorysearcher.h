// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/directoryindex.h"

#include <QObject>
#include <QThreadPool>

#include <optional>

namespace portreeve {

/// Answers queries off the GUI thread. One runs at a time; while it runs only the newest waiting
/// one is kept, so fast typing never piles up work and an older answer never replaces a newer one.
class DirectorySearcher final : public QObject
{
    Q_OBJECT

public:
    explicit DirectorySearcher(QThreadPool& workers, QObject* parent = nullptr);

    void setIndex(DirectoryIndexPtr index);
    void ask(const DirectoryQuery& query);

signals:
    void answered(
        const portreeve::DirectoryIndexPtr& index, const portreeve::DirectoryAnswer& answer);

private:
    void start(const DirectoryQuery& query);

    QThreadPool& m_workers;
    DirectoryIndexPtr m_index;
    std::optional<DirectoryQuery> m_waiting;
    bool m_running = false;
};

} // namespace portreeve
