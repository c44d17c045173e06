// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleclient.h"
#include "core/proxy/console/consoleerror.h"
#include "core/proxy/console/consoletoken.h"
#include "core/proxy/sharedsecret.h"
#include "tests/support/consoledouble.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::ConsoleDouble;
using Kind = configservice::EntityKind;

namespace {

std::unique_ptr<ConsoleClient> clientOf(const ConsoleDouble& console, const QByteArray& token)
{
    static const SystemClock clock;
    auto opened
        = ConsoleClient::open(console.endpoint(), [token](UtcTime) { return token; }, clock);
    if (!opened) {
        qFatal("%s", qPrintable(opened.error().toText()));
    }
    return std::move(*opened);
}

std::unique_ptr<ConsoleClient> clientOf(const ConsoleDouble& console)
{
    return clientOf(console, ConsoleDouble::token());
}

} // namespace

/// Calls to Enterprise's own console and how their failures are told.
class TstConsoleClient : public QObject
{
    Q_OBJECT

private slots:
    void longListsComeInPagesAndWhole();
    void anIncompleteListIsNoList();
    void aTokenTheConsoleDoesNotKnowIsNotShown();
    void theBootstrapAccountSignsInWithTheSharedSecret();
    void onlyTokensAreTakenForTokens_data();
    void onlyTokensAreTakenForTokens();
    void theEndOfATokenIsRead();
    void failuresSayWhatToDo_data();
    void failuresSayWhatToDo();
    void aMessageTooLargeSaysSo();
    void cancelEndsACallWithinASecond();
    void aSilentConsoleEndsInTime();
};

void TstConsoleClient::longListsComeInPagesAndWhole()
{
    constexpr int many = 450;
    ConsoleDouble console;
    for (int i = 0; i < many; ++i) {
        console.put(Kind::Policy, { .name = u"policy %1"_s.arg(i), .ppl = u"[]"_s });
    }
    const auto client = clientOf(console);

    const auto all = client->list<ConsolePolicy>({}, {});
    const auto calls = console.calls().size();
    const auto counted = client->count<ConsolePolicy>({});

    QVERIFY2(all, qPrintable(all ? QString() : all.error().toText()));
    QCOMPARE(all->size(), std::size_t { many });
    QCOMPARE(calls, 3);
    QCOMPARE(counted.value(), std::int64_t { many });
    QCOMPARE(client->list<ConsolePolicy>(u"policy 44"_s, {})->size(), std::size_t { 11 });
}

/// Else what is missing would be made a second time.
void TstConsoleClient::anIncompleteListIsNoList()
{
    ConsoleDouble console;
    console.put(Kind::Route, { .name = u"a"_s });
    console.put(Kind::Route, { .name = u"b"_s });
    console.setFaults({ .missingOfLists = 1 });

    const auto all = clientOf(console)->list<ConsoleRoute>({}, {});

    QCOMPARE(all.error().code, ErrorCode::BadResponse);
    QVERIFY(!all.error().remedy.isEmpty());
}

void TstConsoleClient::aTokenTheConsoleDoesNotKnowIsNotShown()
{
    ConsoleDouble console;

    const auto refused = clientOf(console, "eyJh.eyJq.cGxhbnRlZA")->namespaces({});

    QCOMPARE(refused.error().code, ErrorCode::Auth);
    QVERIFY(!refused.error().toText().contains(u"eyJ"));
}

void TstConsoleClient::theBootstrapAccountSignsInWithTheSharedSecret()
{
    ConsoleDouble console;
    const auto secret = SharedSecret::fromBase64(
        QString::fromLatin1(test::DatabrokerDouble::secret().toBase64()));
    const auto client = clientOf(console, mintBootstrapToken(*secret, SystemClock().nowUtc()));

    const auto before = client->namespaces({});
    console.allowBootstrap(true);
    const auto after = client->namespaces({});

    QCOMPARE(before.error().code, ErrorCode::Auth);
    QVERIFY2(after, qPrintable(after ? QString() : after.error().toText()));
    QCOMPARE(after->front().name, u"Global"_s);
}

void TstConsoleClient::onlyTokensAreTakenForTokens_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("ok");
    QTest::addRow("a token") << u"eyJh.eyJq.c2ln"_s << true;
    QTest::addRow("with the end of its line") << u"eyJh.eyJq.c2ln\n"_s << true;
    QTest::addRow("with the word before it") << u"Pomerium eyJh.eyJq.c2ln"_s << false;
    QTest::addRow("two lines") << u"eyJh.eyJq\n.c2ln"_s << false;
    QTest::addRow("a shared secret") << u"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="_s << false;
    QTest::addRow("nothing") << QString() << false;
}

void TstConsoleClient::onlyTokensAreTakenForTokens()
{
    QFETCH(QString, text);
    QFETCH(bool, ok);

    const auto token = readConsoleToken(text);

    QCOMPARE(token.hasValue(), ok);
    if (!ok) {
        QCOMPARE(token.error().field, u"console_token"_s);
        QVERIFY(text.isEmpty() || !token.error().toText().contains(text));
    }
}

