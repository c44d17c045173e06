// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/paging.h"
#include "core/net/retryingclient.h"
#include "core/net/tokensource.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttpclient.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::FakeClock;
using test::FakeHttpClient;
using test::FakeReply;

class TstRetryingClient : public QObject
{
    Q_OBJECT

private slots:
    void temporaryAnswersAreRepeated_data();
    void temporaryAnswersAreRepeated();
    void otherAnswersAreNotRepeated();
    void triesEndAfterSix();
    void pausesGrowAndAreCapped();
    void theServersPauseIsKept_data();
    void theServersPauseIsKept();
    void aPostIsRepeatedOnlyWhenItChangesNothing();
    void waitingIsToldAndEndsOnCancel();
    void concurrencyFollowsTheServer();
    void answersKeepTheirOrder();
    void tokensAreRenewedEarlyAndAfterARefusal();
    void aTokenRefusedTwiceIsReturned();
    void pagesInACircleEnd();
    void linksStayOnTheConfiguredOrigin();

private:
    static HttpRequest request(const QString& path = u"/a"_s)
    {
        return { .url = QUrl(QString(u"https://api.example.org"_s + path)) };
    }

    static std::chrono::milliseconds slept(const FakeClock& clock)
    {
        const auto sleeps = clock.sleeps();
        return std::accumulate(sleeps.begin(), sleeps.end(), std::chrono::milliseconds(0));
    }
};

namespace {
RetryPolicy withoutChance()
{
    RetryPolicy policy;
    policy.jitter = [] { return 1.0; };
    return policy;
}

const WaitSink kSilent = [](const QString&) { };
} // namespace

void TstRetryingClient::temporaryAnswersAreRepeated_data()
{
    QTest::addColumn<int>("status"); // 0: the exchange fails
    for (const int status : { 408, 429, 500, 502, 503, 504, 0 }) {
        QTest::addRow("%d", status) << status;
    }
}

void TstRetryingClient::temporaryAnswersAreRepeated()
{
    QFETCH(int, status);
    FakeClock clock;
    FakeHttpClient http(clock);
    FakeReply bad { .status = status };
    if (status == 0) {
        bad.failure = Error { .code = ErrorCode::Network };
    }
    http.on(u"GET /a"_s, { bad, bad, { .body = "good" } });
    RetryingClient client(http, clock, withoutChance(), kSilent);

    const auto answer = client.send(request(), {});

    QVERIFY(answer.hasValue());
    QCOMPARE(answer->body, "good");
    QCOMPARE(http.requests().size(), std::size_t { 3 });
}

void TstRetryingClient::otherAnswersAreNotRepeated()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    RetryingClient client(http, clock, withoutChance(), kSilent);
    for (const int status : { 200, 304, 400, 401, 403, 404, 501 }) {
        const QString path = u"/%1"_s.arg(status);
        http.on(u"GET "_s + path, { { .status = status } });

        QCOMPARE(client.send(request(path), {})->status, status);
        QCOMPARE(http.count(u"GET "_s + path), 1);
    }
    http.on(u"GET /tls"_s, { { .failure = Error { .code = ErrorCode::Tls } } });
    QVERIFY(!client.send(request(u"/tls"_s), {}));
    QCOMPARE(http.count(u"GET /tls"_s), 1);
}

void TstRetryingClient::triesEndAfterSix()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"GET /a"_s, { { .status = 503 } });
    RetryingClient client(http, clock, withoutChance(), kSilent);

    const auto answer = client.send(request(), {});

    QCOMPARE(answer->status, 503);
    QCOMPARE(http.requests().size(), std::size_t { 6 });
}

void TstRetryingClient::pausesGrowAndAreCapped()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"GET /a"_s, { { .status = 503 } });
    auto policy = withoutChance();
    policy.maxTries = 9;
    RetryingClient client(http, clock, policy, kSilent);

    QVERIFY(client.send(request(), {}).hasValue());

    // 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60 seconds, each a millisecond more
    QCOMPARE(slept(clock), 183s + 8ms);
}

