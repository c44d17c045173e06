// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/configrecords.h"
#include "core/proxy/databroker/devicerecords.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/datadirectory.h"
#include "core/settings/secretstore.h"
#include "core/store/store.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/linkverifier.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QDateTime>
#include <QFile>
#include <QTest>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// Devices as a script looks after them, against a databroker in this process.
class TstCtlDevice : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void linkIsPrintedAloneAndWorks();
    void hostsOfRoutesOfOthersAreKnown();
    void hostsOfTheProxysOwnFileAreKnown();
    void linkAsJsonHasTheContractsKeys();
    void linksForManyAreACsvInTheirOrder();
    void wrongUseIsNamed_data();
    void wrongUseIsNamed();
    void linksAreListedWithoutTheirText();
    void linkIsRenewedAndShownAgain();
    void aLostLinkIsListedWithTheDevicesUntilItIsGivenUp();
    void nothingOfALinkIsLogged();
    void case22RevokingReportsItsSteps();
    void devicesAreListedAndApproved();
    void recordsOfADeviceAreShown();
    void housekeepingShowsBeforeItDeletes();
    void readOnlyTargetIsNotChanged();
    void case10MissingSecretIsSaid();

private:
    static constexpr auto kHost = "wiki.example.org";

    Result<std::unique_ptr<Store>> openStore();
    void setTarget(const QString& name, const QHash<QString, QString>& options);
    static QStringList linkArguments(); ///< of one for john
    CtlAnswer link(const QStringList& more = {}) const;

    SystemClock m_clock;
    DatabrokerDouble m_proxy;
    CtlProcess m_ctl;
    QString m_john; ///< id of a person of the directory
};

Result<std::unique_ptr<Store>> TstCtlDevice::openStore()
{
    return Store::open({ .path = databasePath(m_ctl.file(u"data"_s)) }, m_clock);
}

void TstCtlDevice::setTarget(const QString& name, const QHash<QString, QString>& options)
{
    auto store = openStore();
    QVERIFY(store.hasValue());
    const auto target = (*store)->targets().add(
        { .name = name, .options = options, .storedSecrets = { kSharedSecretField.toString() } });
    QVERIFY2(target.hasValue(), target ? "" : qPrintable(target.error().toText()));
    auto secrets = makeSecretStore(u"file:"_s + m_ctl.file(u"secrets.json"_s));
    QVERIFY((*secrets)
            ->write({ .connectionId = target->id,
                        .connectionName = name,
                        .field = kSharedSecretField.toString() },
                QString::fromLatin1(DatabrokerDouble::secret().toBase64()))
            .hasValue());
}

QStringList TstCtlDevice::linkArguments()
{
    return { u"device"_s, u"link"_s, u"john"_s, u"--target"_s, u"edge"_s, u"--route"_s,
        QString::fromLatin1(kHost) };
}

CtlAnswer TstCtlDevice::link(const QStringList& more) const
{
    return m_ctl.run(linkArguments() + more);
}

void TstCtlDevice::initTestCase()
{
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    QCOMPARE(m_ctl
                 .run({ u"route"_s, u"add"_s, u"Wiki"_s, u"--from"_s, u"https://wiki.example.org"_s,
                     u"--to"_s, u"http://wiki:8080"_s })
                 .exitCode,
        0);
    m_john = m_ctl.run({ u"--json"_s, u"user"_s, u"show"_s, u"john"_s })
                 .json()
                 .value(u"id"_s)
                 .toString();
    QVERIFY(!m_john.isEmpty());
    const QString address = u"127.0.0.1:"_s + QString::number(m_proxy.endpoint().port);
    setTarget(u"edge"_s, { { u"kind"_s, u"core"_s }, { u"address"_s, address } });
    setTarget(u"watched"_s,
        { { u"kind"_s, u"core"_s }, { u"address"_s, address }, { u"read_only"_s, u"true"_s } });
}

void TstCtlDevice::init()
{
    m_proxy.restart();
}

