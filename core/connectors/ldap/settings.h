// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/connector.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace portreeve::ldap {

enum class Security { Ldaps, StartTls, None };

enum class BindMethod { Simple, External, Gssapi, Anonymous };

enum class MemberStyle { Auto, Member, UniqueMember, MemberUid, MemberOf };

/// A connection's options with the defaults of its preset filled in.
struct Settings
{
    bool activeDirectory = false;
    std::vector<QString> servers {}; ///< as written: addresses, or the name of a domain
    Security security = Security::Ldaps;
    QString caFile {};
    QString clientCertificateFile {};
    QString clientKey {}; ///< PEM text
    BindMethod bindMethod = BindMethod::Simple;
    QString bindDn {};
    QString bindPassword {};
    QString userBase {}; ///< empty: the domain's own naming context
    QString groupBase {};
    QByteArray userFilter {};
    QByteArray groupFilter {};
    QByteArray disabledRule {}; ///< empty: nobody is disabled
    QByteArray userId {}; ///< attribute
    QString idTemplate {};
    QByteArray groupId {}; ///< attribute, or "dn"
    std::vector<QByteArray> nameAttributes {}; ///< the first that has a value counts
    std::vector<QByteArray> emailAttributes {};
    std::vector<QByteArray> loginAttributes {};
    std::vector<QByteArray> groupNameAttributes {};
    MemberStyle memberStyle = MemberStyle::Auto;
    int pageSize = 500;
    bool orgUnits = false;
};

Settings settingsFrom(const ConnectorOptions& options);

/// The form, without layout.
std::vector<FieldDescriptor> formFields();

/// What the descriptions of single fields cannot say: whether addresses, security, sign-in, DNs and
/// filters fit together.
std::vector<FieldProblem> crossCheck(const OptionValues& values);

} // namespace portreeve::ldap
