// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/parser.h"
#include "core/policy/writer.h"
#include "tests/support/policygenerator.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

Policy readBack(const QByteArray& text, Entry entry = Entry::Reader)
{
    return parsePolicy(text, entry).policy.value_or(Policy {});
}

Policy withUser(const QString& value)
{
    OperatorList list { .op = Operator::And };
    list.criteria.push_back({ .name = u"user"_s, .data = Value(value) });
    Rule rule;
    rule.lists.push_back(list);
    return { .rules = { rule } };
}

} // namespace

class TstPolicyWriter : public QObject
{
    Q_OBJECT

private slots:
    void aMixedPolicyIsWrittenCanonically();
    void emptyPoliciesAreWrittenAsAnEmptyList();
    void groupIdsKeepTheirType();
    void equalPoliciesHaveOneNormalForm();
    void charactersBothEntriesDisagreeOnAreEscaped();
    void keysThatLookLikeOtherTypesAreQuoted();
    void whatNoProxyMayBeGivenIsRefused_data();
    void whatNoProxyMayBeGivenIsRefused();
    void criteriaOfOtherEditionsAreWritten();
    void lawsHoldForGeneratedPolicies();
    void twoThousandCriteriaAreFast();
};

void TstPolicyWriter::aMixedPolicyIsWrittenCanonically() // case 180
{
    const auto policy = readBack("{deny: {or: [{groups: 4711}]}, allow: {or: [{email: a@b.c}, "
                                 "{accept: 0}, {source_ip: 10.0.0.0/8}]}}");

    QCOMPARE(*writePolicy(policy),
        QByteArray("- allow:\n"
                   "    or:\n"
                   "      - email:\n"
                   "          is: \"a@b.c\"\n"
                   "      - accept: true\n"
                   "      - source_ip:\n"
                   "          - \"10.0.0.0/8\"\n"
                   "- deny:\n"
                   "    or:\n"
                   "      - groups:\n"
                   "          has: 4711\n"));
    QVERIFY(writePolicy(policy, Format::Json)->startsWith("[\n  {\n    \"allow\": {\n"));
}

void TstPolicyWriter::emptyPoliciesAreWrittenAsAnEmptyList()
{
    for (const auto* text : { "{}", "[]", "{allow: {}}", "{allow: {and: []}}" }) {
        QCOMPARE(*writePolicy(readBack(text)), QByteArray("[]\n"));
        QCOMPARE(*writePolicy(readBack(text), Format::Json), QByteArray("[]\n"));
    }
}

void TstPolicyWriter::groupIdsKeepTheirType() // case 181
{
    const auto text = *writePolicy(readBack("{allow: {and: [{groups: '4711'}]}}"));

    QVERIFY(text.contains("has: \"4711\""));
    const auto back = readBack(text);
    QVERIFY(back.rules.front().lists.front().criteria.front().data.member(u"has")->isString());
}

void TstPolicyWriter::equalPoliciesHaveOneNormalForm() // case 183
{
    QVERIFY(normalForm(readBack("{allow: {and: [], or: [{accept: 1}]}}"))
        == normalForm(readBack("[{allow: {or: [{accept: true}]}}]")));
    QVERIFY(normalForm(readBack("{allow: {and: [{device: {approved: 'no', type: any}}]}}"))
        == normalForm(readBack("{allow: {and: [{device: {type: any, approved: true}}]}}")));
    QVERIFY(normalForm(readBack("{allow: {and: [{claim/lvl: 1.0}]}}"))
        == normalForm(
            readBack("{\"allow\": {\"and\": [{\"claim/lvl\": {\"has\": 10e-1}}]}}", Entry::Json)));
    QVERIFY(!(normalForm(readBack("{allow: {and: [{claim/lvl: 1}]}}"))
        == normalForm(readBack("{allow: {and: [{claim/lvl: '1'}]}}"))));
}

void TstPolicyWriter::charactersBothEntriesDisagreeOnAreEscaped() // case 274
{
    const QString value = u"a\u0085\u2028 \ufffe\t\"\\ /\U0001F600"_s;

    for (const auto format : { Format::Yaml, Format::Json }) {
        const auto text = *writePolicy(withUser(value), format);
        QVERIFY(text.contains("\\u0085"));
        QVERIFY(text.contains("\\ufffe"));
        QVERIFY(text.contains("\xF0\x9F\x98\x80"));
        QVERIFY(readBack(text) == normalForm(withUser(value)));
        if (format == Format::Json) {
            QVERIFY(readBack(text, Entry::Json) == normalForm(withUser(value)));
        }
    }
    OperatorList list { .op = Operator::And };
    list.criteria.push_back({ .name = u"email"_s, .subPath = u"\u0001"_s, .data = Value(u"x"_s) });
    QVERIFY(!writePolicy({ .rules = { { .lists = { list } } } })->contains("0001"));
}

