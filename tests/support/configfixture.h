// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/configservice/configserviceeditor.h"
#include "tests/support/configservicedouble.h"
#include "tests/support/fakeclock.h"

#include <functional>

namespace portreeve::test {

/// What shall be at a proxy, and everything to reconcile it with, whichever way policies travel.
class Reconciliation
{
public:
    Reconciliation() = default;
    Reconciliation(const Reconciliation&) = delete;
    Reconciliation& operator=(const Reconciliation&) = delete;
    virtual ~Reconciliation() = default;

    configservice::DesiredConfig desired() const;

    /// Compares with what the double holds now.
    configservice::ConfigPlan plan();
    Result<configservice::ConfigReport> apply(const configservice::ConfigPlan& plan);

    /// plan() and apply(), which both have to succeed.
    void push();

    /// Runs before a change of the plan is sent, counted from 0.
    void before(std::size_t change, const std::function<void()>& act);

    /// Ids as the proxy knows them.
    QString policyId(const QString& storedId) const { return ownership.policyId(storedId); }

    QString routeId(const QString& storedId) const { return ownership.routeId(storedId); }

    configservice::Ownership ownership { .originatorId = QStringLiteral("directory-console"),
        .idSpace = QUuid(QStringLiteral("6f7c2d1e-4f0b-4c55-9a53-0d8f0a3a9b11")) };
    ExportSource source {};
    std::vector<QString> blocked {};
    configservice::PlanChoices choices {};
    configservice::ApplyHooks hooks {};
    std::stop_source stop {};

private:
    virtual configservice::ConfigEditor& way() = 0;
};

/// A proxy with a ConfigService.
class ConfigFixture final : public Reconciliation
{
public:
    ConfigFixture();

    configservice::ConfigServiceClient& client() { return m_client; }

    configservice::ConfigServiceEditor& editor() { return m_editor; }

    QByteArray secret = QByteArray(32, 's');
    QByteArray clientSecret = secret; ///< what the console believes it to be
    FakeClock clock {};
    ConfigServiceDouble proxy { secret, clock };
    FakeHttpClient http { clock };

private:
    configservice::ConfigEditor& way() override { return m_editor; }

    configservice::ConfigServiceClient m_client;
    configservice::ConfigServiceEditor m_editor;
};

StoredPolicy storedPolicy(const QString& id, const QString& text, bool enforced = false);
StoredRoute storedRoute(
    const QString& id, const QString& from, const std::vector<QString>& policyIds = {});

/// "create policy house", in the order of sending.
QStringList steps(const configservice::ConfigPlan& plan);

/// changeOutcomeName() of each change, in the order of sending.
QStringList outcomes(const configservice::ConfigReport& report);

} // namespace portreeve::test
