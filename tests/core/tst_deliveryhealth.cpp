// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::DeliveryFixture;
using test::FakeReply;

namespace {

enum class Channel { Service, File };

/// What the proxy's health page says once something was delivered.
FakeReply page(const QByteArray& error)
{
    const QByteArray tail
        = error.isEmpty() ? QByteArray() : QByteArray(", \"error\": \"" + error + '"');
    return { .body = "{\"xds.route-configuration\": {\"status\": \"RUNNING\"" + tail + "}}" };
}

FakeReply silence()
{
    return { .failure = Error { .code = ErrorCode::Network,
                 .what = Message::verbatim(u"refused"_s),
                 .remedy = Message::verbatim(u"look"_s) } };
}

} // namespace

/// What a proxy says on its health page decides whether a delivery of policies came through, since
/// storing them proves nothing (proxy.md 2.2).
class TstDeliveryHealth : public QObject
{
    Q_OBJECT

private slots:
    void itsAnswerDecides_data();
    void itsAnswerDecides();
};

void TstDeliveryHealth::itsAnswerDecides_data()
{
    QTest::addColumn<Channel>("channel");
    QTest::addColumn<FakeReply>("answer");
    QTest::addColumn<bool>("succeeds");
    QTest::addColumn<bool>("confirmed");
    QTest::addRow("service, sound") << Channel::Service << page({}) << true << true;
    QTest::addRow("service, error") << Channel::Service << page("missing ]: [") << false << false;
    QTest::addRow("service, silent") << Channel::Service << silence() << true << false;
    // A broken file shows nothing there, so soundness proves nothing.
    QTest::addRow("file, sound") << Channel::File << page({}) << true << false;
    QTest::addRow("file, error") << Channel::File << page("missing ]: [") << false << false;
    QTest::addRow("file, silent") << Channel::File << silence() << true << false;
}

void TstDeliveryHealth::itsAnswerDecides()
{
    QFETCH(Channel, channel);
    QFETCH(FakeReply, answer);
    QFETCH(bool, succeeds);
    QFETCH(bool, confirmed);
    DeliveryFixture fixture;
    fixture.commit(DeliveryFixture::staff());
    fixture.addRoute(u"wiki"_s, u"engineering"_s);
    fixture.listener = [&answer](const HttpRequest&) { return answer; };
    QHash<QString, QString> options { { u"health_url"_s,
        DeliveryFixture::kListener.toString() + u"/healthz"_s } };
    if (channel == Channel::File) {
        options.insert(u"kind"_s, u"files"_s);
        options.insert(u"directory_channel"_s, u"none"_s);
        options.insert(u"policy_channel"_s, u"config_file"_s);
        options.insert(u"output_file"_s, fixture.sync.folder.filePath(u"config.yaml"_s));
    }
    const auto target = fixture.addTarget(options);

    const auto outcome = fixture.push(target.id);

    QCOMPARE(outcome.hasValue(), succeeds);
    if (!succeeds) {
        QCOMPARE(outcome.error().code, ErrorCode::BadResponse);
        QVERIFY(outcome.error().detail.contains(u"missing ]: ["));
        QVERIFY(!outcome.error().remedy.isEmpty());
        QVERIFY(fixture.target(target.id).state != TargetState::InStep);
        return;
    }
    QCOMPARE(outcome->confirmed, confirmed);
    QCOMPARE(outcome->notes.empty(), confirmed);
}

static const bool kDeliveryHealthRegistered
    = test::registerTestClass<TstDeliveryHealth>("deliveryhealth");

} // namespace portreeve

#include "tst_deliveryhealth.moc"