void TstPolicyWriter::keysThatLookLikeOtherTypesAreQuoted()
{
    const auto policy
        = readBack("{allow: {and: [{user: {is: {'true': 1, 'null': 2, yes: 3, 'A b': 4}}}, "
                   "{'claim/a b': x}, {'claim/': y}]}}");

    const auto text = *writePolicy(policy);

    QVERIFY(text.contains("\"true\": 1"));
    QVERIFY(text.contains("\"null\": 2"));
    QVERIFY(text.contains(" yes: 3"));
    QVERIFY(text.contains("\"A b\": 4"));
    QVERIFY(text.contains("\"claim/a b\":"));
    QVERIFY(readBack(text) == normalForm(policy));
}

void TstPolicyWriter::whatNoProxyMayBeGivenIsRefused_data() // case 275
{
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("domain") << QByteArray(R"({"allow": {"and": [{"domain": 5}]}})");
    QTest::addRow("unprintable") << QByteArray(R"({"allow": {"and": [{"user": "\u0007"}]}})");
    QTest::addRow("unknown") << QByteArray(R"({"allow": {"and": [{"nosuch": 1}]}})");
    QTest::addRow("long key") << QByteArray(
        "{\"allow\": {\"and\": [{\"claim/" + QByteArray(1017, 'K') + "\": 1}]}}");
    QTest::addRow("inexact number")
        << QByteArray(R"({"allow": {"and": [{"claim/n": 18446744073709551617}]}})");
    QTest::addRow("huge number") << QByteArray(R"({"allow": {"and": [{"claim/n": 1e400}]}})");
}

void TstPolicyWriter::whatNoProxyMayBeGivenIsRefused()
{
    QFETCH(QByteArray, text);
    const auto policy = parsePolicy(text, Entry::Json).policy;
    QVERIFY(policy.has_value());

    for (const auto format : { Format::Yaml, Format::Json }) {
        const auto written = writePolicy(*policy, format);
        QVERIFY(!written.hasValue());
        QCOMPARE(written.error().code, ErrorCode::InvalidInput);
        QVERIFY(!written.error().remedy.isEmpty());
    }
}

void TstPolicyWriter::criteriaOfOtherEditionsAreWritten()
{
    const auto policy = readBack("{allow: {and: [{day_of_week: mon-fri}]}}");

    QVERIFY(writePolicy(policy)->contains("day_of_week: \"mon-fri\""));
}

void TstPolicyWriter::lawsHoldForGeneratedPolicies()
{
    test::PolicyGenerator generator(20261121);
    for (int i = 0; i < 400; ++i) {
        const auto policy = generator.policy();
        for (const auto format : { Format::Yaml, Format::Json }) {
            const auto text = writePolicy(policy, format);
            QVERIFY2(text.hasValue(), qPrintable(text ? QString() : text.error().toText()));
            const auto back = parsePolicy(*text);
            QVERIFY2(!back.hasErrors(), text->constData());
            QVERIFY2(*back.policy == normalForm(policy), text->constData());
            QCOMPARE(*writePolicy(*back.policy, format), *text);
            if (format == Format::Json) {
                QVERIFY2(readBack(*text, Entry::Json) == normalForm(policy), text->constData());
            }
        }
        QVERIFY(normalForm(normalForm(policy)) == normalForm(policy));
    }
}

void TstPolicyWriter::twoThousandCriteriaAreFast() // case 185
{
    QByteArray text = "- allow:\n    or:\n";
    for (int i = 0; i < 2000; ++i) {
        text += "    - email: user" + QByteArray::number(i) + "@corp.test\n";
    }
    QElapsedTimer timer;
    timer.start();

    const auto policy = readBack(text);
    const auto back = readBack(*writePolicy(policy));

    // 100 ms on an idle core; the rest is for loaded machines and sanitizers
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(back.rules.front().lists.front().criteria.size(), std::size_t { 2000 });
    qInfo("parse, write and parse took %lld ms", timer.elapsed());
}

static const bool kPolicyWriterRegistered
    = test::registerTestClass<TstPolicyWriter>("policywriter");

} // namespace portreeve

#include "tst_policywriter.moc"
