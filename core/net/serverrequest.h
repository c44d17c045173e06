// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/net/httpclient.h"

namespace portreeve {

/// A request that came to us.
struct ServerRequest
{
    QByteArray method {};
    QByteArray path {}; ///< as on the wire, from the slash up to the query
    QByteArray query {}; ///< behind the question mark
    std::vector<HttpHeader> headers {};
    QByteArray body {};
    bool keepAlive = false;

    /// First header of that name, compared without case; empty when absent.
    QByteArray header(QByteArrayView name) const;
};

struct ServerResponse
{
    int status = 200;
    std::vector<HttpHeader> headers {}; ///< without length, date and connection
    QByteArray body {}; ///< left out by the listener where the request was HEAD
};

struct RequestLimits
{
    qsizetype headBytes = qsizetype(16) * 1024;
    qsizetype bodyBytes = 0; ///< 0 = requests with a body are refused
};

/// What the bytes received so far amount to.
struct ReceivedRequest
{
    enum class State { Incomplete, Complete, Refused };

    State state = State::Incomplete;
    ServerRequest request {}; ///< when complete
    int status = 0; ///< to answer with before closing, when refused
};

/// Takes one HTTP/1.1 request from the front of @p received. Strict where leniency is how requests
/// are smuggled: one length, no chunks, no folded or nameless headers.
ReceivedRequest takeRequest(QByteArray& received, const RequestLimits& limits);

/// "Not Found"; empty for a status we never send.
QByteArray reasonPhrase(int status);

} // namespace portreeve