void TstConsoleClient::theEndOfATokenIsRead()
{
    const QByteArray claims = R"({"exp":1767225600,"jti":"sa-1"})";
    const auto end
        = consoleTokenEnd("eyJh." + claims.toBase64(QByteArray::Base64UrlEncoding) + ".x");

    QCOMPARE(end->time_since_epoch(), std::chrono::milliseconds(1'767'225'600'000));
    QVERIFY(!consoleTokenEnd(ConsoleDouble::token()));
    QVERIFY(!consoleTokenEnd("no token"));
}

void TstConsoleClient::failuresSayWhatToDo_data()
{
    using grpc::StatusCode;
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("remedy"); // a word of it
    const auto http = u"Received http2 header with status: "_s;
    const auto row = [](const char* name, StatusCode status, const QString& text, ErrorCode code,
                         const QString& remedy) {
        QTest::addRow("%s", name) << static_cast<int>(status) << text << code << remedy;
    };
    row("sign-in page", StatusCode::UNKNOWN, http + u"302"_s, ErrorCode::Auth,
        u"service account"_s);
    row("401 of the proxy", StatusCode::UNAUTHENTICATED, http + u"401"_s, ErrorCode::Auth,
        u"service account"_s);
    row("policy of the route", StatusCode::PERMISSION_DENIED, http + u"403"_s,
        ErrorCode::Permission, u"allow_any_authenticated_user"_s);
    row("no such route", StatusCode::UNIMPLEMENTED, http + u"404"_s, ErrorCode::BadResponse,
        u"8702"_s);
    row("console down", StatusCode::UNAVAILABLE, http + u"503"_s, ErrorCode::Network, u"8702"_s);
    row("audience", StatusCode::UNAUTHENTICATED, u"invalid audience claim (aud)"_s, ErrorCode::Auth,
        u"\"audience\""_s);
    row("token", StatusCode::UNAUTHENTICATED, u"nope"_s, ErrorCode::Auth, u"service account"_s);
    row("role", StatusCode::PERMISSION_DENIED, u"forbidden"_s, ErrorCode::Permission, u"Manager"_s);
    row("another service", StatusCode::UNIMPLEMENTED, u"unknown service"_s, ErrorCode::BadResponse,
        u"configuration service"_s);
    row("refused content", StatusCode::INVALID_ARGUMENT, u"bad PPL"_s, ErrorCode::InvalidInput,
        u"details"_s);
    row("too large", StatusCode::RESOURCE_EXHAUSTED, u"larger than max"_s, ErrorCode::LimitExceeded,
        u"4 MiB"_s);
    row("slow", StatusCode::DEADLINE_EXCEEDED, u"Deadline Exceeded"_s, ErrorCode::Timeout,
        u"next push"_s);
    row("certificate", StatusCode::UNAVAILABLE,
        u"Ssl handshake failed: CERTIFICATE_VERIFY_FAILED"_s, ErrorCode::Tls, u"authority"_s);
    row("certificate's name", StatusCode::UNAVAILABLE,
        u"certificate: Hostname Verification Check failed"_s, ErrorCode::Tls, u"route"_s);
    row("no TLS there", StatusCode::UNAVAILABLE, u"Ssl handshake failed: wrong version number"_s,
        ErrorCode::Tls, u"443"_s);
    row("nobody there", StatusCode::UNAVAILABLE, u"Connection refused"_s, ErrorCode::Network,
        u"running"_s);
}

void TstConsoleClient::failuresSayWhatToDo()
{
    QFETCH(int, status);
    QFETCH(QString, text);
    QFETCH(ErrorCode, code);
    QFETCH(QString, remedy);

    const auto error
        = consoleError(grpc::Status(static_cast<grpc::StatusCode>(status), text.toStdString()),
            { .method = "List", .address = u"console-api.example.org:443"_s, .tls = true });

    QCOMPARE(error.code, code);
    QVERIFY2(error.remedy.english().contains(remedy), qPrintable(error.toText()));
    QVERIFY(error.what.english().contains(u"console-api.example.org:443"));
    QVERIFY(error.detail.contains(text));
}

void TstConsoleClient::aMessageTooLargeSaysSo()
{
    ConsoleDouble console;
    ConsolePolicy policy;
    policy.set_namespace_id(ConsoleDouble::kGlobal.toStdString());
    policy.set_explanation(std::string(5'000'000, 'x'));

    const auto kept = clientOf(console)->set(policy, {});

    QCOMPARE(kept.error().code, ErrorCode::LimitExceeded);
    QVERIFY(console.objects(Kind::Policy).empty());
}

void TstConsoleClient::cancelEndsACallWithinASecond()
{
    ConsoleDouble console;
    console.setFaults({ .delay = 20s });
    const auto client = clientOf(console);
    std::stop_source stop;
    QElapsedTimer timer;
    timer.start();
    std::jthread canceller([&] {
        while (console.calls().isEmpty()) {
            std::this_thread::yield();
        }
        stop.request_stop();
    });

    const auto answer = client->list<ConsoleRoute>({}, stop.get_token());

    QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    QVERIFY(timer.elapsed() < 1'000);
}

void TstConsoleClient::aSilentConsoleEndsInTime()
{
    ConsoleDouble console;
    console.setFaults({ .delay = 20s });
    const auto client = clientOf(console);
    client->setDeadline(100ms);

    QCOMPARE(client->namespaces({}).error().code, ErrorCode::Timeout);
}

static const bool kConsoleClientRegistered
    = test::registerTestClass<TstConsoleClient>("consoleclient");

} // namespace portreeve

#include "tst_consoleclient.moc"
