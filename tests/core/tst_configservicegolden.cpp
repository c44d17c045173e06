// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/configservicedouble.h"
#include "tests/support/fakeclock.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::ConfigServiceDouble;
using test::FakeClock;
using test::FakeReply;

namespace {

/// One call of the recording: what was asked, and what a real 0.33.0 answered.
struct Recorded
{
    QString method {}; ///< as written there, for example "GET ListPolicies"
    QByteArray body {};
    QByteArray answer {};
    int status = 0;
};

QString recordingPath()
{
    return QStringLiteral(PORTREEVE_TEST_DATA "/pomerium/config-service-0.33.0.txt");
}

std::vector<Recorded> readRecording(const QString& path)
{
    std::vector<Recorded> out;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return out;
    }
    for (const auto& line : file.readAll().split('\n')) {
        if (line.startsWith("> ")) {
            const auto brace = line.indexOf(" {");
            out.push_back({ .method = QString::fromUtf8(line.mid(2, brace < 0 ? -1 : brace - 2)),
                .body = brace < 0 ? QByteArray() : line.mid(brace + 1) });
        } else if (line.startsWith("< HTTP ")) {
            out.back().status = line.mid(7, 3).toInt();
        } else if (!out.empty() && line.startsWith('{')) {
            out.back().answer = line;
        }
    }
    return out;
}

/// Ids the server made, times and tokens differ from run to run.
QJsonValue comparable(const QJsonValue& value, const QString& key = {})
{
    static const QRegularExpression uuid(u"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"_s);
    static const QStringList times { u"createdAt"_s, u"modifiedAt"_s, u"accessedAt"_s, u"jwt"_s };
    if (times.contains(key)) {
        return u"*"_s;
    }
    if (value.isObject()) {
        const auto object = value.toObject();
        QJsonObject out;
        for (auto member = object.begin(); member != object.end(); ++member) {
            out.insert(member.key(), comparable(member.value(), member.key()));
        }
        return out;
    }
    if (value.isArray()) {
        QStringList items;
        const auto array = value.toArray();
        for (const auto& item : array) {
            items.append(QString::fromUtf8(
                QJsonDocument(QJsonArray { comparable(item) }).toJson(QJsonDocument::Compact)));
        }
        items.sort(); // listed by id, some of which the server made
        return QJsonArray::fromStringList(items);
    }
    const bool isMade = key == u"id" && uuid.match(value.toString()).hasMatch();
    return isMade ? QJsonValue(u"*"_s) : value;
}

/// Core's JSON library puts a no-break space into some of its messages, by build.
QByteArray comparable(const QByteArray& answer)
{
    auto text = QJsonDocument(comparable(QJsonDocument::fromJson(answer).object()).toObject())
                    .toJson(QJsonDocument::Compact);
    return text.replace("\u00a0", " ");
}

} // namespace

/// The double gives the answers a real Core 0.33.0 gave to the same calls.
class TstConfigServiceGolden : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void theDoubleAnswersAsRecorded_data();
    void theDoubleAnswersAsRecorded();

private:
    HttpRequest requestFor(std::size_t place) const;

    std::vector<Recorded> m_recording;
    QByteArray m_secret = QByteArray(32, 's');
    FakeClock m_clock;
    std::unique_ptr<ConfigServiceDouble> m_double;
};

void TstConfigServiceGolden::initTestCase()
{
    m_recording = readRecording(recordingPath());
    QVERIFY(!m_recording.empty());
    m_double = std::make_unique<ConfigServiceDouble>(m_secret, m_clock);
}

/// The first calls differ by their headers only, in an order proxy.md 14.1 tells.
HttpRequest TstConfigServiceGolden::requestFor(std::size_t place) const
{
    const auto& call = m_recording[place];
    const auto expires
        = std::chrono::duration_cast<std::chrono::seconds>(m_clock.nowUtc().time_since_epoch())
              .count()
        + 300;
    const auto token = ConfigServiceDouble::token(m_secret, { { u"exp"_s, qint64(expires) } });
    const auto wrong
        = ConfigServiceDouble::token(QByteArray(32, 'w'), { { u"exp"_s, qint64(expires) } });
    const std::vector<std::vector<HttpHeader>> proofs { {}, {}, {},
        { { .name = "jwt", .value = "garbage" } },
        { { .name = "Authorization", .value = "Bearer " + token } },
        { { .name = "Authorization", .value = "Pomerium " + token } },
        { { .name = "Authorization", .value = "Bearer Pomerium-" + token } },
        { { .name = "jwt", .value = wrong } } };
    auto method = call.method;
    HttpRequest out { .method = "POST",
        .headers = place < proofs.size()
            ? proofs[place]
            : std::vector<HttpHeader> { { .name = "jwt", .value = token } },
        .body = call.body };
    QByteArray type = "application/json";
    if (method.startsWith(u"GET ")) {
        out.method = "GET";
        method.remove(0, 4);
    } else if (method == u"unknown method") {
        method = u"NoSuchMethod"_s;
    } else if (method == u"text/plain") {
        method = u"ListPolicies"_s;
        type = "text/plain";
    }
    out.headers.push_back({ .name = "Content-Type", .value = type });
    out.url = QUrl(u"http://127.0.0.1/pomerium.config.ConfigService/"_s + method);
    return out;
}

void TstConfigServiceGolden::theDoubleAnswersAsRecorded_data()
{
    QTest::addColumn<int>("place");
    int place = 0;
    for (const auto& call : m_recording) {
        QTest::addRow("%d %s", place, qPrintable(call.method)) << place;
        ++place;
    }
}

void TstConfigServiceGolden::theDoubleAnswersAsRecorded()
{
    QFETCH(int, place);
    const auto& expected = m_recording[static_cast<std::size_t>(place)];

    const auto reply = m_double->answer(requestFor(static_cast<std::size_t>(place)));

    QCOMPARE(reply.status, expected.status);
    QCOMPARE(comparable(reply.body), comparable(expected.answer));
}

static const bool kConfigServiceGoldenRegistered
    = test::registerTestClass<TstConfigServiceGolden>("configservicegolden");

} // namespace portreeve

#include "tst_configservicegolden.moc"
