// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/model.h"

#include <QString>

#include <vector>

namespace portreeve {

/// Which editor a criterion needs.
enum class CriterionShape {
    NoData,
    StringMatcher,
    Claim,
    Groups,
    SourceIp,
    Device,
    Certificate,
    SshKeys,
    ClaimName,
    ReadOnly, ///< of another edition, or unknown: shown, never changed
};

/// What the builder knows about one criterion of policy.md 4.
struct CriterionType
{
    QString name {};
    CriterionShape shape = CriterionShape::ReadOnly;
    const char* title = ""; ///< QT_TRANSLATE_NOOP("Criterion", ...)
    const char* help = ""; ///< one sentence
    const char* section = ""; ///< heading in the menu of criteria
    const char* warning = ""; ///< why it may not do what it says; may be empty
    const char* placeholder = ""; ///< example of a value
    QString edition {}; ///< "Zero, Enterprise"; empty for what every proxy knows
};

/// In the order of the menu.
const std::vector<CriterionType>& criterionTypes();

/// nullptr for a name that is not in policy.md 4.
const CriterionType* criterionType(const QString& name);

QString criterionTitle(const policy::Criterion& criterion);

/// The translated text of one of the literals above.
QString criterionText(const char* source);

/// Data that is complete enough to be written, for a criterion just added.
policy::Value initialData(const CriterionType& type);

/// Whether the builder's editor can show @p criterion without losing anything of it.
bool isEditable(const policy::Criterion& criterion);

} // namespace portreeve
