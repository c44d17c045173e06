// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/store/pushrecords.h"

#include <vector>

namespace portreeve {

class Database;

/// Enrollment links we made, by enrollment id.
class DeviceLinkStore
{
public:
    explicit DeviceLinkStore(Database& database);

    /// All or none.
    Result<void> add(const std::vector<DeviceLink>& links);

    Result<std::vector<DeviceLink>> list(const QString& targetId); ///< newest first
    Result<DeviceLink> byEnrollment(const QString& enrollmentId); ///< NotFound

    /// Times, type, host, redirect, approval, notes and revocation of a known link.
    Result<void> update(const DeviceLink& link);
    Result<void> remove(const QString& enrollmentId);

private:
    Database& m_database;
};

} // namespace portreeve
