// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/store.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>

#include <memory>

namespace portreeve::test {

/// A fresh data file in a folder that goes away with this object.
class TestDatabase
{
public:
    TestDatabase();

    QString path() const { return m_folder.filePath(QStringLiteral("portreeve.db")); }

    QString filePath(const QString& name) const { return m_folder.filePath(name); }

    FakeClock& clock() { return m_clock; }

    Store& store() { return *m_store; } ///< opened by the constructor

    /// One more door to the same file, or the answer why not.
    Result<std::unique_ptr<Store>> open();
    void close();

    /// A stored connection of that name.
    Connection addConnection(const QString& name);

private:
    QTemporaryDir m_folder;
    FakeClock m_clock;
    std::unique_ptr<Store> m_store;
};

/// What turns one snapshot into another, for tests that need no rules about completeness.
ChangeSet differences(const SnapshotPtr& before, const SnapshotPtr& after);

} // namespace portreeve::test
