// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/parser.h"
#include "core/policy/regowriter.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

Policy policyOf(const QByteArray& text)
{
    return parsePolicy(text).policy.value_or(Policy {});
}

QByteArray ruleModule(const QByteArray& text)
{
    return writeRego(policyOf(text)).value();
}

} // namespace

/// The text alone. What it means is asked of the proxy's own engine: interop policyrego.
class TstRegoWriter : public QObject
{
    Q_OBJECT

private slots:
    void anEmptyPolicyDecidesNothing();
    void onlyWhatIsUsedIsWritten();
    void theSamePolicyGivesTheSameText();
    void equalCriteriaShareOneRule();
    void textsCannotLeaveTheirQuotes();
    void negationsStandOnSomethingBound_data();
    void negationsStandOnSomethingBound();
    void whatTheProxyCannotSayIsRefused_data();
    void whatTheProxyCannotSayIsRefused();
};

void TstRegoWriter::anEmptyPolicyDecidesNothing()
{
    QCOMPARE(ruleModule("{}"),
        QByteArray("# Compiled by Portreeve from a policy; changes belong there.\n"
                   "package pomerium.policy\n\n"
                   "allow = [false, set(), {}] {\n  true\n}\n\n"
                   "deny = [false, set(), {}] {\n  true\n}\n"));
}

void TstRegoWriter::onlyWhatIsUsedIsWritten()
{
    const auto open = ruleModule("{allow: {or: [{accept: 1}]}}");
    const auto named = ruleModule("{allow: {or: [{groups: g}]}}");

    QVERIFY(!open.contains("get_databroker_record"));
    QVERIFY(named.contains("pomerium.io/DirectoryUser"));
    QVERIFY(!named.contains("user.User\""));
    QVERIFY(!named.contains("device.Credential"));
    // older engines refuse what newer ones only know by an import
    QVERIFY(!named.contains("import ") && !named.contains(" if {"));
}

void TstRegoWriter::theSamePolicyGivesTheSameText()
{
    const auto shorthand = ruleModule("{deny: {or: [{email: {ends_with: x, is: y}}]}, "
                                      "allow: {and: [{groups: g}], or: []}}");
    const auto written = ruleModule("[{allow: {and: [{groups: {has: g}}]}}, "
                                    "{deny: {or: [{email: {is: y, ends_with: x}}]}}]");

    QCOMPARE(shorthand, written);
}

void TstRegoWriter::equalCriteriaShareOneRule()
{
    const auto text
        = ruleModule("{allow: {or: [{groups: g}, {user: u}]}, deny: {nor: [{groups: {has: g}}]}}");

    QVERIFY2(text.contains("any_holds([criterion_1, criterion_2])"), text.constData());
    QVERIFY2(text.contains("any_holds(inverted([criterion_1]))"), text.constData());
    QVERIFY(!text.contains("criterion_3"));
}

void TstRegoWriter::textsCannotLeaveTheirQuotes()
{
    OperatorList list { .op = Operator::Or };
    list.criteria.push_back(
        { .name = u"claim"_s, .subPath = u"a\"b%1"_s, .data = Value(u"\"]\n} %2\\\ufeff"_s) });
    Rule rule;
    rule.lists.push_back(list);

    const auto text = writeRego({ .rules = { rule } }).value();

    QVERIFY2(text.contains(R"(object.get(claims, "a\"b%1", []))"), text.constData());
    QVERIFY2(text.contains(R"(one_of("\"]\u000a} %2\\\ufeff", value))"), text.constData());
}

void TstRegoWriter::negationsStandOnSomethingBound_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("bound");
    QTest::addRow("user") << QByteArray("{allow: {and: [{user: {not_in: [x]}}]}}")
                          << QByteArray("value := user_id\n");
    QTest::addRow("groups") << QByteArray("{allow: {and: [{groups: {exclude: x}}]}}")
                            << QByteArray("value := object.get(directory_user, ");
    QTest::addRow("domain") << QByteArray("{allow: {and: [{domain: {not_in: [x]}}]}}")
                            << QByteArray("value := domain\n");
}

/// The engine takes a negation of something undefined for true: whoever is nobody would get in.
void TstRegoWriter::negationsStandOnSomethingBound()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, bound);

    const auto rules = ruleModule(text);

    const auto at = rules.indexOf(bound);
    QVERIFY2(at >= 0 && at < rules.indexOf("  not one_of("), rules.constData());
}

void TstRegoWriter::whatTheProxyCannotSayIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("edition") << QByteArray("{allow: {and: [{day_of_week: mon}]}}");
    QTest::addRow("unknown") << QByteArray("{allow: {and: [{nosuch: 1}]}}");
    QTest::addRow("operator") << QByteArray("{allow: {and: [{email: {regex: x}}]}}");
    QTest::addRow("type") << QByteArray("{allow: {and: [{email: {contains: 5}}]}}");
    QTest::addRow("characters") << QByteArray("{allow: {and: [{user: \"\\u0001\"}]}}");
}

void TstRegoWriter::whatTheProxyCannotSayIsRefused()
{
    QFETCH(const QByteArray, text);

    const auto rules = writeRego(policyOf(text));

    QVERIFY(!rules.hasValue());
    QCOMPARE(rules.error().code, ErrorCode::InvalidInput);
    QVERIFY(!rules.error().remedy.isEmpty());
}

static const bool kRegoWriterRegistered = test::registerTestClass<TstRegoWriter>("regowriter");

} // namespace portreeve

#include "tst_regowriter.moc"
