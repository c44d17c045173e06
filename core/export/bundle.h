// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace portreeve {

/// The directory as the proxy reads it: bundle.zip with one JSON array per record type
/// (pomerium/datasource, internal/httputil/serve.go, seen 2026-11).
struct BundleUser
{
    QString id {};
    std::vector<QString> groupIds {};
    QString displayName {};
    QString email {};
};

struct BundleGroup
{
    QString id {};
    QString name {};
    QString email {};
};

struct Bundle
{
    std::vector<BundleUser> users {};
    std::vector<BundleGroup> groups {};
};

struct BundleFile
{
    QByteArray bytes {}; ///< of the zip; equal content gives equal bytes
    QByteArray etag {}; ///< quoted, strong, of the content: it outlives another zip library
    std::optional<UtcTime> modifiedAt {}; ///< since when this content is given out; for listeners
};

/// Sorts everything by the bytes of its ids and drops double group ids.
/// @return Storage when the zip library fails
Result<BundleFile> writeBundle(Bundle bundle);

struct BundleLimits
{
    std::int64_t compressedBytes = 1LL << 30;
    std::int64_t uncompressedBytes = 8LL << 30;
    std::int64_t ratio = 200; ///< of an entry, checked above a mebibyte
    std::int64_t recordBytes = 16LL << 20;
};

/// Where a bundle lies: an open file (the descriptor stays the caller's) or bytes that outlive the
/// reading.
struct BundleSource
{
    int fileDescriptor = -1;
    QByteArray bytes {};
    QString name {}; ///< for messages
};

/// Called per record, groups first; nothing is kept by the reader but ids.
struct BundleVisitor
{
    std::function<void(const BundleGroup&)> group;
    std::function<void(const BundleUser&)> user;
};

struct BundleReport
{
    std::int64_t users = 0;
    std::int64_t groups = 0;
    std::vector<QString> otherEntries {}; ///< names of entries that were not read
};

/// @return BadResponse for anything but a sound bundle (missing or double entry, record without id,
/// double id), LimitExceeded, Cancelled
Result<BundleReport> readBundle(const BundleSource& source, const BundleVisitor& visitor,
    const std::stop_token& stop, const BundleLimits& limits = {});

} // namespace portreeve
