// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/statuserror.h"

namespace portreeve {

namespace {
struct Explanation
{
    ErrorCode code = ErrorCode::BadResponse;
    const char* what = "";
    const char* remedy = "";
};

Explanation explain(int status)
{
    constexpr int firstServerError = 500;
    if (status == 401) {
        return { .code = ErrorCode::Auth,
            .what = QT_TRANSLATE_NOOP("Message", "%1 did not accept the credentials."),
            .remedy = QT_TRANSLATE_NOOP("Message", "Replace the secret, then test again.") };
    }
    if (status == 403) {
        return { .code = ErrorCode::Permission,
            .what = QT_TRANSLATE_NOOP("Message", "%1 refused to give the directory."),
            .remedy
            = QT_TRANSLATE_NOOP("Message", "Grant the right to read it there, then test again.") };
    }
    if (status == 404 || status == 410) {
        return { .code = ErrorCode::NotFound,
            .what = QT_TRANSLATE_NOOP("Message", "%1 has nothing at the configured address."),
            .remedy = QT_TRANSLATE_NOOP("Message", "Check the address and its spelling.") };
    }
    if (status == 429) {
        return { .code = ErrorCode::RateLimited,
            .what = QT_TRANSLATE_NOOP("Message", "%1 is limiting requests."),
            .remedy = QT_TRANSLATE_NOOP(
                "Message", "The next run tries again; raise the polling delay if this repeats.") };
    }
    if (status >= firstServerError) {
        return { .what = QT_TRANSLATE_NOOP("Message", "%1 had a problem (HTTP %2)."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Nothing was changed here, and the next run tries again. If it lasts, look at the "
                "server's log.") };
    }
    return { .what = QT_TRANSLATE_NOOP("Message", "%1 gave an unexpected answer (HTTP %2)."),
        .remedy = QT_TRANSLATE_NOOP("Message",
            "Nothing was changed here. Check that the address is the right one and that no proxy "
            "or sign-in page answers in its place.") };
}
} // namespace

Error statusError(const QString& source, const HttpRequest& request, const HttpResponse& response)
{
    const auto explanation = explain(response.status);
    return { .code = explanation.code,
        .what = message(explanation.what, source, QString::number(response.status)),
        .remedy = message(explanation.remedy),
        .detail = describeExchange(request, response) };
}

} // namespace portreeve
