// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"
#include "core/settings/connection.h"

/// Parts of a connection besides its provider's own options, described as fields so that one kind
/// of form edits everything.
namespace portreeve::connectionfields {

std::vector<FieldDescriptor> identity(); ///< name
std::vector<FieldDescriptor> schedule(const ConnectorCapabilities& capabilities);
std::vector<FieldDescriptor> limits();
std::vector<FieldDescriptor> rules(const ConnectorCapabilities& capabilities);

OptionValues identityOf(const Connection& connection);
OptionValues scheduleOf(const Connection& connection);
OptionValues limitsOf(const Connection& connection);
OptionValues rulesOf(const Connection& connection);

/// Valid values only: see validate().
void setIdentity(Connection& connection, const OptionValues& values);
void setSchedule(Connection& connection, const OptionValues& values);
void setLimits(Connection& connection, const OptionValues& values);
void setRules(Connection& connection, const OptionValues& values);

/// Max delay below min delay, for the schedule's form.
std::vector<FieldProblem> checkSchedule(
    const std::vector<FieldDescriptor>& fields, const OptionValues& values);

} // namespace portreeve::connectionfields
