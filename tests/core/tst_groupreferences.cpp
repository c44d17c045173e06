// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/groupreferences.h"
#include "core/policy/parser.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::access {

class TstGroupReferences : public QObject
{
    Q_OBJECT

private slots:
    void referencesKnowWhetherAbsenceWidens_data();
    void referencesKnowWhetherAbsenceWidens();
    void referencedIdsAreSortedAndNamedOnce();
    void missingGroupsMakeAPolicyAnOrphan();
    void acceptance12NegatedGroupThatVanishedIsExportedAsDeny_data();
    void acceptance12NegatedGroupThatVanishedIsExportedAsDeny();
    void otherPoliciesAreLeftAsTheyAre();
};

namespace {
policy::Policy policyFrom(const QByteArray& text)
{
    return policy::parsePolicy(text).policy.value_or(policy::Policy {});
}
} // namespace

void TstGroupReferences::referencesKnowWhetherAbsenceWidens_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("negated");
    QTest::addRow("allow and") << QByteArray("{allow: {and: [{groups: g}]}}") << false;
    QTest::addRow("allow not") << QByteArray("{allow: {not: [{groups: g}]}}") << true;
    QTest::addRow("allow nor") << QByteArray("{allow: {nor: [{groups: {has: g}}]}}") << true;
    QTest::addRow("exclude") << QByteArray("{allow: {and: [{groups: {exclude: g}}]}}") << true;
    QTest::addRow("not exclude") << QByteArray("{allow: {not: [{groups: {exclude: g}}]}}") << false;
    QTest::addRow("deny") << QByteArray("{deny: {or: [{groups: g}]}}") << true;
}

void TstGroupReferences::referencesKnowWhetherAbsenceWidens()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, negated);

    const auto references = groupReferences(policyFrom(text));

    QCOMPARE(references.size(), std::size_t(1));
    QCOMPARE(references.front().groupId, u"g"_s);
    QCOMPARE(references.front().negated, negated);
}

void TstGroupReferences::referencedIdsAreSortedAndNamedOnce()
{
    const auto policy
        = policyFrom("[{allow: {or: [{groups: b}, {groups: {has: a}}, {domain: c}]}}, "
                     "{deny: {not: [{groups: {exclude: b}}]}}, "
                     "{allow: {or: [{groups: ''}]}}]");

    const auto ids = referencedGroupIds(policy);

    QCOMPARE(ids, std::vector({ u"a"_s, u"b"_s }));
}

void TstGroupReferences::missingGroupsMakeAPolicyAnOrphan()
{
    const auto policy = policyFrom("{allow: {or: [{groups: g-live}, {groups: g-gone}]}}");

    const auto missing = orphans(policy, { u"g-live"_s });

    QCOMPARE(missing.size(), std::size_t(1));
    QCOMPARE(missing.front().groupId, u"g-gone"_s);
}

void TstGroupReferences::acceptance12NegatedGroupThatVanishedIsExportedAsDeny_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("guarded");
    QTest::addRow("allow rule never allows")
        << QByteArray("[{allow: {not: [{groups: g-gone}]}}, {allow: {and: [{groups: g-live}]}}]")
        << QByteArray("[{allow: {or: [{reject: true}]}}, {allow: {and: [{groups: g-live}]}}]");
    QTest::addRow("deny rule denies everybody")
        << QByteArray("{allow: {or: [{accept: 1}]}, deny: {or: [{groups: g-gone}]}}")
        << QByteArray("{allow: {or: [{accept: 1}]}, deny: {or: [{accept: true}]}}");
}

void TstGroupReferences::acceptance12NegatedGroupThatVanishedIsExportedAsDeny()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, guarded);

    QVERIFY(withNegationGuard(policyFrom(text), { u"g-live"_s }) == policyFrom(guarded));
}

void TstGroupReferences::otherPoliciesAreLeftAsTheyAre()
{
    const auto plain = policyFrom("{allow: {and: [{groups: g-gone}]}}");
    const auto live = policyFrom("{allow: {not: [{groups: g-live}]}}");

    QVERIFY(withNegationGuard(plain, { u"g-live"_s }) == plain);
    QVERIFY(withNegationGuard(live, { u"g-live"_s }) == live);
}

static const bool kGroupReferencesRegistered
    = test::registerTestClass<TstGroupReferences>("groupreferences");

} // namespace portreeve::access

#include "tst_groupreferences.moc"