void TstCtlDevice::linkIsPrintedAloneAndWorks()
{
    const auto made = link({ u"--valid"_s, u"1d"_s, u"--approve"_s, u"--by"_s, u"ann"_s });

    QVERIFY2(made.exitCode == 0, made.err.constData());
    const QString url = QString::fromUtf8(made.out).chopped(1);
    QVERIFY(url.startsWith(u"https://wiki.example.org/.pomerium/webauthn?"));
    QVERIFY(!url.contains(u'\n'));
    QVERIFY(made.err.contains("not signed in"));
    QVERIFY(!made.err.contains("pomerium_"));
    const LinkVerifier proxy(DatabrokerDouble::secret());
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QCOMPARE(proxy.url(url, now), UrlVerdict::Valid);
    QCOMPARE(proxy.url(url, now + 86400 + 120), UrlVerdict::Expired);
    const auto records = m_proxy.records(recordtype::kEnrollment);
    QCOMPARE(records.size(), std::size_t(1));
    QCOMPARE(enrollmentData(records.front())->userId, m_john);
    QCOMPARE(enrollmentData(records.front())->approvedBy, u"ann"_s);
}

void TstCtlDevice::hostsOfRoutesOfOthersAreKnown()
{
    m_proxy.write({ toRecord(configservice::RouteEntity { .id = u"r-1"_s,
        .originatorId = u"somebody"_s,
        .name = u"Mail"_s,
        .from = u"https://mail.example.org"_s }) });

    const auto made = m_ctl.run({ u"device"_s, u"link"_s, m_john, u"--target"_s, u"edge"_s,
        u"--route"_s, u"mail.example.org"_s });

    QVERIFY2(made.exitCode == 0, made.err.constData());
    QVERIFY(made.out.startsWith("https://mail.example.org/.pomerium/webauthn?"));
}

void TstCtlDevice::hostsOfTheProxysOwnFileAreKnown()
{
    const QString path = m_ctl.file(u"config.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("routes:\n- from: https://chat.example.org\n  to: http://chat:8080\n");
    file.close();
    setTarget(u"filed"_s,
        { { u"address"_s, u"127.0.0.1:"_s + QString::number(m_proxy.endpoint().port) },
            { u"base_file"_s, path } });

    const auto made = m_ctl.run({ u"device"_s, u"link"_s, m_john, u"--target"_s, u"filed"_s,
        u"--route"_s, u"chat.example.org"_s });

    QVERIFY2(made.exitCode == 0, made.err.constData());
    QVERIFY(made.out.startsWith("https://chat.example.org/.pomerium/webauthn?"));
}

void TstCtlDevice::linkAsJsonHasTheContractsKeys()
{
    m_proxy.write({ userRecord(m_john, u"John"_s, {}, {}) });

    const auto made = m_ctl.run({ u"--json"_s, u"device"_s, u"link"_s, m_john, u"--target"_s,
        u"edge"_s, u"--route"_s, u"wiki.example.org"_s, u"--type"_s, u"enclave_only"_s });

    QVERIFY2(made.exitCode == 0, made.err.constData());
    QCOMPARE(made.json().keys(),
        QStringList({ u"enrollment_id"_s, u"expires_at"_s, u"url"_s, u"user"_s }));
    QCOMPARE(made.json().value(u"user"_s).toString(), m_john);
    QVERIFY(!made.err.contains("not signed in"));
    QVERIFY(enrollmentData(m_proxy.records(recordtype::kEnrollment).front())->approvedBy.isEmpty());
}

void TstCtlDevice::linksForManyAreACsvInTheirOrder()
{
    const auto made = m_ctl.run({ u"device"_s, u"link"_s, u"steve"_s, u"john"_s, u"bob"_s,
        u"--target"_s, u"edge"_s, u"--route"_s, u"wiki.example.org"_s, u"--csv"_s });

    QVERIFY2(made.exitCode == 0, made.err.constData());
    const auto lines = made.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines.at(2).left(lines.at(2).indexOf(',')), m_john.toUtf8());
    QCOMPARE(m_proxy.count(u"Put"_s) > 0, true);
}

