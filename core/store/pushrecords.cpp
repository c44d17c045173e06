// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/pushrecords.h"

using namespace Qt::StringLiterals;

namespace portreeve {

QString pushTriggerName(PushTrigger trigger)
{
    switch (trigger) {
    case PushTrigger::Commit:
        return u"commit"_s;
    case PushTrigger::Manual:
        return u"manual"_s;
    case PushTrigger::CommandLine:
        return u"command_line"_s;
    case PushTrigger::Drift:
        return u"drift"_s;
    case PushTrigger::Restart:
        return u"restart"_s;
    }
    return {};
}

QString pushOutcomeName(PushOutcome outcome)
{
    switch (outcome) {
    case PushOutcome::Succeeded:
        return u"succeeded"_s;
    case PushOutcome::Unchanged:
        return u"unchanged"_s;
    case PushOutcome::Held:
        return u"held"_s;
    case PushOutcome::Failed:
        return u"failed"_s;
    case PushOutcome::Cancelled:
        return u"cancelled"_s;
    case PushOutcome::Interrupted:
        return u"interrupted"_s;
    }
    return {};
}

QString deliveredKindName(DeliveredKind kind)
{
    switch (kind) {
    case DeliveredKind::User:
        return u"user"_s;
    case DeliveredKind::Group:
        return u"group"_s;
    case DeliveredKind::Policy:
        return u"policy"_s;
    case DeliveredKind::Route:
        return u"route"_s;
    }
    return {};
}

} // namespace portreeve
