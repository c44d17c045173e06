// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

#include <QString>

#include <functional>

namespace portreeve {

/// Name of a group id for sentences; empty when unknown.
using GroupNames = std::function<QString(const QString& id)>;

/// "Allows anyone for whom all of these hold: ...", one sentence for the screen.
QString ruleSentence(const policy::Rule& rule, const GroupNames& groupName);

/// The condition of one criterion as a clause: "the e-mail domain is “example.com”".
QString criterionClause(const policy::Criterion& criterion, const GroupNames& groupName);

/// "All of these", "Any of these", "None of these", "Not all of these".
QString operatorTitle(policy::Operator op);

/// A value as a person reads it: the text of a string, the literal of anything else.
QString valueText(const policy::Value& value);

} // namespace portreeve
