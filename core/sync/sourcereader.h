// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncrunner.h"

namespace portreeve {

/// What one reading of a provider brought.
struct Reading
{
    bool unchanged = false; ///< nothing moved since the state handed in; the rest is empty
    SnapshotPtr snapshot {}; ///< after the connection's rules
    QByteArray nextState {};
    QString tenantId {};
    std::vector<Quarantined> quarantine {}; ///< redacted
    std::vector<QString> notes {}; ///< redacted
};

/// The first step of every run: options, secrets, client and connector for one reading of one
/// provider. Errors name the connection and hold none of its secrets.
class SourceReader
{
public:
    SourceReader(const SyncRunner::Services& services, const RunControl& control);

    /// @param state  what the last commit stored; empty to read everything
    Result<Reading> read(const Connection& connection, const QByteArray& state);

    Result<TestReport> test(const ConnectionDraft& draft);

private:
    /// A connector ready to run, with what it borrows.
    struct Session;

    Result<std::unique_ptr<Session>> open(const ConnectionDraft& draft, const QByteArray& state);
    Result<QHash<QString, QString>> secrets(
        const ConnectionDraft& draft, const ConnectorDescriptor& connector);
    Result<Reading> finish(const Connection& connection, const FetchOutcome& outcome,
        SnapshotBuilder& builder, const Redactor& redactor);

    const SyncRunner::Services& m_services;
    const RunControl& m_control;
};

} // namespace portreeve