void TstRetryingClient::theServersPauseIsKept_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("seconds");
    QTest::addRow("seconds") << QByteArray("Retry-After") << QByteArray("41") << 41LL;
    QTest::addRow("date") << QByteArray("retry-after")
                          << QByteArray("Fri, 20 Nov 2026 09:31:00 GMT") << 60LL;
    QTest::addRow("at most 15 minutes")
        << QByteArray("Retry-After") << QByteArray("86400") << 900LL;
    QTest::addRow("vendor's own first") << QByteArray("X-Reset") << QByteArray("7") << 7LL;
}

void TstRetryingClient::theServersPauseIsKept()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    QFETCH(qint64, seconds);
    FakeClock clock(*fromRfc3339(u"2026-11-20T09:30:00Z"_s));
    FakeHttpClient http(clock);
    http.on(
        u"GET /a"_s, { { .status = 429, .headers = { { .name = header, .value = value } } }, {} });
    auto policy = withoutChance();
    policy.vendorPause
        = [](const HttpResponse& response) -> std::optional<std::chrono::milliseconds> {
        const auto reset = response.header("X-Reset");
        return reset.isEmpty()
            ? std::nullopt
            : std::optional<std::chrono::milliseconds>(std::chrono::seconds(reset.toInt()));
    };
    RetryingClient client(http, clock, policy, kSilent);

    QCOMPARE(client.send(request(), {})->status, 200);

    QCOMPARE(slept(clock), std::chrono::seconds(seconds));
}

void TstRetryingClient::aPostIsRepeatedOnlyWhenItChangesNothing()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"POST /a"_s, { { .status = 503 } });
    RetryingClient client(http, clock, withoutChance(), kSilent);
    auto post = request();
    post.method = "POST";

    QVERIFY(client.send(post, {}).hasValue());
    QCOMPARE(http.requests().size(), std::size_t { 1 });
    post.isRepeatable = true;
    QVERIFY(client.send(post, {}).hasValue());

    QCOMPARE(http.requests().size(), std::size_t { 7 });
}

void TstRetryingClient::waitingIsToldAndEndsOnCancel()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"GET /a"_s,
        { { .status = 429, .headers = { { .name = "Retry-After", .value = "41" } } } });
    std::stop_source stop;
    QStringList told;
    RetryingClient client(http, clock, withoutChance(), [&](const QString& text) {
        told.append(text);
        if (text.contains(u"39 s"_s)) {
            stop.request_stop();
        }
    });

    const auto answer = client.send(request(), stop.get_token());

    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    QCOMPARE(told.first(), u"rate limited, resumes in 41 s"_s);
    QCOMPARE(told.last(), QString());
    QCOMPARE(http.requests().size(), std::size_t { 1 });
}

void TstRetryingClient::concurrencyFollowsTheServer()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"GET /limited"_s, { { .status = 429 }, { .status = 429 }, {} });
    http.on(u"GET /a"_s, { {} });
    RetryingClient client(http, clock, withoutChance(), kSilent);
    QCOMPARE(client.inFlightLimit(), 4);

    QVERIFY(client.send(request(u"/limited"_s), {}).hasValue());
    QCOMPARE(client.inFlightLimit(), 1);
    const std::vector<HttpRequest> hundred(100, request());
    for (const auto& answer : client.sendAll(hundred, 4, {})) {
        QVERIFY(answer.hasValue());
    }

    QCOMPARE(client.inFlightLimit(), 2);
    QCOMPARE(http.highestInFlight(), 1);
}

