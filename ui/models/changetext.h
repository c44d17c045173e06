// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/store/records.h"
#include "ui/theme/theme.h"

#include <QIcon>
#include <QString>

namespace portreeve {

/// "Added", "Changed", "Suspended", "Resumed", "Removed".
QString actionText(ChangeAction action);

/// "+", "~", "‖", "▶", "−": the sign that stands before the word.
QString actionSign(ChangeAction action);

theme::Role actionRole(ChangeAction action);
QIcon actionIcon(ChangeAction action);

/// "User", "Group", "Membership".
QString kindText(ObjectKind kind);

/// Name of an attribute as people call it: "display_name" is "Display name".
QString attributeText(const QString& name);

/// A value as one line of a table: a list has its items behind each other.
QString attributeValueText(const QString& name, const QString& value);

/// "E-mail: a@x.org → b@x.org; Login: …"; of a text of several lines only its name.
QString attributeSummary(const std::vector<AttributeChange>& attributes);

/// One applied change in a sentence: "Joined the group “Sales”."
QString changeSentence(const RunChange& change);

/// The trigger and the outcome of a run, for people.
QString triggerText(RunTrigger trigger);
QString outcomeText(RunOutcome outcome);
theme::Role outcomeRole(RunOutcome outcome);
QString outcomeIconName(RunOutcome outcome);

/// "+12 ~3 −1", or "none".
QString countsText(const KindCounts& counts);

} // namespace portreeve
