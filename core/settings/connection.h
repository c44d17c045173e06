// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <QHash>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace portreeve {

/// sync-lifecycle.md 1.3. Stored by name; names never change.
enum class ConnectionState {
    Draft,
    Verifying, ///< shown by the window while its own test runs
    Verified,
    Idle,
    Syncing, ///< shown while a run has its claim, see shownState()
    BackingOff,
    Held,
    NeedsAttention,
    Stale,
    Paused, ///< shown by a window that runs nothing by schedule
    Disabled,
};

QString connectionStateName(ConnectionState state); ///< "backing_off"
std::optional<ConnectionState> connectionStateFromName(QStringView name);

/// sync-lifecycle.md 1.4.
struct Schedule
{
    std::chrono::milliseconds minDelay { std::chrono::minutes(10) };
    std::chrono::milliseconds maxDelay { std::chrono::hours(4) };
    std::chrono::milliseconds stallTimeout { std::chrono::minutes(10) };
    std::chrono::milliseconds recheckDelay { std::chrono::seconds(
        60) }; ///< second look before a scheduled run is held
};

/// Thresholds of guards G1-G9 (sync-lifecycle.md 2.7). A percentage of 0 switches that part off.
struct GuardLimits
{
    int userPercent = 10;
    std::int64_t userCount = 500;
    int groupPercent = 10;
    std::int64_t groupCount = 100;
    int membershipPercent = 20;
    int singleGroupPercent = 50;
    std::int64_t singleGroupMinimum = 10;
    int suspensionPercent = 20;
    std::int64_t suspensionCount = 200;
    int accessPercent = 20;
    int churnPercent = 10;
};

/// What of a person is their id at a proxy: what the sign-in provider issues.
enum class RecordIdSource : std::uint8_t { ProviderId, Email, Login };

/// "id", "email", "login".
QString recordIdSourceName(RecordIdSource source);
std::optional<RecordIdSource> recordIdSourceFromName(QStringView name);

/// What of a fetch is used, and how.
struct SyncRules
{
    std::vector<QString> groupFilter {}; ///< ids or globs on names; empty = all groups
    bool flowThrough = true; ///< people of a group outside the filter count for its kept parents
    bool requireEmail = false; ///< users without an email are quarantined, a stored copy is kept
    bool neverRemove = false; ///< hold every removal by absence
    bool exportSuspended = false;
    bool directOnly = false; ///< exported group_ids hold direct groups only
    RecordIdSource recordId = RecordIdSource::ProviderId; ///< of exported users
    std::chrono::milliseconds tombstoneRetention { std::chrono::hours(24 * 90) };
};

/// A configured connector. Options hold no secrets; secrets are known by key only.
struct Connection
{
    QString id {}; ///< uuid without braces, never reused
    QString name {}; ///< 1 to 64 characters, unique without regard to case
    QString provider {}; ///< ConnectorDescriptor::id
    QHash<QString, QString> options {};
    std::vector<QString> storedSecrets {}; ///< sorted keys of fields with a secret in the store
    Schedule schedule {};
    GuardLimits limits {};
    SyncRules rules {};

    ConnectionState state = ConnectionState::Draft;
    Message stateReason {};
    std::optional<UtcTime> lastAttemptAt {};
    std::optional<UtcTime> lastSuccessAt {};
    std::optional<UtcTime> nextAttemptAt {};
    std::optional<UtcTime> firstFailedAt {};
    int failureCount = 0;
    std::optional<Error> lastError {};
    QString tenantId {};
    std::int64_t generation = 0; ///< of the last commit for this connection; 0 = none yet
    UtcTime createdAt {};

    /// A live process has a run of it going on; told by ConnectionStore, never written.
    bool isRunning = false;
};

/// The stored state, or Syncing while a run goes on in whichever process.
ConnectionState shownState(const Connection& connection);

/// Hash of everything that decides what a fetch means: provider, options, rules. Hex.
QString settingsFingerprint(const Connection& connection);

} // namespace portreeve
