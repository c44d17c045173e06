// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/time.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace portreeve::devices {

/// What a stored registration tells about the authenticator: the `fmt` of its attestation
/// ("packed", "tpm", "apple", ...). Empty when the text is none.
/// @param registerResponse  JSON as the proxy keeps it
QString attestationFormat(const QByteArray& registerResponse);

/// "Security key (packed)", "Apple device (apple)", "Unknown"; the format is always named, because
/// it is all that is known (devices.md 2).
QString familyLabel(const QString& attestationFormat);

/// When the ceremony of a stored verification began: its challenge is a token that ends 15 minutes
/// later (devices.md 5.4). Once a device verification, not once a request.
/// @param authenticateResponse  JSON as the proxy keeps it
std::optional<UtcTime> verifiedAt(const QByteArray& authenticateResponse);

/// SHA-256 in upper-case hex pairs with colons; empty for no key.
QString keyThumbprint(const QByteArray& publicKey);

} // namespace portreeve::devices
