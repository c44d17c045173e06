// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/store/attachmentstore.h"
#include "core/store/auditlog.h"
#include "core/store/connectionstore.h"
#include "core/store/devicelinkstore.h"
#include "core/store/directorystore.h"
#include "core/store/policystore.h"
#include "core/store/pushhistory.h"
#include "core/store/runhistory.h"
#include "core/store/targetstore.h"

#include <QString>

#include <memory>

namespace portreeve {

class Database;

struct StoreOptions
{
    QString path {}; ///< of the database file; its folder is made, 0700, the file 0600
    bool createIfMissing = true;
};

/// One thread's door to the database. Open, use and destroy it on one thread; several threads and
/// processes may each hold one on the same file (WAL). Every call blocks; errors are Storage unless
/// said.
class Store
{
public:
    /// Migrates an older file after a backup beside it; refuses a newer one (Storage, with a
    /// remedy), touching nothing.
    static Result<std::unique_ptr<Store>> open(const StoreOptions& options, const Clock& clock);
    ~Store();

    ConnectionStore& connections();
    DirectoryStore& directory();
    RunHistory& runs();
    PolicyStore& policies();
    AuditLog& audit();
    TargetStore& targets();
    PushHistory& pushes();
    DeviceLinkStore& deviceLinks();
    AttachmentStore& attachments();

    /// Application settings by key, kept in the database: see core/settings/settings.h for the
    /// table.
    Result<std::optional<QString>> setting(const QString& key);
    Result<void> setSetting(const QString& key, const QString& value);

    /// Changes whenever any process commits anything; cheap (one pragma).
    Result<std::int64_t> dataVersion();

    /// Consistent copy of the whole database into a new file (0600); never over an existing one.
    Result<void> backupTo(const QString& file);

    /// Integrity and foreign key check, blobs decode, counts agree. One sentence per fault; empty =
    /// sound.
    Result<std::vector<QString>> check();

    QString path() const;

    /// Replaces the file at @p path by @p backup after checking it; the old one stays beside it.
    static Result<void> restore(const QString& backup, const QString& path, const Clock& clock);

private:
    explicit Store(std::unique_ptr<Database> database, const Clock& clock);
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace portreeve
