// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/proxy/capabilities.h"
#include "core/settings/proxytarget.h"

#include <QHash>

namespace portreeve {

/// Options and secrets as typed into a form that is not saved yet, or as stored.
struct TargetDraft
{
    ProxyTarget target {};
    QHash<QString, QString> typedSecrets {}; ///< by field; others are read from the secret store
};

/// What "Test connection" found.
struct TargetReport
{
    /// In order, each ticked or crossed by itself. Names are stable: "options", "secret", "reach",
    /// "service", "sign_in", "namespace", "records", "devices", "capacity", "clock", "health",
    /// "file", "bundle", "certificate", "mode".
    std::vector<TestStep> steps {};
    std::optional<Error> failure {}; ///< of the first crossed step
    MeasuredCapabilities measured {};
    QString serverKind {}; ///< as the proxy says
    QString serverVersion {};
    std::optional<std::int64_t> userRecords {};
    std::optional<std::int64_t> groupRecords {};
    std::optional<std::int64_t> policies {};
    std::optional<std::int64_t> routes {};
    std::optional<std::int64_t> enrollments {}; ///< of devices
    std::optional<std::int64_t> credentials {}; ///< of devices

    bool passed() const { return !failure.has_value(); }
};

} // namespace portreeve
