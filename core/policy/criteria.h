// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <span>

namespace portreeve::policy {

/// What kind of data a criterion takes.
enum class DataKind : std::uint8_t {
    Ignored,
    StringMatcher,
    ListMatcher,
    Device,
    Addresses,
    Certificate,
    SshKeys,
    ClaimPath,
    EditionOnly, ///< Zero or Enterprise; Core does not know it
};

/// One row of policy.md 4.
struct CriterionInfo
{
    QStringView name {};
    DataKind data = DataKind::Ignored;
    bool needsSession = false; ///< false without a session, whatever the data; see policy.md 7.1
    bool onSsh = true; ///< can hold on an SSH route
    int since = 0; ///< first Core release that has it, as minor version of 0.x
    bool zero = true; ///< available in Zero
};

std::span<const CriterionInfo> allCriteria();
const CriterionInfo* findCriterion(QStringView name);

/// First Core release, as minor version of 0.x, that knows a matcher's operator; 0 = always.
int matcherOperatorSince(QStringView name);

/// The known criterion that @p name most likely stands for.
std::optional<QString> nearestCriterion(const QString& name);

} // namespace portreeve::policy
