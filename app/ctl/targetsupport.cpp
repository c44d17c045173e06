// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/targetsupport.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
RunProgress shownProgress(const DeliveryProgress& progress)
{
    RunProgress out { .done = progress.done, .total = progress.total };
    switch (progress.phase) {
    case DeliveryProgress::Phase::Reading:
        out.phase = RunProgress::Phase::Connect;
        break;
    case DeliveryProgress::Phase::Planning:
        out.phase = RunProgress::Phase::Plan;
        break;
    case DeliveryProgress::Phase::Writing:
    case DeliveryProgress::Phase::Verifying:
        out.phase = RunProgress::Phase::Apply;
        break;
    case DeliveryProgress::Phase::Waiting:
        out.phase = RunProgress::Phase::Connect;
        out.waitingFor = u"the proxy, next try in %1 s"_s.arg(progress.wait.count() / 1000);
        break;
    }
    return out;
}
} // namespace

Result<ProxyTarget> targetNamed(Session& session, const QString& name)
{
    const auto store = session.store();
    return store ? (*store)->targets().byName(name) : store.error();
}

Result<Delivery> delivery(Session& session)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto secrets = session.secrets();
    if (!secrets) {
        return secrets.error();
    }
    Delivery delivery({ .store = **store,
        .secrets = **secrets,
        .clock = session.clock(),
        .makeHttp = session.httpFactory() });
    if (const auto recovered = delivery.recover(); !recovered) {
        return recovered.error();
    }
    return delivery;
}

DeliveryControl deliveryControl(Session& session)
{
    return { .stop = session.stopToken(),
        .progress =
            [&session](const DeliveryProgress& progress) {
                session.out().progress(shownProgress(progress));
            },
        .trigger = PushTrigger::CommandLine,
        .actor = session.actor() };
}

} // namespace portreeve::ctl
