// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/scheduler.h"
#include "core/sync/sourcereader.h"
#include "core/sync/syncrunner.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Verify means proving whose tenant it is (sync-lifecycle.md 1.6).
void checkTenant(const Connection& connection, TestReport& report)
{
    if (!report.passed() || connection.tenantId.isEmpty() || report.tenantId.isEmpty()
        || connection.tenantId == report.tenantId) {
        return;
    }
    TestStep step { .name = u"tenant"_s,
        .title = message(QT_TRANSLATE_NOOP("Message", "Same tenant as before")),
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "These options lead to the tenant %1; what is stored came from %2."),
            report.tenantId, connection.tenantId),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Correct the options, or add a new connection for the new tenant.")) };
    report.failure = Error { .code = ErrorCode::InvalidInput,
        .what = step.what,
        .remedy = step.remedy,
        .field = u"tenant_id"_s };
    report.steps.push_back(std::move(step));
}

/// The state a finished test leaves (T1, T5); the old one where a test decides nothing.
ConnectionState stateAfterTest(const Connection& connection, bool enables, bool passed)
{
    const bool hasData = connection.generation > 0;
    const bool isEnabled = enables && connection.state == ConnectionState::Disabled;
    switch (isEnabled ? ConnectionState::Verifying : connection.state) {
    case ConnectionState::Draft:
        return passed ? ConnectionState::Verified : ConnectionState::Draft;
    case ConnectionState::Verifying:
        if (passed) {
            return hasData ? ConnectionState::Idle : ConnectionState::Verified;
        }
        return hasData ? ConnectionState::NeedsAttention : ConnectionState::Draft;
    case ConnectionState::NeedsAttention:
        if (passed) {
            return hasData ? ConnectionState::Idle : ConnectionState::Verified;
        }
        return ConnectionState::NeedsAttention;
    case ConnectionState::Verified:
        return passed ? ConnectionState::Verified : ConnectionState::Draft;
    case ConnectionState::Idle:
    case ConnectionState::Syncing:
    case ConnectionState::BackingOff:
    case ConnectionState::Held:
    case ConnectionState::Stale:
    case ConnectionState::Paused:
    case ConnectionState::Disabled:
        return connection.state;
    }
    return connection.state;
}

} // namespace

Result<TestReport> SyncRunner::test(const ConnectionDraft& draft, const RunControl& control)
{
    auto report = SourceReader(m_services, control).test(draft);
    if (report) {
        checkTenant(draft.connection, *report);
    } else if (report.error().code == ErrorCode::Cancelled) {
        return report;
    }
    const TestReport seen = report ? *report : TestReport { .failure = report.error() };
    if (const auto recorded = recordTest(draft, seen); !recorded) {
        return recorded.error();
    }
    return report;
}

Result<void> SyncRunner::recordTest(const ConnectionDraft& draft, const TestReport& report)
{
    auto stored = m_services.store.connections().byId(draft.connection.id);
    if (!stored && stored.error().code == ErrorCode::NotFound) {
        return {};
    }
    if (!stored) {
        return stored.error();
    }
    // A test of settings that are not saved says nothing about those that are.
    if (!draft.typedSecrets.isEmpty()
        || settingsFingerprint(draft.connection) != settingsFingerprint(*stored)) {
        return {};
    }
    Connection connection = *std::move(stored);
    const ConnectionState state = stateAfterTest(connection, draft.enables, report.passed());
    const bool settles = state != connection.state || state == ConnectionState::Draft;
    if (!settles) {
        return {};
    }
    const UtcTime now = m_services.clock.nowUtc();
    connection.state = state;
    connection.lastError = report.failure;
    connection.stateReason = report.failure ? report.failure->what : Message();
    if (report.passed()) {
        connection.failureCount = 0;
        connection.firstFailedAt.reset();
        connection.tenantId = report.tenantId.isEmpty() ? connection.tenantId : report.tenantId;
    }
    connection.nextAttemptAt = state == ConnectionState::Idle
        ? std::optional(firstAttempt(connection, now))
        : nextAttempt(connection, now, 0.0);
    auto& connections = m_services.store.connections();
    return draft.enables ? connections.enable(connection) : connections.updateState(connection);
}

} // namespace portreeve
