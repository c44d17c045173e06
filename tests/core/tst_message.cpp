// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/base/error.h"
#include "core/base/redactor.h"
#include "tests/support/testregistry.h"

#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

class TstMessage : public QObject
{
    Q_OBJECT

private slots:
    void argumentsAreNotExpandedTwice();
    void errorsTellTheirCause();
    void secretsAreTakenOutInEveryForm();
    void addressesLoseWhatMayBeACredential();
};

void TstMessage::argumentsAreNotExpandedTwice()
{
    const auto text = message("Group %1 has %2 members.", u"%2"_s, QString::number(3));

    QCOMPARE(text.english(), u"Group %2 has 3 members."_s);
}

void TstMessage::errorsTellTheirCause()
{
    const Error inner { .code = ErrorCode::Auth,
        .what = message("The server did not accept the password."),
        .remedy = message("Replace the password."),
        .detail = u"result 49"_s };

    const Error outer = inner.wrappedIn(message("“%1” could not be read.", u"Staff"_s));

    QCOMPARE(outer.code, ErrorCode::Auth);
    QCOMPARE(outer.remedy.english(), u"Replace the password."_s);
    QVERIFY(outer.toText().contains(u"result 49"));
    QCOMPARE(outer.toJson().value(u"cause"_s).toObject().value(u"code"_s).toString(), u"auth"_s);
}

void TstMessage::secretsAreTakenOutInEveryForm()
{
    Redactor redactor;
    redactor.addSecret(u"pa ss/word"_s);

    const QString clean = redactor.redact(u"x=pa ss/word y=pa%20ss%2Fword z=cGEgc3Mvd29yZA"_s);

    QCOMPARE(clean, u"x=[redacted] y=[redacted] z=[redacted]"_s);
}

void TstMessage::addressesLoseWhatMayBeACredential()
{
    QCOMPARE(withoutCredentials(u"see https://u:p@ss@host/a, or ldaps://dir:636"_s),
        u"see [redacted], or ldaps://dir:636"_s);
    QCOMPARE(withoutCredentials(u"https://h/x#token=abc"_s), u"https://h/x[redacted]"_s);
    QCOMPARE(withoutCredentials(u"https://u:p/w@h"_s), u"[redacted]"_s);
    QCOMPARE(withoutCredentials(u"https://*.corp.test"_s), u"https://*.corp.test"_s);
}

static const bool kMessageRegistered = test::registerTestClass<TstMessage>("message");

} // namespace portreeve

#include "tst_message.moc"
