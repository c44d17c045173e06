// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/proxy/configservice/entities.h"

namespace portreeve::configservice {

/// What a proxy's refusal of a policy means: with our own parser's position where it sees the fault
/// too, else as a difference between the two parsers, with both their answers.
Error policyRefusal(const PolicyEntity& policy, const Error& refusal);

} // namespace portreeve::configservice
