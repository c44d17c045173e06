// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QString>
#include <QUuid>

namespace portreeve {

class SharedSecret;

namespace devices {

/// All that decides a link's text besides the secret, so that the same fields give the same link
/// again. The text itself is never kept.
struct LinkFields
{
    QUuid enrollmentId {};
    QString host {}; ///< HOST or HOST:PORT as a browser sends it: lower case, without ":443"
    QString deviceType {}; ///< id of the type
    QString redirect {}; ///< absolute URL to go to afterwards
    UtcTime issuedAt {}; ///< counted in whole seconds
    UtcTime expiresAt {}; ///< counted in whole seconds
};

/// The page the proxy itself shows after an enrollment.
QString defaultRedirect(const QString& host);

/// The 56 bytes of devices.md 3.2 in base58. @return Internal when the crypto library refuses
Result<QString> enrollmentToken(
    const SharedSecret& secret, const QUuid& enrollmentId, UtcTime expiresAt);

/// The signed registration URL of devices.md 3.3. Confidential: for the person it is made for, and
/// never for a log, a file of ours or an error.
Result<QString> signedLink(const SharedSecret& secret, const LinkFields& fields);

/// The unsigned short form of devices.md 3.5. It works only in a browser that is signed in already,
/// only for the type `any`, and its redirect is not protected; never put it into a mail.
/// @return InvalidInput (field "device_type") for another type
Result<QString> shortLink(const SharedSecret& secret, const LinkFields& fields);

} // namespace devices

} // namespace portreeve
