// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/records.h"

using namespace Qt::StringLiterals;

namespace portreeve {

QString runTriggerName(RunTrigger trigger)
{
    switch (trigger) {
    case RunTrigger::Schedule:
        return u"schedule"_s;
    case RunTrigger::Manual:
        return u"manual"_s;
    case RunTrigger::CommandLine:
        return u"command_line"_s;
    case RunTrigger::Approval:
        return u"approval"_s;
    case RunTrigger::Revert:
        return u"revert"_s;
    }
    return {};
}

QString runOutcomeName(RunOutcome outcome)
{
    switch (outcome) {
    case RunOutcome::Succeeded:
        return u"succeeded"_s;
    case RunOutcome::Held:
        return u"held"_s;
    case RunOutcome::Failed:
        return u"failed"_s;
    case RunOutcome::Cancelled:
        return u"cancelled"_s;
    case RunOutcome::Interrupted:
        return u"interrupted"_s;
    }
    return {};
}

} // namespace portreeve