void TstRetryingClient::answersKeepTheirOrder()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    std::vector<HttpRequest> requests;
    for (int i = 0; i < 100; ++i) {
        const QString path = u"/%1"_s.arg(i);
        requests.push_back(request(path));
        http.on(u"GET "_s + path,
            { { .status = i % 7 == 0 ? 503 : 200, .body = QByteArray::number(i) },
                { .body = QByteArray::number(i) } });
    }
    RetryingClient client(http, clock, withoutChance(), kSilent);

    const auto answers = client.sendAll(requests, 4, {});

    for (int i = 0; i < 100; ++i) {
        QCOMPARE(answers[static_cast<std::size_t>(i)]->status, 200);
        QCOMPARE(answers[static_cast<std::size_t>(i)]->body, QByteArray::number(i));
    }
}

void TstRetryingClient::tokensAreRenewedEarlyAndAfterARefusal()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"GET /a"_s, { {}, {}, {}, { .status = 401 }, {} });
    int fetched = 0;
    TokenSource tokens(
        [&]() -> Result<AccessToken> {
            return AccessToken { .value = QString::number(++fetched), .lifetime = 300s };
        },
        clock);
    AuthorizedClient client(http, tokens);

    QCOMPARE(client.send(request(), {})->status, 200);
    clock.advance(239s);
    QCOMPARE(client.send(request(), {})->status, 200);
    QCOMPARE(fetched, 1);
    clock.advance(1s);
    QCOMPARE(client.send(request(), {})->status, 200);
    QCOMPARE(fetched, 2);
    QCOMPARE(client.send(request(), {})->status, 200); // after one 401
    QCOMPARE(fetched, 3);

    QCOMPARE(http.requests().back().headers.back().value, "Bearer 3");
}

void TstRetryingClient::aTokenRefusedTwiceIsReturned()
{
    FakeClock clock;
    FakeHttpClient http(clock);
    http.on(u"GET /a"_s, { { .status = 401 } });
    TokenSource tokens(
        []() -> Result<AccessToken> { return AccessToken { .value = u"t"_s, .lifetime = 60s }; },
        clock);
    AuthorizedClient client(http, tokens);

    QCOMPARE(client.send(request(), {})->status, 401);
    QCOMPARE(http.requests().size(), std::size_t { 2 });
}

void TstRetryingClient::pagesInACircleEnd()
{
    PageGuard guard(u"api.example.org"_s);

    QVERIFY(guard.enter(u"a"_s).hasValue());
    QVERIFY(guard.enter(u"b"_s).hasValue());
    const auto again = guard.enter(u"a"_s);

    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::BadResponse);
    QVERIFY(again.error().what.english().contains(u"api.example.org"));
    QVERIFY(!again.error().remedy.isEmpty());
    QVERIFY(again.error().detail.contains(u"cursor came twice"));
    PageGuard endless(u"api.example.org"_s);
    bool ended = false;
    for (int i = 0; i <= 100'000 && !ended; ++i) {
        ended = !endless.enter(QString::number(i));
    }
    QVERIFY(ended);
}

void TstRetryingClient::linksStayOnTheConfiguredOrigin()
{
    const QUrl base(u"http://127.0.0.1:8080/api"_s);
    const QUrl vendor(u"https://api.example.org"_s);

    const auto own = linkOnBase(base, QUrl(u"http://127.0.0.1:8080/api/x?after=%2Fb"_s));
    const auto canonical = linkOnBase(base, QUrl(u"https://api.example.org/api/x?a=1"_s), vendor);
    const auto foreign = linkOnBase(base, QUrl(u"https://evil.example.com/api"_s), vendor);
    const auto otherPort = linkOnBase(base, QUrl(u"http://127.0.0.1:81/api"_s), vendor);

    QCOMPARE(own->toString(QUrl::FullyEncoded), u"http://127.0.0.1:8080/api/x?after=%2Fb"_s);
    QCOMPARE(canonical->toString(), u"http://127.0.0.1:8080/api/x?a=1"_s);
    QVERIFY(!foreign && !otherPort);
    QCOMPARE(foreign.error().code, ErrorCode::BadResponse);
}

static const bool kRetryingClientRegistered
    = test::registerTestClass<TstRetryingClient>("retryingclient");

} // namespace portreeve

#include "tst_retryingclient.moc"
