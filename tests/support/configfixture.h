// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configapply.h"
#include "core/proxy/configservice/configserviceeditor.h"
#include "tests/support/configservicedouble.h"
#include "tests/support/fakeclock.h"

namespace portreeve::test {

/// A proxy with a ConfigService, and everything to reconcile it with.
class ConfigFixture
{
public:
    ConfigFixture();

    configservice::ConfigServiceClient& client() { return m_client; }

    configservice::ConfigServiceEditor& editor() { return m_editor; }

    configservice::DesiredConfig desired() const;

    /// Compares with what the double holds now.
    configservice::ConfigPlan plan();
    Result<configservice::ConfigReport> apply(const configservice::ConfigPlan& plan);

    /// plan() and apply(), which both have to succeed.
    void push();

    /// Ids as the proxy knows them.
    QString policyId(const QString& storedId) const { return ownership.policyId(storedId); }

    QString routeId(const QString& storedId) const { return ownership.routeId(storedId); }

    QByteArray secret = QByteArray(32, 's');
    QByteArray clientSecret = secret; ///< what the console believes it to be
    FakeClock clock {};
    ConfigServiceDouble proxy { secret, clock };
    FakeHttpClient http { clock };
    configservice::Ownership ownership {};
    ExportSource source {}; ///< what shall be
    std::vector<QString> blocked {};
    configservice::PlanChoices choices {};
    configservice::ApplyHooks hooks {};
    std::stop_source stop {};

private:
    configservice::ConfigServiceClient m_client;
    configservice::ConfigServiceEditor m_editor;
};

StoredPolicy storedPolicy(const QString& id, const QString& text, bool enforced = false);
StoredRoute storedRoute(
    const QString& id, const QString& from, const std::vector<QString>& policyIds = {});

/// "create policy house", in the order of sending.
QStringList steps(const configservice::ConfigPlan& plan);

} // namespace portreeve::test
