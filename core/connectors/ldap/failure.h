// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/base/redactor.h"

#include <QString>

namespace portreeve::ldap {

/// What a server or libldap answered to one operation.
struct Failure
{
    int code = 0; ///< LDAP result code, or a negative one of libldap; 0: success
    QString diagnostic {};
    QString matchedDn {}; ///< for noSuchObject: how far down the tree is known
};

enum class Operation { Reach, StartTls, SignIn, Read };

struct FailureContext
{
    Operation operation = Operation::Read;
    QString server {};
    QString account {}; ///< who signed in
    QString base {}; ///< of a search
    QString field {}; ///< option to blame when the base or the filter is wrong
};

/// The failure in an administrator's words: Auth, Permission, NotFound, Tls, Network, Timeout,
/// RateLimited, LimitExceeded, ClockSkew, InvalidInput or BadResponse.
Error toError(const Failure& failure, const FailureContext& context, const Redactor& redactor);

/// Active Directory's own reason for a refused sign-in ("52e" of "..., data 52e, v1db1"); empty
/// when there is none.
QString activeDirectoryReason(const QString& diagnostic);

} // namespace portreeve::ldap
