// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/registry.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttpclient.h"

namespace portreeve::test {

/// One connector that speaks HTTP with everything a run needs, over a fake network and clock.
class HttpRun
{
public:
    HttpRun(const QString& connectorId, OptionValues values, QHash<QString, QString> secrets);

    FakeHttpClient& http() { return m_http; }

    FakeClock& clock() { return m_clock; }

    const std::vector<RunProgress>& progress() const { return m_progress; }

    TestReport test();

    /// Fetches and builds. What the fetch itself said is in outcome().
    Result<SnapshotPtr> fetch(const QByteArray& state = {});

    const FetchOutcome& outcome() const { return m_outcome; }

    std::stop_source stop {};
    ProgressSink onProgress = [](const RunProgress&) { };

private:
    RunContext context(const QByteArray& state);
    std::unique_ptr<Connector> connector() const;

    const ConnectorDescriptor* m_descriptor;
    ConnectorOptions m_options;
    Redactor m_redactor;
    FakeClock m_clock;
    FakeHttpClient m_http { m_clock };
    std::vector<RunProgress> m_progress;
    FetchOutcome m_outcome;
};

/// A time as a Date header says it.
QByteArray httpDateOf(UtcTime time);

/// Direct members of a group of a snapshot, users and groups, sorted ids.
QStringList memberIds(const Snapshot& snapshot, const QString& groupId);
QStringList userIds(const Snapshot& snapshot);
QStringList groupIds(const Snapshot& snapshot);

} // namespace portreeve::test
