// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/fakehttpclient.h"

#include <QTest>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::test {

FakeHttpClient::FakeHttpClient(Clock& clock)
    : m_clock(clock)
{
}

void FakeHttpClient::on(const QString& target, std::vector<FakeReply> replies)
{
    m_replies.insert(target, std::move(replies));
}

void FakeHttpClient::setServer(Server server)
{
    m_server = std::move(server);
}

QString FakeHttpClient::target(const HttpRequest& request)
{
    const QString query = request.url.query(QUrl::FullyEncoded);
    return QString::fromLatin1(request.method) + u' ' + request.url.path(QUrl::FullyEncoded)
        + (query.isEmpty() ? QString() : QString(u'?' + query));
}

Result<HttpResponse> FakeHttpClient::send(const HttpRequest& request, const std::stop_token& stop)
{
    if (stop.stop_requested()) {
        return cancelledError();
    }
    m_requests.push_back(request);
    const QString wanted = target(request);
    std::optional<FakeReply> reply;
    if (const auto it = m_replies.constFind(wanted); it != m_replies.constEnd()) {
        const std::size_t turn = m_given[wanted]++;
        reply = it->at(std::min(turn, it->size() - 1));
    } else if (m_server) {
        reply = m_server(request);
    }
    if (!reply) {
        const QByteArray text = "unexpected request: " + wanted.toUtf8();
        QTest::qFail(text.constData(), __FILE__, __LINE__);
        return Error { .code = ErrorCode::Internal, .what = Message::verbatim(wanted) };
    }
    if (!m_clock.sleep(reply->delay, stop)) {
        return cancelledError();
    }
    if (reply->failure) {
        return *reply->failure;
    }
    return HttpResponse { .status = reply->status,
        .headers = reply->headers,
        .body = reply->body,
        .receivedAt = m_clock.nowUtc() };
}

std::vector<Result<HttpResponse>> FakeHttpClient::sendAll(
    const std::vector<HttpRequest>& requests, int maxInFlight, const std::stop_token& stop)
{
    m_highestInFlight
        = std::max(m_highestInFlight, std::min(maxInFlight, static_cast<int>(requests.size())));
    std::vector<Result<HttpResponse>> results;
    results.reserve(requests.size());
    for (const auto& request : requests) {
        results.push_back(send(request, stop));
    }
    return results;
}

int FakeHttpClient::count(const QString& targetPrefix) const
{
    return static_cast<int>(std::count_if(m_requests.begin(), m_requests.end(),
        [&](const auto& request) { return target(request).startsWith(targetPrefix); }));
}

} // namespace portreeve::test