void TstCtlDevice::wrongUseIsNamed_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("text");
    const QStringList base { u"john"_s, u"--target"_s, u"edge"_s };
    const QStringList routed = base + QStringList { u"--route"_s, u"wiki.example.org"_s };
    QTest::addRow("no route") << base << QByteArray("--route");
    QTest::addRow("host without route")
        << base + QStringList { u"--route"_s, u"mail.example.org"_s } << QByteArray("No route");
    QTest::addRow("IP address") << base + QStringList { u"--route"_s, u"10.0.0.1"_s }
                                << QByteArray("IP address");
    QTest::addRow("redirect") << routed + QStringList { u"--redirect"_s, u"javascript:x"_s }
                              << QByteArray("javascript");
    QTest::addRow("plain redirect")
        << routed + QStringList { u"--redirect"_s, u"http://wiki.example.org/"_s }
        << QByteArray("--allow-http");
    QTest::addRow("too long") << routed + QStringList { u"--valid"_s, u"91d"_s }
                              << QByteArray("91d");
    QTest::addRow("type") << routed + QStringList { u"--type"_s, u"corp_key"_s }
                          << QByteArray("corp_key");
}

void TstCtlDevice::wrongUseIsNamed()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, text);

    const auto refused = m_ctl.run(QStringList { u"device"_s, u"link"_s } + arguments);

    QCOMPARE(refused.exitCode, 4);
    QVERIFY2(refused.err.contains(text), refused.err.constData());
    QVERIFY(refused.out.isEmpty());
    QVERIFY(m_proxy.records(recordtype::kEnrollment).empty());
}

void TstCtlDevice::linksAreListedWithoutTheirText()
{
    QCOMPARE(link().exitCode, 0);
    const QString id = m_proxy.records(recordtype::kEnrollment).front().id;
    const auto stored = [&id](const CtlAnswer& answer) {
        for (const auto& line : answer.jsonLines()) {
            if (line.value(u"enrollment_id"_s).toString() == id) {
                return line;
            }
        }
        return QJsonObject();
    };
    const QStringList list { u"--json"_s, u"device"_s, u"links"_s, u"--target"_s, u"edge"_s };

    const auto listed = m_ctl.run(list);
    m_proxy.restart(); // its memory is gone
    const auto lost = m_ctl.run(list);

    QVERIFY2(listed.exitCode == 0, listed.err.constData());
    QCOMPARE(stored(listed).value(u"state"_s).toString(), u"waiting"_s);
    QCOMPARE(stored(listed).value(u"user"_s).toString(), m_john);
    QVERIFY(!listed.out.contains("pomerium_enrollment_token"));
    QCOMPARE(stored(lost).value(u"state"_s).toString(), u"lost"_s);
}

void TstCtlDevice::linkIsRenewedAndShownAgain()
{
    const QByteArray first = link().out;
    const QString id = m_proxy.records(recordtype::kEnrollment).front().id;
    const QStringList target { id, u"--target"_s, u"edge"_s };

    const auto again = m_ctl.run(QStringList { u"device"_s, u"url"_s } + target);
    const auto brief = m_ctl.run(QStringList { u"device"_s, u"url"_s, u"--short"_s } + target);
    const auto renewed
        = m_ctl.run(QStringList { u"device"_s, u"renew"_s, u"--valid"_s, u"1h"_s } + target);
    m_proxy.restart();
    const auto lost = m_ctl.run(QStringList { u"device"_s, u"renew"_s } + target);
    const bool wasPutBack = !m_proxy.records(recordtype::kEnrollment).empty();
    const auto madeAgain
        = m_ctl.run(QStringList { u"device"_s, u"renew"_s, u"--recreate"_s } + target);
    const auto elsewhere = m_ctl.run({ u"device"_s, u"url"_s, id, u"--target"_s, u"watched"_s });

    QCOMPARE(again.out, first);
    QVERIFY(brief.out.startsWith("https://wiki.example.org/.pomerium/?"));
    QVERIFY(brief.err.contains("signed in already"));
    QVERIFY2(renewed.exitCode == 0, renewed.err.constData());
    QVERIFY(renewed.out != first);
    QCOMPARE(lost.exitCode, 1);
    QVERIFY2(lost.err.contains("--recreate"), lost.err.constData());
    QVERIFY(!wasPutBack);
    QCOMPARE(elsewhere.exitCode, 4);
    QVERIFY2(elsewhere.err.contains("edge"), elsewhere.err.constData());
    QVERIFY(elsewhere.out.isEmpty());
    QVERIFY2(madeAgain.exitCode == 0, madeAgain.err.constData());
    QCOMPARE(madeAgain.out, renewed.out); // what was handed out works again
    QCOMPARE(m_proxy.records(recordtype::kEnrollment).front().id, id);
}

