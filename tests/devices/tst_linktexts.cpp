// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linkorder.h"
#include "core/devices/linktexts.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve::devices {

/// What goes to people, and what an order must say before anything goes out.
class TstLinkTexts : public QObject
{
    Q_OBJECT

private slots:
    void mailDraftIsReadableByAMailProgram();
    void mailTextSaysWhatToDoAndHowLong();
    void csvKeepsTheOrderAndDefusesFormulas();
    void savedLinksAreForTheirOwnerOnly();
    void orderNamesWhatIsWrong_data();
    void orderNamesWhatIsWrong();
    void orderWarnsOfHurryAndRepeatedPeople();
    void case14TimesAreWholeSecondsIssuedInThePast();
};

namespace {
const UtcTime kLinkMade(std::chrono::seconds(1767139230) + 250ms);

IssuedLink issued()
{
    return { .link = { .enrollmentId = u"e-1"_s,
                 .userId = u"u-ann"_s,
                 .userName = u"Ann & Bö"_s,
                 .host = u"app.corp.test"_s,
                 .expiresAt = UtcTime(1767225600s) },
        .email = u"ann+x@corp.test"_s,
        .url = u"https://app.corp.test/.pomerium/webauthn?a=b%2Fc&pomerium_signature=x%3D"_s,
        .expiresAt = UtcTime(std::chrono::seconds(1'767'225'600)) };
}

LinkOrder order()
{
    return { .targetId = u"t"_s,
        .users = { { .id = u"u-ann"_s } },
        .host = u"app.corp.test"_s,
        .routeHosts = { u"app.corp.test"_s } };
}
} // namespace

void TstLinkTexts::mailDraftIsReadableByAMailProgram()
{
    const QString draft = mailDraft(issued());

    QVERIFY(draft.startsWith(u"mailto:ann%2Bx%40corp.test?subject="));
    QVERIFY(!draft.contains(u' '));
    QVERIFY(!draft.contains(u'+')); // mail programs do not read it as a space
    const QString body
        = QUrl::fromPercentEncoding(draft.mid(draft.indexOf(u"&body=") + 6).toLatin1());
    QVERIFY(body.contains(u"\r\n"));
    QVERIFY(body.contains(issued().url + u"\r\n"));
    QVERIFY(body.contains(u"Ann & Bö"));
}

void TstLinkTexts::mailTextSaysWhatToDoAndHowLong()
{
    const QString text = mailText(issued());

    for (const auto* part : { u"Register New Device", u"Sign in", u"once", u"only for you",
             u"2026-01-01 00:00:00 UTC", u"500", u"app.corp.test" }) {
        QVERIFY2(text.contains(QStringView(part)), qPrintable(text));
    }
}

void TstLinkTexts::csvKeepsTheOrderAndDefusesFormulas()
{
    auto second = issued();
    second.link.userName = u"=cmd()"_s;
    second.link.userId = u"a-first-by-id"_s;

    const auto lines = linksCsv({ issued(), second }).split('\n');

    QVERIFY(lines.at(0).endsWith("user_id,name,email,url,expires_at,enrollment_id\r"));
    QVERIFY(lines.at(1).startsWith("u-ann,Ann & B\xC3\xB6,ann+x@corp.test,https://app.corp.test/"));
    QVERIFY(lines.at(1).endsWith(",2026-01-01T00:00:00Z,e-1\r"));
    QVERIFY(lines.at(2).startsWith("a-first-by-id,'=cmd(),"));
}

void TstLinkTexts::savedLinksAreForTheirOwnerOnly()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"links.csv"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    file.close();

    QVERIFY(saveLinks(file.fileName(), { issued() }).hasValue());

    constexpr auto others
        = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(file.fileName()) & others));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), linksCsv({ issued() }));
    QCOMPARE(saveLinks(folder.filePath(u"none/links.csv"_s), {}).error().code, ErrorCode::Storage);
}

void TstLinkTexts::orderNamesWhatIsWrong_data()
{
    QTest::addColumn<LinkOrder>("wrong");
    QTest::addColumn<QString>("field");
    auto nobody = order();
    nobody.users.clear();
    QTest::addRow("nobody") << nobody << u"user"_s;
    auto elsewhere = order();
    elsewhere.host = u"mail.corp.test"_s;
    QTest::addRow("host without a route") << elsewhere << u"host"_s;
    auto script = order();
    script.redirect = u"javascript:alert(1)"_s;
    QTest::addRow("redirect") << script << u"redirect"_s;
    auto endless = order();
    endless.validity = 24h * 91;
    QTest::addRow("too long") << endless << u"valid"_s;
}

void TstLinkTexts::orderNamesWhatIsWrong()
{
    QFETCH(LinkOrder, wrong);
    QFETCH(QString, field);

    const auto checked = checkOrder(wrong);

    QVERIFY(!checked.hasValue());
    QCOMPARE(checked.error().code, ErrorCode::InvalidInput);
    QCOMPARE(checked.error().field, field);
}

void TstLinkTexts::orderWarnsOfHurryAndRepeatedPeople()
{
    QVERIFY(checkOrder(order())->warnings.empty());
    auto hurried = order();
    hurried.validity = 14min;
    hurried.users.push_back(hurried.users.front());

    const auto checked = checkOrder(hurried);

    QCOMPARE(checked->users.size(), std::size_t(1));
    QCOMPARE(checked->warnings.size(), std::size_t(2));
    QVERIFY(checked->warnings.front().english().contains(u"14m"));
}

void TstLinkTexts::case14TimesAreWholeSecondsIssuedInThePast()
{
    const auto times = linkTimes(kLinkMade, 1h);

    QCOMPARE(times.issuedAt, UtcTime(1767139200s));
    QCOMPARE(times.expiresAt, UtcTime(1767139230s + 3600s));
}

static const bool kLinkTextsRegistered = test::registerTestClass<TstLinkTexts>("linktexts");

} // namespace portreeve::devices

#include "tst_linktexts.moc"
