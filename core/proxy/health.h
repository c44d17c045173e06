// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httpclient.h"

#include <vector>

namespace portreeve {

/// One line of the proxy's health answer.
struct HealthCheck
{
    QString name {}; ///< "config.databroker.build"
    QString status {}; ///< "RUNNING"; says nothing about errors
    QString error {}; ///< the proxy's own words; empty = sound
};

struct HealthReport
{
    std::vector<HealthCheck> checks {}; ///< by name

    /// The first check that says the proxy could not take over its configuration; null = none does.
    /// A check nobody reported on yet is not an error.
    const HealthCheck* configurationError() const;
};

/// The body of healthz, readyz or startupz: an object of {status, error, attributes} by check
/// (pomerium/pomerium pkg/health/http.go, v0.32.9, read 2026-11).
/// @return BadResponse when it is anything else
Result<HealthReport> parseHealth(const QByteArray& body);

/// Asks the health endpoint (health_check_addr, http://127.0.0.1:28080/healthz by default). The
/// HTTP status says nothing: errors stand in the checks while it answers 200. Blocks.
/// @return as HttpClient::send, NotFound when there is no such page, else as parseHealth
Result<HealthReport> readHealth(
    HttpClient& http, const QUrl& healthUrl, const std::stop_token& stop);

} // namespace portreeve
