// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/lint.h"
#include "tests/support/testregistry.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

Policy parsed(const QByteArray& text)
{
    return parsePolicy(text).policy.value_or(Policy {});
}

Policy bare(const QByteArray& criterion)
{
    return parsed("{allow: {and: [" + criterion + "]}}");
}

std::vector<Severity> found(const std::vector<Diagnostic>& all, QStringView code)
{
    std::vector<Severity> out;
    for (const auto& diagnostic : all) {
        if (diagnostic.code == code) {
            out.push_back(diagnostic.severity);
        }
    }
    return out;
}

bool has(const std::vector<Diagnostic>& all, QStringView code)
{
    return !found(all, code).empty();
}

} // namespace

class TstPolicyLint : public QObject
{
    Q_OBJECT

private slots:
    void rulesThatAdmitAnybodyAreErrors_data();
    void rulesThatAdmitAnybodyAreErrors();
    void severalOperatorsInOneBlockAreExplained();
    void valuesThatNeverMatchAreFlagged_data();
    void valuesThatNeverMatchAreFlagged();
    void groupsAreComparedWithTheDirectory();
    void upperCaseClaimsAreErrorsForTheConfigFileOnly();
    void rulesWithoutEffectAreFlagged_data();
    void rulesWithoutEffectAreFlagged();
    void criteriaTheTargetLacksAreErrors();
    void groupNegationsAreExplained();
    void certificateNamesWithSeveralOperatorsAreFlagged();
    void requestCriteriaAreUnreliableOnTheTarget_data();
    void requestCriteriaAreUnreliableOnTheTarget();
    void manyCriteriaAreSlowToCompile();
    void denyingKeysLocksOthersOut();
    void ordinaryPoliciesAreClean_data();
    void ordinaryPoliciesAreClean();
};

void TstPolicyLint::rulesThatAdmitAnybodyAreErrors_data() // case 184, 246, 247
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fires");
    const auto row = [](const QByteArray& text, bool fires) {
        QTest::addRow("%s", text.constData()) << text << fires;
    };
    row("{allow: {and: [{email: {not_in: []}}]}}", true);
    row("{allow: {and: [{email: {not: x@y.z}}]}}", true);
    row("{allow: {and: [{email: {not_in: [x@y.z]}}]}}", true);
    row("{allow: {and: [{claim/none: {exclude: x}}]}}", true);
    row("{allow: {and: [{device: {approved: false}}]}}", true);
    row("{allow: {or: [{ssh_username_matches_email: true}]}}", true);
    row("{allow: {and: [{email: {in: ['']}}]}}", true);
    row("{allow: {and: [{email: ''}]}}", true);
    row("{allow: {and: [{email: {contains: ''}}]}}", true);
    row("{allow: {and: [{email: {}}]}}", true);
    row("{allow: {and: [{claim/x: {}}]}}", true);
    row("{allow: {and: [{device: {}}]}}", true);
    row("{allow: {and: [{device: {approved: ''}}]}}", true);
    row("{allow: {and: [{device: {approved: null}}]}}", true);
    row("{allow: {and: [{email: {not: a@b.c}}, {source_ip: 10.0.0.0/8}]}}", true);
    row("{allow: {or: [{groups: g}, {email: {not: a@b.c}}]}}", true);
    row("{allow: {and: [{email: {not: ''}}]}}", false);
    row("{allow: {and: [{email: {not_in: ['']}}]}}", false);
    row("{allow: {and: [{email: {not: x, starts_with: a}}]}}", false);
    row("{allow: {and: [{device: {approved: false, is: x}}]}}", false);
    row("{allow: {and: [{authenticated_user: true}, {email: {not: x@y.z}}]}}", false);
    row("{allow: {not: [{email: x@y.z}]}}", false);
    row("{allow: {or: [{accept: true}]}}", false);
    row("{allow: {and: [{groups: {exclude: g-x}}]}}", false);
    row("{allow: {and: [{domain: {not: y.z}}]}}", false);
    row("{allow: {and: [{user: {not: u-bob}}]}}", false);
    row("{allow: {and: [{http_method: GET}]}}", false);
    row("{allow: {and: [{source_ip: 10.1.2.3/8}]}}", false);
    row("{allow: {and: [{device: {approved: 'no'}}]}}", false);
    row("{deny: {or: [{email: {not: a@b.c}}]}, allow: {or: [{accept: true}]}}", false);
    row("{allow: {or: [{ssh_username_matches_claim: uname}]}}", false);
    row("{allow: {and: [{claim/dept: {exclude: hr, has: eng}}]}}", false);
}

void TstPolicyLint::rulesThatAdmitAnybodyAreErrors()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, fires);

    const auto severities = found(lintPolicy(parsed(text)), u"lint_7_1");

    QCOMPARE(!severities.empty(), fires);
    QVERIFY(!fires || severities.front() == Severity::Error);
}