void TstCtlDevice::aLostLinkIsListedWithTheDevicesUntilItIsGivenUp()
{
    QCOMPARE(link().exitCode, 0);
    const QString id = m_proxy.records(recordtype::kEnrollment).front().id;
    const QStringList list { u"--json"_s, u"device"_s, u"list"_s, u"--target"_s, u"edge"_s,
        u"--search"_s, id };

    m_proxy.restart();
    const auto lost = m_ctl.run(list + QStringList { u"--status"_s, u"lost"_s });
    const auto givenUp = m_ctl.run({ u"device"_s, u"revoke"_s, id, u"--target"_s, u"edge"_s });
    const auto revoked = m_ctl.run(list);

    QVERIFY2(lost.exitCode == 0, lost.err.constData());
    QCOMPARE(lost.jsonLines().size(), std::size_t(1));
    QCOMPARE(lost.jsonLines().front().value(u"user"_s).toString(), m_john);
    QCOMPARE(lost.jsonLines().front().value(u"link_state"_s).toString(), u"lost"_s);
    QVERIFY2(givenUp.exitCode == 0, givenUp.err.constData());
    QCOMPARE(revoked.jsonLines().size(), std::size_t(1));
    QCOMPARE(revoked.jsonLines().front().value(u"status"_s).toString(), u"revoked"_s);
}

void TstCtlDevice::nothingOfALinkIsLogged()
{
    const QStringList debug { u"--log-level"_s, u"debug"_s };
    const auto made = m_ctl.run(debug + linkArguments());
    const QString id = m_proxy.records(recordtype::kEnrollment).front().id;
    const auto renewed = m_ctl.run(debug
        + QStringList {
            u"device"_s, u"renew"_s, u"--valid"_s, u"1h"_s, id, u"--target"_s, u"edge"_s });

    for (const auto& answer : { made, renewed }) {
        QVERIFY2(answer.exitCode == 0, answer.err.constData());
        QVERIFY2(answer.err.contains(" debug portreeve.net "), answer.err.constData());
        const QUrlQuery query(QUrl(QString::fromUtf8(answer.out.trimmed())));
        for (const auto& key : { u"pomerium_enrollment_token"_s, u"pomerium_signature"_s }) {
            const QByteArray value = query.queryItemValue(key).left(40).toUtf8(); // all but its end
            QCOMPARE(value.size(), 40);
            QVERIFY2(!answer.err.contains(value), answer.err.constData());
            QVERIFY(!m_ctl.databaseBytes().contains(value));
        }
        QVERIFY(!answer.err.contains("eyJ")); // how a token of the call begins
        QVERIFY(!answer.err.contains(DatabrokerDouble::secret().toBase64()));
    }
}

