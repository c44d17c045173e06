// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/configfixture.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::test {

using namespace configservice;

ConfigFixture::ConfigFixture()
    : m_client(http,
          { .targetName = u"Edge"_s,
              .url = QUrl(u"http://127.0.0.1:5443"_s),
              .mint =
                  [this] {
                      const auto now = std::chrono::duration_cast<std::chrono::seconds>(
                          clock.nowUtc().time_since_epoch());
                      return ConfigServiceDouble::token(
                          clientSecret, { { u"exp"_s, qint64(now.count() + 300) } });
                  } })
    , m_editor(m_client)
{
    http.setServer(proxy.server());
}

DesiredConfig Reconciliation::desired() const
{
    return desiredConfig(source, ownership, blocked);
}

ConfigPlan Reconciliation::plan()
{
    const auto current = readConfig(way().client(), stop.get_token());
    if (!current) {
        QTest::qFail(qPrintable(current.error().toText()), __FILE__, __LINE__);
        return {};
    }
    return planConfig(desired(), *current, ownership, choices);
}

Result<ConfigReport> Reconciliation::apply(const ConfigPlan& plan)
{
    return applyConfig(way(), plan, hooks, stop.get_token());
}

void Reconciliation::push()
{
    const auto report = apply(plan());
    const auto outcome = report ? report->outcome() : Result<void>(report.error());
    if (!outcome) {
        QTest::qFail(qPrintable(outcome.error().toText()), __FILE__, __LINE__);
    }
}

void Reconciliation::before(std::size_t change, const std::function<void()>& act)
{
    hooks.progress = [change, act](std::size_t done, std::size_t) {
        if (done == change) {
            act();
        }
    };
}

StoredPolicy storedPolicy(const QString& id, const QString& text, bool enforced)
{
    return { .id = id, .name = id, .text = text, .enforced = enforced };
}

StoredRoute storedRoute(
    const QString& id, const QString& from, const std::vector<QString>& policyIds)
{
    return { .id = id,
        .name = id,
        .from = from,
        .to = { u"http://127.0.0.1:8080"_s },
        .policyIds = policyIds };
}

QStringList steps(const ConfigPlan& plan)
{
    QStringList out;
    for (const auto& change : plan.changes) {
        out.append(configStepName(change.step) % u' ' % entityKindName(kindOf(change.entity)) % u' '
            % nameOf(change.entity));
    }
    return out;
}

QStringList outcomes(const ConfigReport& report)
{
    QStringList out;
    for (const auto& result : report.results) {
        out.append(changeOutcomeName(result.outcome));
    }
    return out;
}

} // namespace portreeve::test
