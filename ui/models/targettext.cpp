// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/targettext.h"

#include "ui/widgets/timetext.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct TargetText
{
    Q_DECLARE_TR_FUNCTIONS(TargetText)
};

} // namespace

QString targetStateText(TargetState state)
{
    switch (state) {
    case TargetState::New:
        return TargetText::tr("Nothing delivered yet");
    case TargetState::InStep:
        return TargetText::tr("In step");
    case TargetState::Behind:
        return TargetText::tr("Behind");
    case TargetState::Held:
        return TargetText::tr("Held");
    case TargetState::Drifted:
        return TargetText::tr("Changed by others");
    case TargetState::Unreachable:
        return TargetText::tr("Unreachable");
    case TargetState::NeedsAttention:
        return TargetText::tr("Needs attention");
    case TargetState::Disabled:
        return TargetText::tr("Disabled");
    }
    return {};
}

theme::Role targetStateRole(TargetState state)
{
    switch (state) {
    case TargetState::InStep:
        return theme::Role::Success;
    case TargetState::Behind:
        return theme::Role::Accent;
    case TargetState::Held:
        return theme::Role::Held;
    case TargetState::Drifted:
    case TargetState::Unreachable:
        return theme::Role::Warning;
    case TargetState::NeedsAttention:
        return theme::Role::Error;
    case TargetState::New:
    case TargetState::Disabled:
        return theme::Role::Muted;
    }
    return theme::Role::Muted;
}

QString targetStateIconName(TargetState state)
{
    switch (state) {
    case TargetState::New:
        return u"state-empty"_s;
    case TargetState::InStep:
        return u"state-full"_s;
    case TargetState::Behind:
        return u"state-half"_s;
    case TargetState::Held:
        return u"held"_s;
    case TargetState::Drifted:
    case TargetState::Unreachable:
        return u"warning"_s;
    case TargetState::NeedsAttention:
        return u"error"_s;
    case TargetState::Disabled:
        return u"pause"_s;
    }
    return {};
}

int targetStateSeverity(TargetState state)
{
    switch (state) {
    case TargetState::NeedsAttention:
        return 5;
    case TargetState::Drifted:
        return 4;
    case TargetState::Held:
        return 3;
    case TargetState::Unreachable:
        return 2;
    case TargetState::New:
    case TargetState::Behind:
    case TargetState::Disabled:
        return 1;
    case TargetState::InStep:
        return 0;
    }
    return 0;
}

QString deliveryPhaseText(DeliveryProgress::Phase phase)
{
    switch (phase) {
    case DeliveryProgress::Phase::Reading:
        return TargetText::tr("Reading what the proxy holds");
    case DeliveryProgress::Phase::Planning:
        return TargetText::tr("Comparing");
    case DeliveryProgress::Phase::Writing:
        return TargetText::tr("Delivering");
    case DeliveryProgress::Phase::Verifying:
        return TargetText::tr("Checking what arrived");
    case DeliveryProgress::Phase::Waiting:
        return TargetText::tr("Waiting to try again");
    }
    return {};
}

QString deliveryTaskText(DeliveryService::Task task)
{
    switch (task) {
    case DeliveryService::Task::Test:
        return TargetText::tr("Testing");
    case DeliveryService::Task::Plan:
        return TargetText::tr("Comparing");
    case DeliveryService::Task::Push:
        return TargetText::tr("Delivering");
    case DeliveryService::Task::Block:
        return TargetText::tr("Blocking");
    case DeliveryService::Task::Join:
        return TargetText::tr("Checking sign-ins");
    case DeliveryService::Task::Routes:
        return TargetText::tr("Reading the routes");
    case DeliveryService::Task::Attach:
        return TargetText::tr("Looking at the route");
    }
    return {};
}

QString deliveredKindText(DeliveredKind kind)
{
    switch (kind) {
    case DeliveredKind::User:
        return TargetText::tr("User");
    case DeliveredKind::Group:
        return TargetText::tr("Group");
    case DeliveredKind::Policy:
        return TargetText::tr("Policy");
    case DeliveredKind::Route:
        return TargetText::tr("Route");
    }
    return {};
}

QString pushTriggerText(PushTrigger trigger)
{
    switch (trigger) {
    case PushTrigger::Commit:
        return TargetText::tr("After a change");
    case PushTrigger::Manual:
        return TargetText::tr("By hand");
    case PushTrigger::CommandLine:
        return TargetText::tr("Command line");
    case PushTrigger::Drift:
        return TargetText::tr("Changed by others");
    case PushTrigger::Restart:
        return TargetText::tr("Proxy restarted");
    }
    return {};
}

QString pushOutcomeText(PushOutcome outcome)
{
    switch (outcome) {
    case PushOutcome::Succeeded:
        return TargetText::tr("Delivered");
    case PushOutcome::Unchanged:
        return TargetText::tr("Nothing to do");
    case PushOutcome::Held:
        return TargetText::tr("Held");
    case PushOutcome::Failed:
        return TargetText::tr("Failed");
    case PushOutcome::Cancelled:
        return TargetText::tr("Cancelled");
    case PushOutcome::Interrupted:
        return TargetText::tr("Interrupted");
    }
    return {};
}

theme::Role pushOutcomeRole(PushOutcome outcome)
{
    switch (outcome) {
    case PushOutcome::Succeeded:
        return theme::Role::Success;
    case PushOutcome::Held:
        return theme::Role::Held;
    case PushOutcome::Failed:
        return theme::Role::Error;
    case PushOutcome::Cancelled:
    case PushOutcome::Interrupted:
        return theme::Role::Warning;
    case PushOutcome::Unchanged:
        return theme::Role::Muted;
    }
    return theme::Role::Muted;
}

QString pushOutcomeIconName(PushOutcome outcome)
{
    switch (outcome) {
    case PushOutcome::Succeeded:
        return u"success"_s;
    case PushOutcome::Held:
        return u"held"_s;
    case PushOutcome::Failed:
        return u"error"_s;
    case PushOutcome::Cancelled:
    case PushOutcome::Interrupted:
        return u"warning"_s;
    case PushOutcome::Unchanged:
        return u"state-empty"_s;
    }
    return {};
}

QString deliveryCountsText(const DeliveryCounts& counts)
{
    QStringList parts;
    if (counts.put > 0) {
        parts << TargetText::tr("%1 put").arg(countText(counts.put));
    }
    if (counts.deleted > 0) {
        parts << TargetText::tr("%1 deleted").arg(countText(counts.deleted));
    }
    return parts.isEmpty() ? TargetText::tr("none") : parts.join(u", "_s);
}

} // namespace portreeve
