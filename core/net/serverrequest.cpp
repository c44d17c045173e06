// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/serverrequest.h"

#include <algorithm>
#include <array>

namespace portreeve {

namespace {

constexpr QByteArrayView kLineEnd = "\r\n";
constexpr QByteArrayView kHeadEnd = "\r\n\r\n";

bool isTokenCharacter(char c)
{
    constexpr QByteArrayView marks = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || marks.contains(c);
}

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool isPrintable(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(),
        [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

ReceivedRequest refused(int status)
{
    return { .state = ReceivedRequest::State::Refused, .status = status };
}

/// Status of the refusal, or 0.
int readRequestLine(const QByteArray& line, ServerRequest& out)
{
    const auto parts = line.split(' ');
    if (parts.size() != 3 || !isToken(parts[0]) || !isPrintable(parts[1])) {
        return 400;
    }
    if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0") {
        return parts[2].startsWith("HTTP/") ? 505 : 400;
    }
    const auto& target = parts[1];
    if (!target.startsWith('/')) {
        return 400;
    }
    const auto question = target.indexOf('?');
    out.method = parts[0];
    out.path = question < 0 ? target : target.left(question);
    out.query = question < 0 ? QByteArray() : target.mid(question + 1);
    out.keepAlive = parts[2] == "HTTP/1.1";
    return 0;
}

bool readHeader(const QByteArray& line, ServerRequest& out)
{
    const auto colon = line.indexOf(':');
    if (colon < 0 || !isToken(QByteArrayView(line).first(colon))) {
        return false;
    }
    const auto value = line.mid(colon + 1).trimmed();
    out.headers.push_back({ .name = line.left(colon), .value = value });
    return isPrintable(value);
}

/// Status of the refusal, or 0.
int readHead(const QByteArray& head, ServerRequest& out)
{
    qsizetype start = 0;
    for (bool first = true; start <= head.size(); first = false) {
        auto end = head.indexOf(kLineEnd, start);
        end = end < 0 ? head.size() : end;
        const auto line = head.mid(start, end - start);
        start = end + kLineEnd.size();
        const int status = first ? readRequestLine(line, out) : readHeader(line, out) ? 0 : 400;
        if (status != 0) {
            return status;
        }
    }
    if (out.keepAlive && out.header("Host").isEmpty()) {
        return 400;
    }
    if (out.header("Connection").compare("close", Qt::CaseInsensitive) == 0) {
        out.keepAlive = false;
    }
    return 0;
}

/// Length of the body, or minus the status of the refusal.
qsizetype bodyLength(const ServerRequest& request, const RequestLimits& limits)
{
    const auto count = std::count_if(
        request.headers.begin(), request.headers.end(), [](const HttpHeader& header) {
            return header.name.compare("Content-Length", Qt::CaseInsensitive) == 0;
        });
    if (!request.header("Transfer-Encoding").isEmpty()) {
        return -411;
    }
    if (count == 0) {
        return 0;
    }
    const auto text = request.header("Content-Length");
    const bool digits = !text.isEmpty()
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    bool ok = false;
    const auto length = text.toLongLong(&ok);
    if (count > 1 || !digits) {
        return -400;
    }
    return !ok || length > limits.bodyBytes ? -413 : static_cast<qsizetype>(length);
}

} // namespace

QByteArray ServerRequest::header(QByteArrayView name) const
{
    const auto found
        = std::find_if(headers.begin(), headers.end(), [name](const HttpHeader& header) {
              return header.name.compare(name, Qt::CaseInsensitive) == 0;
          });
    return found == headers.end() ? QByteArray() : found->value;
}

ReceivedRequest takeRequest(QByteArray& received, const RequestLimits& limits)
{
    const auto headEnd = received.indexOf(kHeadEnd);
    if (headEnd > limits.headBytes || (headEnd < 0 && received.size() > limits.headBytes)) {
        return refused(431);
    }
    if (headEnd < 0) {
        return {};
    }
    ReceivedRequest out;
    if (const int status = readHead(received.left(headEnd), out.request); status != 0) {
        return refused(status);
    }
    const auto length = bodyLength(out.request, limits);
    if (length < 0) {
        return refused(static_cast<int>(-length));
    }
    const auto bodyStart = headEnd + kHeadEnd.size();
    if (received.size() < bodyStart + length) {
        return {};
    }
    out.request.body = received.mid(bodyStart, length);
    out.state = ReceivedRequest::State::Complete;
    received.remove(0, bodyStart + length);
    return out;
}

QByteArray reasonPhrase(int status)
{
    constexpr std::array<std::pair<int, const char*>, 19> phrases { { { 200, "OK" },
        { 201, "Created" }, { 204, "No Content" }, { 304, "Not Modified" }, { 400, "Bad Request" },
        { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
        { 405, "Method Not Allowed" }, { 408, "Request Timeout" }, { 409, "Conflict" },
        { 411, "Length Required" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
        { 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" }, { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" } } };
    const auto* found = std::find_if(phrases.begin(), phrases.end(),
        [status](const auto& phrase) { return phrase.first == status; });
    return found == phrases.end() ? QByteArray() : QByteArray(found->second);
}

} // namespace portreeve