void TstPolicyLint::severalOperatorsInOneBlockAreExplained()
{
    QVERIFY(has(
        lintPolicy(parsed("{allow: {and: [{domain: a.b}], not: [{groups: g}]}}")), u"lint_7_2"));
    QVERIFY(
        has(lintPolicy(parsed("{allow: {and: [{domain: a.b}], or: [{groups: g}]}}")), u"lint_7_2"));
    QVERIFY(!has(lintPolicy(parsed("{allow: {and: [{domain: a.b}], or: []}}")), u"lint_7_2"));
    QVERIFY(
        !has(lintPolicy(parsed("[{allow: {and: [{domain: a.b}]}}, {allow: {or: [{groups: g}]}}]")),
            u"lint_7_2"));
}

void TstPolicyLint::valuesThatNeverMatchAreFlagged_data()
{
    QTest::addColumn<QByteArray>("criterion");
    QTest::addColumn<bool>("fires");
    const auto row = [](const char* criterion, bool fires) {
        QTest::addRow("%s", criterion) << QByteArray(criterion) << fires;
    };
    row("{groups: {has: [g-eng, g-ops]}}", true);
    row("{groups: 4711}", true); // case 180
    row("{user: true}", true);
    row("{user: [a]}", true);
    row("{email: ann}", true);
    row("{email: {in: [ann@corp.test, bob]}}", true);
    row("{domain: '@corp.test'}", true);
    row("{http_method: get}", true);
    row("{claim/realm_access/roles: r1}", true);
    row("{email: {is: a@b.c, not: a@b.c}}", true);
    row("{email: {is: a@b.c, in: [x@y.z]}}", true);
    row("{email: {is: a@b.c, ends_with: .test}}", true);
    row("{groups: {has: g, exclude: g}}", true);
    row("{groups: {is: g, has: h}}", true);
    row("{groups: '4711'}", false);
    row("{claim/lvl: 3}", false);
    row("{email: {is: a@b.c, ends_with: .c}}", false);
    row("{email: {in: [a@b.c]}}", false);
    row("{groups: {has: g, exclude: h}}", false);
}

void TstPolicyLint::valuesThatNeverMatchAreFlagged()
{
    QFETCH(QByteArray, criterion);
    QFETCH(bool, fires);

    QCOMPARE(has(lintPolicy(bare(criterion)), u"lint_7_3"), fires);
}

void TstPolicyLint::groupsAreComparedWithTheDirectory()
{
    const DirectoryFacts directory { .groupIds = { u"g-eng"_s },
        .groupIdByName = { { u"Engineering"_s, u"g-eng"_s } } };
    const LintContext context { .directory = &directory };

    const auto byName = lintPolicy(bare("{groups: Engineering}"), context);

    QVERIFY(lintPolicy(bare("{groups: g-eng}"), context).empty());
    QCOMPARE(byName.size(), std::size_t { 1 });
    QCOMPARE(byName.front().fix.english(), u"Write the id \"g-eng\"."_s);
    QVERIFY(has(lintPolicy(bare("{groups: {exclude: gone}}"), context), u"lint_7_3"));
}

void TstPolicyLint::upperCaseClaimsAreErrorsForTheConfigFileOnly()
{
    const auto policy = bare("{claim/familyName: Roe}"); // case 182

    QVERIFY(lintPolicy(policy, { .target = Target {} }).empty());
    QVERIFY(found(lintPolicy(policy, { .target = Target { .configFile = true } }), u"lint_7_3")
        == std::vector { Severity::Error });
}

void TstPolicyLint::rulesWithoutEffectAreFlagged_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fires");
    const auto row = [](const char* text, bool fires) {
        QTest::addRow("%s", text) << QByteArray(text) << fires;
    };
    row("{deny: {or: [{groups: g-x}]}}", true);
    row("{allow: {or: [{user: u}]}, deny: {or: [{accept: 1}]}}", true);
    row("{allow: {or: [{user: u}]}, deny: {not: [{reject: 1}]}}", true);
    row("{allow: {or: [{accept: true}]}, deny: {or: [{groups: g-x}]}}", true);
    row("{allow: {or: [{accept: false}]}}", true);
    row("{allow: {and: [{device: {approved: 'false'}}]}}", true);
    row("{allow: {or: [{authenticated_user: true}]}, deny: {or: [{groups: g-x}]}}", false);
    row("{allow: {or: [{accept: true}]}, deny: {or: [{source_ip: 10.0.0.1}]}}", false);
    row("{}", false);
}

void TstPolicyLint::rulesWithoutEffectAreFlagged()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, fires);

    QCOMPARE(has(lintPolicy(parsed(text)), u"lint_7_5"), fires);
}

