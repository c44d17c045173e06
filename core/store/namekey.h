// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <vector>

namespace portreeve {

/// Names that differ only in case, spaces around them or Unicode composition are one name.
QString nameKey(const QString& name);

/// The candidate a mistyped name was probably meant to be; empty when none is near.
QString nearestName(const QString& name, const std::vector<QString>& candidates);

} // namespace portreeve
