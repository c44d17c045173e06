// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/error.h"

#include <QJsonObject>

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
struct CodeName
{
    ErrorCode code;
    QLatin1StringView name;
};

constexpr std::array kNames {
    CodeName { ErrorCode::Cancelled, "cancelled"_L1 },
    CodeName { ErrorCode::Network, "network"_L1 },
    CodeName { ErrorCode::Tls, "tls"_L1 },
    CodeName { ErrorCode::Timeout, "timeout"_L1 },
    CodeName { ErrorCode::Auth, "auth"_L1 },
    CodeName { ErrorCode::Permission, "permission"_L1 },
    CodeName { ErrorCode::NotFound, "not_found"_L1 },
    CodeName { ErrorCode::RateLimited, "rate_limited"_L1 },
    CodeName { ErrorCode::ClockSkew, "clock_skew"_L1 },
    CodeName { ErrorCode::BadResponse, "bad_response"_L1 },
    CodeName { ErrorCode::InvalidInput, "invalid_input"_L1 },
    CodeName { ErrorCode::LimitExceeded, "limit_exceeded"_L1 },
    CodeName { ErrorCode::Held, "held"_L1 },
    CodeName { ErrorCode::Stale, "stale"_L1 },
    CodeName { ErrorCode::Storage, "storage"_L1 },
    CodeName { ErrorCode::SecretStore, "secret_store"_L1 },
    CodeName { ErrorCode::Internal, "internal"_L1 },
};
} // namespace

QString errorCodeName(ErrorCode code)
{
    for (const auto& entry : kNames) {
        if (entry.code == code) {
            return entry.name;
        }
    }
    return u"internal"_s;
}

std::optional<ErrorCode> errorCodeFromName(QStringView name)
{
    for (const auto& entry : kNames) {
        if (name == entry.name) {
            return entry.code;
        }
    }
    return std::nullopt;
}

Error Error::wrappedIn(Message outer) const
{
    return { .code = code,
        .what = std::move(outer),
        .remedy = remedy,
        .detail = {},
        .cause = std::make_shared<const Error>(*this),
        .field = field,
        .retryAfter = retryAfter };
}

QString Error::toText() const
{
    QString text = what.english();
    if (!remedy.isEmpty()) {
        text += u'\n' + remedy.english();
    }
    if (!detail.isEmpty()) {
        text += u'\n' + detail;
    }
    if (cause) {
        text += u'\n' + cause->toText();
    }
    return text;
}

QJsonObject Error::toJson() const
{
    QJsonObject object {
        { u"code"_s, errorCodeName(code) },
        { u"what"_s, what.english() },
        { u"remedy"_s, remedy.english() },
        { u"detail"_s, detail },
    };
    if (!field.isEmpty()) {
        object.insert(u"field"_s, field);
    }
    if (cause) {
        object.insert(u"cause"_s, cause->toJson());
    }
    return object;
}

bool isTransient(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Network:
    case ErrorCode::Tls:
    case ErrorCode::Timeout:
    case ErrorCode::RateLimited:
    case ErrorCode::ClockSkew:
    case ErrorCode::BadResponse:
    case ErrorCode::Storage:
        return true;
    case ErrorCode::Cancelled:
    case ErrorCode::Auth:
    case ErrorCode::Permission:
    case ErrorCode::NotFound:
    case ErrorCode::InvalidInput:
    case ErrorCode::LimitExceeded:
    case ErrorCode::Held:
    case ErrorCode::Stale:
    case ErrorCode::SecretStore:
    case ErrorCode::Internal:
        return false;
    }
    return false;
}

} // namespace portreeve