void TstPolicyLint::criteriaTheTargetLacksAreErrors()
{
    const auto lint = [](const char* criterion, Target target) {
        return has(lintPolicy(bare(criterion), { .target = target }), u"lint_7_6");
    };

    QVERIFY(lint("{date: {after: 2026-01-01}}", {}));
    QVERIFY(!lint("{date: {after: 2026-01-01}}", { .edition = Edition::Zero }));
    QVERIFY(lint("{record: {type: x}}", { .edition = Edition::Zero }));
    QVERIFY(!lint("{record: {type: x}}", { .edition = Edition::Enterprise }));
    QVERIFY(lint("{groups: g}", { .coreMinor = 25 }));
    QVERIFY(!lint("{groups: g}", { .coreMinor = 26 }));
    QVERIFY(lint("{email: {in: [a@b.c]}}", { .coreMinor = 29 }));
    QVERIFY(lint("{groups: {is: g}}", { .coreMinor = 27 }));
    QVERIFY(!lint("{email: {is: a@b.c}}", { .coreMinor = 27 }));
    QVERIFY(lint("{device: {type: any}}", { .sshRoute = true }));
    QVERIFY(!lint("{ssh_username: root}", { .sshRoute = true }));
}

void TstPolicyLint::groupNegationsAreExplained()
{
    QVERIFY(has(lintPolicy(bare("{groups: {exclude: g}}")), u"lint_7_7"));
    QVERIFY(has(lintPolicy(parsed("{allow: {not: [{groups: g}]}}")), u"lint_7_7"));
    QVERIFY(!has(lintPolicy(bare("{groups: g}")), u"lint_7_7"));
}

void TstPolicyLint::certificateNamesWithSeveralOperatorsAreFlagged()
{
    QVERIFY(has(lintPolicy(bare("{client_certificate: {san_dns: {not: a}}}")), u"lint_7_8"));
    QVERIFY(has(lintPolicy(bare("{client_certificate: {san_uri: {starts_with: a, ends_with: b}}}")),
        u"lint_7_8"));
    QVERIFY(!has(lintPolicy(bare("{client_certificate: {san_dns: {is: a}}}")), u"lint_7_8"));
}

void TstPolicyLint::requestCriteriaAreUnreliableOnTheTarget_data() // case 195
{
    QTest::addColumn<QByteArray>("text");
    for (const auto* text : { "{allow: {and: [{http_path: {starts_with: /admin}}]}}",
             "{allow: {and: [{http_method: {not: GET}}]}}", "{allow: {and: [{http_method: POST}]}}",
             "{allow: {and: [{http_method: {not_in: [GET]}}]}}",
             "{allow: {and: [{http_path: {in: [/x, /public]}}]}}" }) {
        QTest::addRow("%s", text) << QByteArray(text);
    }
}

void TstPolicyLint::requestCriteriaAreUnreliableOnTheTarget()
{
    QFETCH(QByteArray, text);

    const auto policy = parsed(text);

    QVERIFY(found(lintPolicy(policy, { .target = Target {} }), u"lint_7_10")
        == std::vector { Severity::Error });
    QVERIFY(found(lintPolicy(policy), u"lint_7_10") == std::vector { Severity::Note });
    const auto denied
        = parsed("{deny: {or: [{http_path: {not: /ok}}]}, allow: {or: [{accept: true}]}}");
    QVERIFY(found(lintPolicy(denied, { .target = Target {} }), u"lint_7_10")
        == std::vector { Severity::Warning });
}

void TstPolicyLint::manyCriteriaAreSlowToCompile() // case 273
{
    const auto many = [](int count) {
        QByteArray text = "allow:\n  or:\n";
        for (int i = 0; i < count; ++i) {
            text += "  - email: u" + QByteArray::number(i) + "@corp.test\n";
        }
        return parsed(text);
    };
    const std::vector halves { many(250), many(250) };

    QVERIFY(has(lintPolicy(many(500)), u"lint_7_11"));
    QVERIFY(!has(lintPolicy(many(499)), u"lint_7_11"));
    QVERIFY(has(lintRoute(halves), u"lint_7_11"));
}

void TstPolicyLint::denyingKeysLocksOthersOut() // case 260
{
    const QByteArray key
        = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHkNQD+R9DbNgMjNajwtYNmiwC7VEVhLsq+iiZkJg5Xe";

    QVERIFY(has(lintPolicy(parsed(
                    "{allow: {or: [{accept: 1}]}, deny: {or: [{ssh_publickey: '" + key + "'}]}}")),
        u"lint_7_12"));
}

void TstPolicyLint::ordinaryPoliciesAreClean_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const auto* text : { "{}", "{allow: {or: [{accept: true}]}}",
             "{allow: {and: [{groups: g-eng}, {domain: corp.test}]}}",
             "[{allow: {or: [{email: a@b.c}]}}, {deny: {or: [{groups: g-x}]}}]" }) {
        QTest::addRow("%s", text) << QByteArray(text);
    }
}

void TstPolicyLint::ordinaryPoliciesAreClean()
{
    QFETCH(QByteArray, text);

    QVERIFY(lintPolicy(parsed(text), { .target = Target {} }).empty());
}

static const bool kPolicyLintRegistered = test::registerTestClass<TstPolicyLint>("policylint");

} // namespace portreeve

#include "tst_policylint.moc"
