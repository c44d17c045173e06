// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

#include <vector>

namespace portreeve {

/// What another system must be able to call by a name of its own rules.
struct NamedObject
{
    QString id {}; ///< never changes
    QString name {}; ///< as people call it
};

enum class NameRule {
    DnsLabel, ///< RFC 1123: a-z, 0-9 and inner dashes, at most 63 (Kubernetes)
    Identifier, ///< a-z, 0-9 and underscores, not a digit first (Terraform)
};

/// One name for each object, all different, in their order. A name that would come out empty or
/// twice gets a suffix made from its object's id, so it does not depend on the order; of two alike
/// the one that needed no change keeps the plain form.
std::vector<QString> objectNames(const std::vector<NamedObject>& objects, NameRule rule);

} // namespace portreeve
