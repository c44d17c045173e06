// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/parser.h"

#include <QByteArray>
#include <QList>

namespace portreeve::test {

/// Policies with facts and the proxy's decision, one JSON object each: the 20,000 that the proxy
/// itself decided. Empty when they are not on this machine.
QList<QByteArray> storedCases();

/// Those of this repository, from the cases of the design.
QList<QByteArray> ownCases();

/// "parse", "semantic" or "type"; empty for none.
QString errorClassName(std::optional<policy::DiagnosticClass> refused);

} // namespace portreeve::test
