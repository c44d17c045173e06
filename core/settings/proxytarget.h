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

/// How a target stands. Stored by name; names never change.
enum class TargetState {
    New, ///< nothing was delivered yet
    InStep, ///< holds what we last delivered
    Behind, ///< a newer generation or policy waits to be delivered
    Held, ///< a guard stopped a delivery; a person has to look
    Drifted, ///< somebody else changed what we delivered
    Unreachable, ///< tried again by itself
    NeedsAttention, ///< wrong secret, refused content: trying again does not help
    Disabled,
};

QString targetStateName(TargetState state); ///< "in_step"
std::optional<TargetState> targetStateFromName(QStringView name);

/// The listener of a process that gives a target's bundle out.
struct BundleListener
{
    QString address {}; ///< host and port, as in the target's options
    std::optional<Error> error {}; ///< why it is not open
};

/// A proxy we deliver to. Options hold no secrets; secrets are known by key only. What the options
/// mean is for core/proxy/targetoptions.h to say.
struct ProxyTarget
{
    QString id {}; ///< uuid without braces, never reused
    QString name {}; ///< 1 to 64 characters, unique without regard to case
    QHash<QString, QString> options {};
    std::vector<QString> storedSecrets {}; ///< sorted keys of fields with a secret in the store

    TargetState state = TargetState::New;
    Message stateReason {};
    std::optional<UtcTime> lastPushAt {};
    std::optional<UtcTime> lastSuccessAt {};
    std::optional<Error> lastError {};
    QString serverKind {}; ///< as GetServerInfo says; shown, never compared
    QString serverVersion {}; ///< as the proxy says; shown, never compared
    std::uint64_t recordVersion = 0; ///< the databroker's server_version at the last delivery
    std::int64_t generation = 0; ///< of the directory as last delivered; 0 = none
    UtcTime createdAt {};
    std::optional<BundleListener> listener {}; ///< of a live process; told by TargetStore alone
};

} // namespace portreeve
