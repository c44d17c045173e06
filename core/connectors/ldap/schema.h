// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/session.h"

namespace portreeve::ldap {

/// The object classes of a server, as RFC 4512 4.1.1 describes them; empty where it shows none.
Result<std::vector<QByteArray>> objectClassesOf(Session& session);

/// Whether each entry of the class has the attribute. Names are compared without case. True where
/// the class is not described: the classes of groups have their members so in RFC 4519.
bool isMandatory(const std::vector<QByteArray>& descriptions, const QByteArray& objectClass,
    const QByteArray& attribute);

} // namespace portreeve::ldap
