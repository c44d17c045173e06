// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/store.h"

#include <QByteArray>

#include <map>

namespace portreeve {

/// What one process has seen since it began; what is in the store needs no counting.
struct ProcessCounters
{
    /// Deliveries by target id and outcome ("succeeded", "failed", ...).
    std::map<std::pair<QString, QString>, std::int64_t> pushes {};
    std::map<QString, std::int64_t> drifts {}; ///< records others changed, by target id
};

/// The state of every connection and target in Prometheus' text format 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats, seen 2026-11). Times are given as Unix
/// seconds, ages are for queries: time() - portreeve_target_last_success_timestamp_seconds.
/// @return Storage
Result<QByteArray> metricsText(Store& store, const ProcessCounters& counters);

/// Puts the text in place of the file in one step, readable by whom the umask lets.
Result<void> writeMetricsFile(const QString& path, const QByteArray& text);

} // namespace portreeve