void TstCtlDevice::case22RevokingReportsItsSteps()
{
    const MadeUpDevice device {
        .enrollmentId = u"e-john"_s, .credentialId = u"CJohn"_s, .userId = m_john
    };
    m_proxy.write({ enrollmentRecord(device), credentialRecord(device),
        ownerRecord(u"CJohn"_s, m_john), userRecord(m_john, u"John"_s, {}, { u"CJohn"_s }) });

    const auto revoked = m_ctl.run(
        { u"--json"_s, u"device"_s, u"revoke"_s, u"e-john"_s, u"--target"_s, u"edge"_s });

    QVERIFY2(revoked.exitCode == 0, revoked.err.constData());
    QVERIFY(revoked.json().value(u"complete"_s).toBool());
    const auto steps = revoked.json().value(u"steps"_s).toArray();
    QCOMPARE(steps.size(), 5);
    QCOMPARE(steps.at(0).toObject().value(u"state"_s).toString(), u"nothing_to_do"_s);
    QCOMPARE(steps.at(2).toObject().value(u"state"_s).toString(), u"done"_s);
    QVERIFY(revoked.err.contains("60 seconds"));
    QVERIFY(m_proxy.records(recordtype::kCredential).empty());
    QCOMPARE(
        m_ctl.run({ u"device"_s, u"revoke"_s, u"e-john"_s, u"--target"_s, u"edge"_s }).exitCode, 1);
}

void TstCtlDevice::devicesAreListedAndApproved()
{
    const MadeUpDevice device {
        .enrollmentId = u"e-john"_s, .credentialId = u"CJohn"_s, .userId = m_john
    };
    m_proxy.write({ enrollmentRecord(device), credentialRecord(device) });
    const QStringList list { u"--json"_s, u"device"_s, u"list"_s, u"--target"_s, u"edge"_s };

    const auto before = m_ctl.run(list + QStringList { u"--status"_s, u"pending_approval"_s });
    const auto mistyped = m_ctl.run(list + QStringList { u"--status"_s, u"aproved"_s });
    const auto approved = m_ctl.run({ u"device"_s, u"approve"_s, u"e-john"_s, u"e-gone"_s,
        u"--target"_s, u"edge"_s, u"--by"_s, u"ann"_s });
    const auto after = m_ctl.run(list + QStringList { u"--search"_s, u"john packed"_s });
    const auto undone = m_ctl.run(
        { u"device"_s, u"approve"_s, u"e-john"_s, u"--undo"_s, u"--target"_s, u"edge"_s });

    QVERIFY2(before.exitCode == 0, before.err.constData());
    QCOMPARE(before.jsonLines().size(), std::size_t(1));
    QCOMPARE(mistyped.exitCode, 4);
    QVERIFY2(mistyped.err.contains("Did you mean approved?"), mistyped.err.constData());
    QCOMPARE(approved.exitCode, 1); // one of the two was not there
    QVERIFY(approved.err.contains("e-gone"));
    QCOMPARE(after.jsonLines().front().value(u"approved_by"_s).toString(), u"ann"_s);
    QCOMPARE(after.jsonLines().front().value(u"status"_s).toString(), u"approved"_s);
    QCOMPARE(undone.exitCode, 0);
    QVERIFY(enrollmentData(m_proxy.records(recordtype::kEnrollment).front())->approvedBy.isEmpty());
}

void TstCtlDevice::recordsOfADeviceAreShown()
{
    const MadeUpDevice device {
        .enrollmentId = u"e-john"_s, .credentialId = u"CJohn"_s, .userId = m_john
    };
    m_proxy.write({ enrollmentRecord(device), credentialRecord(device) });

    const auto shown = m_ctl.run({ u"device"_s, u"show"_s, u"CJohn"_s, u"--target"_s, u"edge"_s });
    const auto unknown
        = m_ctl.run({ u"device"_s, u"show"_s, u"CJane"_s, u"--target"_s, u"edge"_s });

    QVERIFY2(shown.exitCode == 0, shown.err.constData());
    const auto records = shown.json().value(u"records"_s).toArray();
    QCOMPARE(records.size(), 2);
    const auto enrollment = records.at(0).toObject().value(u"data"_s).toObject();
    QCOMPARE(enrollment.value(u"id"_s).toString(), u"e-john"_s);
    QCOMPARE(enrollment.value(u"ip_address"_s).toString(), u"192.0.2.7"_s);
    QCOMPARE(records.at(1).toObject().value(u"id"_s).toString(), u"CJohn"_s);
    QCOMPARE(unknown.exitCode, 1);
    QVERIFY(unknown.out.isEmpty());
}

