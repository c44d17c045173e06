// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <span>

namespace portreeve {

/// A proxy installation's `shared_secret`: the key that signs everything we send it, and so the
/// master key of the installation. The buffer is wiped when the value goes away; keep it only as
/// long as a call needs it, and never print it.
class SharedSecret
{
public:
    static constexpr std::size_t kSize = 32;

    /// @param text  standard base64 of exactly 32 bytes, white space around it ignored
    /// @return InvalidInput, field "shared_secret", without the text
    static Result<SharedSecret> fromBase64(const QString& text);

    SharedSecret(const SharedSecret&) = default;
    SharedSecret& operator=(const SharedSecret&) = default;
    ~SharedSecret();

    std::span<const unsigned char, kSize> bytes() const { return m_bytes; }

private:
    SharedSecret() = default;

    std::array<unsigned char, kSize> m_bytes {};
};

/// How long our tokens live. They are made per call; an open stream outlives its own.
inline constexpr std::chrono::minutes kTokenLife { 5 };

/// A compact HS256 token whose only claim is `exp`, in whole seconds: the proxy refuses any other
/// claim, and gives no leeway (proxy.md 3.2; seen with 0.32.9 and 0.33.0).
QByteArray mintToken(const SharedSecret& secret, UtcTime expires);

/// A token of the account that Enterprise's console knows when it was started with
/// BOOTSTRAP_SERVICE_ACCOUNT=true, with the claims its own clients send and no others: it does not
/// end, so it is made per call and shown to nobody (unverified here).
QByteArray mintBootstrapToken(const SharedSecret& secret, UtcTime now);

} // namespace portreeve
