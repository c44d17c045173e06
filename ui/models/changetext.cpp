// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/changetext.h"

#include "ui/widgets/timetext.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct ChangeText
{
    Q_DECLARE_TR_FUNCTIONS(ChangeText)
};

} // namespace

QString actionText(ChangeAction action)
{
    switch (action) {
    case ChangeAction::Add:
        return ChangeText::tr("Added");
    case ChangeAction::Update:
        return ChangeText::tr("Changed");
    case ChangeAction::Suspend:
        return ChangeText::tr("Suspended");
    case ChangeAction::Resume:
        return ChangeText::tr("Resumed");
    case ChangeAction::Remove:
        return ChangeText::tr("Removed");
    }
    return {};
}

QString actionSign(ChangeAction action)
{
    switch (action) {
    case ChangeAction::Add:
        return u"+"_s;
    case ChangeAction::Update:
        return u"~"_s;
    case ChangeAction::Suspend:
        return u"⊘"_s;
    case ChangeAction::Resume:
        return u"▶"_s;
    case ChangeAction::Remove:
        return u"−"_s;
    }
    return {};
}

theme::Role actionRole(ChangeAction action)
{
    switch (action) {
    case ChangeAction::Add:
    case ChangeAction::Resume:
        return theme::Role::Added;
    case ChangeAction::Update:
        return theme::Role::Changed;
    case ChangeAction::Suspend:
        return theme::Role::Warning;
    case ChangeAction::Remove:
        return theme::Role::Removed;
    }
    return theme::Role::Muted;
}

QIcon actionIcon(ChangeAction action)
{
    switch (action) {
    case ChangeAction::Add:
        return theme::icon(u"add"_s, theme::Role::Added);
    case ChangeAction::Update:
        return theme::icon(u"edit"_s, theme::Role::Changed);
    case ChangeAction::Suspend:
        return theme::icon(u"pause"_s, theme::Role::Warning);
    case ChangeAction::Resume:
        return theme::icon(u"play"_s, theme::Role::Added);
    case ChangeAction::Remove:
        return theme::icon(u"remove"_s, theme::Role::Removed);
    }
    return {};
}

QString kindText(ObjectKind kind)
{
    switch (kind) {
    case ObjectKind::User:
        return ChangeText::tr("User");
    case ObjectKind::Group:
        return ChangeText::tr("Group");
    case ObjectKind::Membership:
        return ChangeText::tr("Membership");
    }
    return {};
}

QString attributeText(const QString& name)
{
    if (name == u"display_name") {
        return ChangeText::tr("Display name");
    }
    if (name == u"email") {
        return ChangeText::tr("E-mail");
    }
    if (name == u"login") {
        return ChangeText::tr("Login");
    }
    if (name == u"state") {
        return ChangeText::tr("State");
    }
    if (name == u"name") {
        return ChangeText::tr("Name");
    }
    if (name == u"group_ids") {
        return ChangeText::tr("Groups");
    }
    if (name == u"sourcePpl") {
        return ChangeText::tr("Policy text");
    }
    return name == u"kind" ? ChangeText::tr("Kind") : name;
}

QString attributeValueText(const QString& name, const QString& value)
{
    const bool isList = name == u"group_ids" || name == u"to";
    return isList ? value.split(u'\n').join(u", "_s) : value;
}

QString attributeSummary(const std::vector<AttributeChange>& attributes)
{
    QStringList parts;
    for (const AttributeChange& change : attributes) {
        const auto shown = [&change](const QString& value) {
            return value.isEmpty() ? ChangeText::tr("(empty)")
                                   : attributeValueText(change.name, value);
        };
        const QString before = shown(change.before);
        const QString after = shown(change.after);
        const bool isLong = before.contains(u'\n') || after.contains(u'\n');
        parts.append(isLong
                ? attributeText(change.name)
                : ChangeText::tr("%1: %2 → %3").arg(attributeText(change.name), before, after));
    }
    return parts.join(u"; "_s);
}

QString changeSentence(const RunChange& change)
{
    const QString name = change.name.isEmpty() ? change.id : change.name;
    if (change.kind == ObjectKind::Membership) {
        const QString member = change.memberName.isEmpty() ? change.memberId : change.memberName;
        return change.action == ChangeAction::Remove
            ? ChangeText::tr("“%1” left the group “%2”").arg(member, name)
            : ChangeText::tr("“%1” joined the group “%2”").arg(member, name);
    }
    switch (change.action) {
    case ChangeAction::Add:
        return ChangeText::tr("“%1” was added").arg(name);
    case ChangeAction::Update:
        return attributeSummary(change.attributes);
    case ChangeAction::Suspend:
        return ChangeText::tr("“%1” was suspended").arg(name);
    case ChangeAction::Resume:
        return ChangeText::tr("“%1” is active again").arg(name);
    case ChangeAction::Remove:
        return ChangeText::tr("“%1” was removed").arg(name);
    }
    return {};
}

QString triggerText(RunTrigger trigger)
{
    switch (trigger) {
    case RunTrigger::Schedule:
        return ChangeText::tr("Schedule");
    case RunTrigger::Manual:
        return ChangeText::tr("By hand");
    case RunTrigger::CommandLine:
        return ChangeText::tr("Command line");
    case RunTrigger::Approval:
        return ChangeText::tr("Approval");
    case RunTrigger::Revert:
        return ChangeText::tr("Revert");
    }
    return {};
}

QString outcomeText(RunOutcome outcome)
{
    switch (outcome) {
    case RunOutcome::Succeeded:
        return ChangeText::tr("Succeeded");
    case RunOutcome::Held:
        return ChangeText::tr("Partly held");
    case RunOutcome::Failed:
        return ChangeText::tr("Failed");
    case RunOutcome::Cancelled:
        return ChangeText::tr("Cancelled");
    case RunOutcome::Interrupted:
        return ChangeText::tr("Interrupted");
    }
    return {};
}

theme::Role outcomeRole(RunOutcome outcome)
{
    switch (outcome) {
    case RunOutcome::Succeeded:
        return theme::Role::Success;
    case RunOutcome::Held:
        return theme::Role::Held;
    case RunOutcome::Failed:
        return theme::Role::Error;
    case RunOutcome::Cancelled:
    case RunOutcome::Interrupted:
        return theme::Role::Muted;
    }
    return theme::Role::Muted;
}

QString outcomeIconName(RunOutcome outcome)
{
    switch (outcome) {
    case RunOutcome::Succeeded:
        return u"success"_s;
    case RunOutcome::Held:
        return u"held"_s;
    case RunOutcome::Failed:
        return u"error"_s;
    case RunOutcome::Cancelled:
    case RunOutcome::Interrupted:
        return u"stop"_s;
    }
    return {};
}

QString countsText(const KindCounts& counts)
{
    QStringList parts;
    const auto add = [&](ChangeAction action, std::int64_t count) {
        if (count > 0) {
            parts.append(actionSign(action) + countText(count));
        }
    };
    add(ChangeAction::Add, counts.added);
    add(ChangeAction::Update, counts.updated);
    add(ChangeAction::Remove, counts.removed);
    return parts.isEmpty() ? u"–"_s : parts.join(u"  "_s);
}

} // namespace portreeve