void TstCtlDevice::housekeepingShowsBeforeItDeletes()
{
    QCOMPARE(link({ u"--valid"_s, u"1s"_s }).exitCode, 0);
    const QStringList keep { u"--json"_s, u"device"_s, u"housekeep"_s, u"--target"_s, u"edge"_s };
    CtlAnswer shown;
    QTRY_VERIFY_WITH_TIMEOUT((shown = m_ctl.run(keep),
                                 !shown.json().value(u"expired_enrollments"_s).toArray().isEmpty()),
        10'000);
    QCOMPARE(m_proxy.records(recordtype::kEnrollment).size(), std::size_t(1));
    QVERIFY(shown.json().value(u"kept"_s).toArray().isEmpty());
    auto damaged = credentialRecord({ .enrollmentId = u"e-john"_s, .credentialId = u"CJohn"_s });
    damaged.data = "\xff\xff";
    m_proxy.write({ damaged });

    const auto blocked = m_ctl.run(keep);
    const auto refused = m_ctl.run(keep + QStringList { u"--delete"_s });
    m_proxy.write({ tombstone(recordtype::kCredential, damaged.id) });
    const auto deleted = m_ctl.run(keep + QStringList { u"--delete"_s });

    QVERIFY(blocked.json().value(u"expired_enrollments"_s).toArray().isEmpty());
    const auto kept = blocked.json().value(u"kept"_s).toArray().at(0).toObject();
    QCOMPARE(kept.value(u"reason"_s).toString(), u"unreadable"_s);
    QCOMPARE(kept.value(u"id"_s), shown.json().value(u"expired_enrollments"_s).toArray().at(0));
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(deleted.exitCode == 0, deleted.err.constData());
    QVERIFY(m_proxy.records(recordtype::kEnrollment).empty());
}

void TstCtlDevice::readOnlyTargetIsNotChanged()
{
    const auto refused = m_ctl.run({ u"device"_s, u"link"_s, u"john"_s, u"--target"_s, u"watched"_s,
        u"--route"_s, u"wiki.example.org"_s });

    QCOMPARE(refused.exitCode, 5);
    QCOMPARE(m_ctl.run({ u"device"_s, u"list"_s, u"--target"_s, u"watched"_s }).exitCode, 0);
    const auto unclear = m_ctl.run({ u"device"_s, u"list"_s }); // several targets, none named
    QCOMPARE(unclear.exitCode, 4);
    QVERIFY2(unclear.err.contains("edge, filed, watched"), unclear.err.constData());
    const auto none = CtlProcess().run({ u"device"_s, u"list"_s });
    QCOMPARE(none.exitCode, 4);
    QVERIFY2(none.err.contains("target add"), none.err.constData());
}

void TstCtlDevice::case10MissingSecretIsSaid()
{
    auto store = openStore();
    QVERIFY((*store)
            ->targets()
            .add({ .name = u"bare"_s,
                .options = { { u"kind"_s, u"core"_s }, { u"address"_s, u"127.0.0.1:1"_s } } })
            .hasValue());

    const auto refused
        = m_ctl.run({ u"--json"_s, u"device"_s, u"list"_s, u"--target"_s, u"bare"_s });

    QCOMPARE(refused.exitCode, 1);
    QCOMPARE(refused.error().value(u"code"_s).toString(), u"secret_store"_s);
    QVERIFY(refused.error().value(u"remedy"_s).toString().contains(u"shared_secret"));
}

static const bool kCtlDeviceRegistered = registerTestClass<TstCtlDevice>("ctldevice");

} // namespace portreeve::test

#include "tst_ctldevice.moc"
