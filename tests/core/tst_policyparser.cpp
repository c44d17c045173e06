// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/parser.h"
#include "core/policy/targetlint.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;

namespace {

const QByteArray kLongFingerprint = "AB" + QByteArray(":AB").repeated(31);

QString verdict(const QByteArray& text, Entry entry)
{
    const auto result = parsePolicy(text, entry);
    const auto refused = result.errorClass();
    if (!refused) {
        return result.policy ? u"valid"_s : u"no policy and no error"_s;
    }
    switch (*refused) {
    case DiagnosticClass::Parse:
        return u"parse"_s;
    case DiagnosticClass::Semantic:
        return u"semantic"_s;
    case DiagnosticClass::Type:
        return u"type"_s;
    case DiagnosticClass::Lint:
        break;
    }
    return u"lint"_s;
}

/// The data of the only criterion.
std::optional<Value> dataOf(const QByteArray& text, Entry entry = Entry::Reader)
{
    const auto result = parsePolicy(text, entry);
    if (!result.policy || result.policy->rules.empty()) {
        return std::nullopt;
    }
    return result.policy->rules.front().lists.front().criteria.front().data;
}

QString spelled(const Value& value)
{
    if (const auto* number = value.asNumber()) {
        return u"number "_s + number->text;
    }
    if (const auto* text = value.asString()) {
        return u"string "_s + *text;
    }
    if (const auto* truth = value.asBool()) {
        return *truth ? u"true"_s : u"false"_s;
    }
    return value.isNull() ? u"null"_s : u"container"_s;
}

QByteArray bareText(const QByteArray& criterion)
{
    return "{allow: {and: [" + criterion + "]}}";
}

} // namespace

class TstPolicyParser : public QObject
{
    Q_OBJECT

private slots:
    void textsAreAcceptedOrRefusedAsByTheProxy_data();
    void textsAreAcceptedOrRefusedAsByTheProxy();
    void whatOnlyOtherEditionsKnowIsCheckedToo_data();
    void whatOnlyOtherEditionsKnowIsCheckedToo();
    void plainScalarsAreTypedAsByTheProxy_data();
    void plainScalarsAreTypedAsByTheProxy();
    void everyPrintableCharacterArrivesUnchanged();
    void configFileKeysAreLowerCasedAndLossesReported();
    void diagnosticsSayWhereAndWhatToDo_data();
    void diagnosticsSayWhereAndWhatToDo();
    void allErrorsAreReportedAtOnce();
    void inputBeyondTheLimitsIsRefused();
    void mergeKeysAndAliasesAreExpanded();
    void allowRulesOfOneMapComeFirst();
};

void TstPolicyParser::textsAreAcceptedOrRefusedAsByTheProxy_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Entry>("entry");
    QTest::addColumn<QString>("expected");

    const auto reader = [](const char* name, const QByteArray& text, const char* expected) {
        QTest::addRow("%s", name) << text << Entry::Reader << QString::fromLatin1(expected);
    };
    const auto json = [](const char* name, const QByteArray& text, const char* expected) {
        QTest::addRow("%s json", name) << text << Entry::Json << QString::fromLatin1(expected);
    };
    const auto config = [](const char* name, const QByteArray& text, const char* expected) {
        QTest::addRow("%s config", name)
            << text << Entry::ConfigFile << QString::fromLatin1(expected);
    };

    reader("1", "{}", "valid");
    reader("2", "[]", "valid");
    reader("3", "", "parse");
    reader("3 comment", "# nothing", "parse");
    json("3", "", "parse");
    reader("4", "null", "parse");
    reader("5", "allow", "parse");
    reader("6", "[7]", "parse");
    reader("7", "[[{allow: {and: []}}]]", "parse");
    reader("8", "{allow: {}}", "valid");
    reader("9", "{allow: null}", "parse");
    reader("10", "{allow: []}", "parse");
    reader("11", "{permit: {or: []}}", "parse");
    reader("12", "{Allow: {or: []}}", "parse");
    config("12", "{Allow: {or: []}}", "valid");
    reader("13", "{allow: {AND: []}}", "parse");
    config("13", "{allow: {AND: []}}", "valid");
    reader("14", "{allow: {xor: []}}", "parse");
    reader("15", "{allow: {action: zzz, or: [{accept: true}]}}", "valid");
    reader("16", "{allow: {and: null}}", "parse");
    reader("17", "{allow: {and: {accept: true}}}", "parse");
    reader("18", "{allow: {and: []}}", "valid");
    reader("19", "{allow: {and: [accept]}}", "parse");
    reader("20", "{allow: {and: [{}]}}", "parse");
    reader("21", "{allow: {and: [{accept: 1, reject: 1}]}}", "parse");
    reader("22", "{allow: {and: [{nosuch: 1}]}}", "semantic");
    reader("23", "{allow: {and: [{group: g-eng}]}}", "semantic");
    reader("24", "{allow: {or: [{pomerium_routes: true}]}}", "semantic");
    reader("25", "{allow: {and: [{day_of_week: mon-fri}]}}", "semantic");
    reader("26", "{allow: {and: [{record: {type: hr, field: dept, is: eng}}]}}", "semantic");
    reader("27", "{allow: {and: [{/dept: x}]}}", "semantic");
    reader("28", "{allow: {and: [{claim/dept: x}]}}", "valid");
    reader("29", "{allow: {and: [{email/zz: x}]}}", "valid");
    reader("30", "{allow: {and: [{email: {regex: x}}]}}", "semantic");
    reader("31", "{allow: {and: [{email: {in: ann@corp.test}}]}}", "semantic");
    reader("32", "{allow: {and: [{email: {not_in: x}}]}}", "semantic");
    reader("33", "{allow: {and: [{email: {contains: 5}}]}}", "type");
    reader("34", "{allow: {and: [{groups: {in: [g-eng]}}]}}", "semantic");
    reader("35", "{allow: {and: [{claim/dept: {starts_with: e}}]}}", "semantic");
    reader("36", "{allow: {and: [{device: any}]}}", "semantic");
    reader("37", "{allow: {and: [{device: {os: mac}}]}}", "semantic");
    reader("38", "{allow: {and: [{device: {type: 1}}]}}", "semantic");
    reader("39", "{allow: {and: [{source_ip: 10.1.2}]}}", "semantic");
    reader("40", "{allow: {and: [{source_ip: 010.1.2.3}]}}", "semantic");
    reader("41", "{allow: {and: [{source_ip: {is: 10.0.0.1}}]}}", "semantic");
    reader("42", "{allow: {and: [{client_certificate: {issuer: x}}]}}", "semantic");
    reader("43", bareText("{client_certificate: {fingerprint: '" + QByteArray(64, 'A') + "'}}"),
        "semantic");
    reader(
        "44", bareText("{client_certificate: {fingerprint: '" + kLongFingerprint + "'}}"), "valid");
    reader("45", "{allow: {and: [{client_certificate: {spki_hash: zz}}]}}", "semantic");
    reader("46", "{allow: {and: [{ssh_username_matches_claim: {is: u}}]}}", "semantic");
    reader("47", "allow: {and: []}\nallow: {or: []}", "parse");
    const QByteArray twice = R"({"allow":{"or":[{"accept":1}]},"allow":{"or":[{"reject":1}]}})";
    json("48", twice, "valid");
    reader("48", twice, "parse");
    json("49", "{} {}", "parse");
    reader("49", "{} {}", "parse");
    json("50", "{} // c", "parse");
    reader("50", "{} // c", "parse");
    json("51", "\xEF\xBB\xBF{}", "parse");
    reader("51", "\xEF\xBB\xBF{}", "valid");
    reader("52",
        "\xEF\xBB\xBF"
        "allow: {}",
        "valid");
    reader("53", "1: {and: []}", "parse");
    reader("54", "allow:\n\tor: []", "parse");
    reader("55", "{allow: {and: [{user: .inf}]}}", "parse");

    reader("196 text", "{} garbage", "parse");
    reader("196 line", "{}\ndeny: {or: [{accept: 1}]}", "parse");
    reader("196 brackets", "{allow: {or: []}} }}}", "parse");
    json("196 bracket", "{}]", "parse");
    reader("197", "allow:\n  or: []\n}", "parse");
    reader("198", "%YAML 1.2\n---\n{}", "parse");
    reader("198 1.1", "%YAML 1.1\n---\n{}", "valid");
    reader("199", "allow:\n  or:\n  -\taccept: 1", "parse");
    reader("199 flow", "{allow:\t{or: []}}", "valid");
    reader("200 undefined", bareText("{email: *e}"), "parse");
    reader("200 self", "allow: &a\n  and: *a", "parse");
    QByteArray bomb = "a0: &a0 [x]\n";
    for (int level = 1; level <= 7; ++level) {
        const QByteArray alias = "*a" + QByteArray::number(level - 1);
        bomb += "a" + QByteArray::number(level) + ": &a" + QByteArray::number(level) + " ["
            + QByteArray(alias + ", ").repeated(8) + alias + "]\n";
    }
    reader("200 bomb", bomb, "parse");
    reader("201 control", bareText("{user: \"\x01\"}"), "parse");
    reader("201 delete", bareText("{user: \"\x7f\"}"), "parse");
    reader("201 fffe", bareText("{user: \"\xEF\xBF\xBE\"}"), "parse");
    reader("201 nel", bareText("{user: \"a\xC2\x85z\"}"), "valid");
    json("202 slash", R"({"allow":{"or":[{"user":"\/"}]}})", "valid");
    reader("202 slash", R"({"allow":{"or":[{"user":"\/"}]}})", "parse");
    reader("202 backslash", R"({"allow":{"or":[{"user":"\\/"}]}})", "valid");
    json("202 surrogates", R"({"allow":{"or":[{"user":"\ud83d\ude00"}]}})", "valid");
    reader("202 surrogates", R"({"allow":{"or":[{"user":"\ud83d\ude00"}]}})", "parse");
    json("202 raw", "{\"allow\":{\"or\":[{\"user\":\"\xF0\x9F\x98\x80\"}]}}", "valid");
    reader("202 raw", "{\"allow\":{\"or\":[{\"user\":\"\xF0\x9F\x98\x80\"}]}}", "valid");
    for (const int size : { 1024, 1025 }) {
        const QByteArray key = "\"claim/" + QByteArray(size - 8, 'k') + "\"";
        const QByteArray text = "{\"allow\":{\"or\":[{" + key + ":1}]}}";
        reader(size == 1024 ? "203 1024" : "203 1025", text, size == 1024 ? "valid" : "parse");
        json(size == 1024 ? "203 1024" : "203 1025", text, "valid");
    }
    for (const auto* text : { "{domain: 5}", "{domain: [corp.test]}", "{domain: null}",
             "{domain: {is: true}}", "{domain: {is: {a: b}}}" }) {
        reader(QByteArray("204 ").append(text).constData(), bareText(text), "type");
    }
    for (const auto* text : { "{domain: {not: 5}}", "{domain: {in: [5]}}",
             "{domain: {not_in: [5]}}", "{email: 5}", "{user: [x]}" }) {
        reader(QByteArray("205 ").append(text).constData(), bareText(text), "valid");
    }
    for (const auto* escape :
        { R"(\u0000)", R"(\u0006)", R"(\u0007)", R"(\u000b)", R"(\u000e)", R"(\u001f)", R"(\u007f)",
            R"(\U0001FFFE)", R"(\U000F0000)", R"(\U0001F3F4\U000E0067)", R"(\U0001D173)" }) {
        reader(QByteArray("206-213 ").append(escape).constData(),
            bareText(QByteArray("{user: \"") + escape + "\"}"), "type");
    }
    const QByteArray here = R"("\u0001")";
    reader("214 nested claim value", bareText("{claim/x: [[" + here + "]]}"), "type");
    reader("214 claim path", bareText(R"({"claim/\u0001": x})"), "type");
    reader("214 device is", bareText("{device: {is: " + here + "}}"), "type");
    reader("214 device type", bareText("{device: {type: " + here + "}}"), "type");
    reader("214 ssh claim", bareText("{ssh_username_matches_claim: " + here + "}"), "type");
    reader("214 in", bareText("{email: {in: [" + here + "]}}"), "type");
    reader("214 accept", bareText("{accept: " + here + "}"), "valid");
    reader("214 sub-path", bareText(R"({"email/\u0001": x})"), "valid");
    reader("216 length", bareText("{source_ip: 10.1.2.3/08}"), "valid");
    reader("216 too long", bareText("{source_ip: 10.1.2.3/33}"), "semantic");
    reader("216 no length", bareText("{source_ip: 10.1.2.3/}"), "semantic");
    reader("216 zone", bareText("{source_ip: 'fe80::1%eth0'}"), "semantic");
    reader("217", bareText("{client_certificate: {san_dns: {is: a, not_in: [b]}}}"), "type");
    reader("192", bareText("{http_method: {not_in: [GET]}}"), "type");
    reader("193", bareText("{client_certificate: {san_dns: {not_in: [a.test]}}}"), "type");
    reader("233", bareText("{http_method: {in: [GET, POST], not_in: [POST]}}"), "valid");
    reader("220 bool", bareText("{accept: !!bool yes}"), "parse");
    reader("220 null", bareText("{accept: !!null x}"), "parse");
    reader("220 set", bareText("{accept: !!set {a}}"), "valid");
    const QByteArray upper = "{ALLOW: {AND: [{Accept: 1}, {groups: {Has: g}}]}}";
    config("221", upper, "valid");
    reader("221", upper, "parse");
    const QByteArray twoCases = "{allow: {and: [{accept: 1}]}, ALLOW: {or: [{reject: 1}]}}";
    config("222", twoCases, "valid");
    reader("222", twoCases, "parse");
    config("223", bareText("{accept: {1: x}}"), "valid");
    reader("223", bareText("{accept: {1: x}}"), "parse");
    config("224 string", "\"- allow: {}\"", "parse");
    config("224 unknown", bareText("{nosuch: 1}"), "semantic");

    const QByteArray key
        = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHkNQD+R9DbNgMjNajwtYNmiwC7VEVhLsq+iiZkJg5Xe";
    reader("263 key", bareText("{ssh_publickey: '" + key + "'}"), "valid");
    reader("263 options", bareText("{ssh_publickey: 'no-pty " + key + " comment'}"), "valid");
    reader("263 two lines", bareText("{ssh_ca: \"" + key + "\\n" + key + "\"}"), "valid");
    reader("ssh key cut", bareText("{ssh_ca: '" + key.chopped(8) + "'}"), "semantic");
    reader("ssh number", bareText("{ssh_ca: 5}"), "semantic");
    reader("second document", "[]\n---\ndeny: {}", "valid");
    reader("question mark in brackets", bareText("{user: what?}"), "parse");
    reader("question mark in block", "allow:\n  and:\n  - user: what?\n", "valid");
    reader("tag without value", bareText("{user: !!str, b: c}"), "parse");
    reader("key with a local tag", bareText("{!x user: y}"), "parse");
    reader("key with the text tag", bareText("{!!str user: y}"), "valid");
    reader("not utf-8", bareText("{user: \"\xff\"}"), "parse");
    json("not utf-8", "{\"allow\": {\"\xff\": []}}", "parse");
    json("leading zero", R"({"allow":{"or":[{"user":01}]}})", "parse");
}

void TstPolicyParser::textsAreAcceptedOrRefusedAsByTheProxy()
{
    QFETCH(QByteArray, text);
    QFETCH(Entry, entry);
    QFETCH(QString, expected);

    QCOMPARE(verdict(text, entry), expected);
    for (const auto& diagnostic : parsePolicy(text, entry).diagnostics) {
        QVERIFY(!diagnostic.code.isEmpty());
        QVERIFY(!diagnostic.what.isEmpty());
        QVERIFY(diagnostic.at.line > 0 && diagnostic.at.column > 0);
    }
}

void TstPolicyParser::whatOnlyOtherEditionsKnowIsCheckedToo_data() // policy.md 4.6
{
    QTest::addColumn<QString>("code"); // empty: nothing to say
    const auto valid = [](const char* criterion) { QTest::addRow("%s", criterion) << QString(); };
    const auto refused = [](const char* criterion, const char* code) {
        QTest::addRow("%s", criterion) << QString::fromLatin1(code);
    };
    valid("{date: {after: 2026-01-31}}");
    valid("{date: {after: '2026-01-31T16:20:00', before: '2026-02-28T16:20:00+01:00'}}");
    refused("{date: {after: '2026-02-30'}}", "bad_format");
    refused("{date: {after: '2026-01-31T25:00:00'}}", "bad_format");
    refused("{date: {after: 31.01.2026}}", "bad_format");
    refused("{date: {after: 20260131}}", "bad_format");
    refused("{date: {}}", "key_missing");
    refused("{date: {since: '2026-01-31'}}", "unknown_matcher");
    refused("{date: '2026-01-31'}", "mapping_expected");
    valid("{day_of_week: '*'}");
    valid("{day_of_week: mon-fri}");
    valid("{day_of_week: 'sat,sunday'}");
    refused("{day_of_week: workdays}", "bad_format");
    refused("{day_of_week: ''}", "bad_format");
    refused("{day_of_week: [mon, tue]}", "bad_format");
    valid("{time_of_day: {timezone: Europe/Berlin, after: 8:30 AM, before: '17:00'}}");
    valid("{time_of_day: {timezone: UTC, after: 3PM}}");
    valid("{time_of_day: {timezone: America/New_York, before: '15:04:05.25'}}");
    refused("{time_of_day: {after: 8:30 AM}}", "key_missing");
    refused("{time_of_day: {timezone: UTC}}", "key_missing");
    refused("{time_of_day: {timezone: Europe/Nowhere, after: 3PM}}", "bad_format");
    refused("{time_of_day: {timezone: UTC+01:00, after: 3PM}}", "bad_format");
    refused("{time_of_day: {timezone: '', after: 3PM}}", "bad_format");
    refused("{time_of_day: {timezone: UTC, after: '24:00'}}", "bad_format");
    refused("{time_of_day: {timezone: UTC, after: 13 PM}}", "bad_format");
    refused("{time_of_day: {timezone: UTC, after: 900}}", "bad_format");
    valid("{record: {type: hr, field: dept, is: eng}}");
    valid("{record: {type: hr, exists: true}}");
    valid("{record: {type: hr, field: age, '>=': 18, '<': '65'}}");
    valid("{record: {type: hr, field: dept, in: [eng, ops]}}");
    refused("{record: {type: hr}}", "key_missing");
    refused("{record: {type: hr, is: eng}}", "key_missing");
    refused("{record: {field: dept, is: eng}}", "key_missing");
    refused("{record: {type: 5, field: dept, is: eng}}", "bad_format");
    refused("{record: {type: hr, exists: yes}}", "bad_format");
    refused("{record: {type: hr, field: dept, in: eng}}", "bad_format");
    refused("{record: {type: hr, field: dept, starts_with: 5}}", "bad_format");
    refused("{record: {type: hr, field: age, '>': [18]}}", "bad_format");
    refused("{record: {type: hr, field: dept, '==': eng}}", "unknown_matcher");
    refused("{record: hr}", "mapping_expected");
    refused("{record: {type: hr, field: dept, is: \"\\u0007\"}}", "unprintable");
}

void TstPolicyParser::whatOnlyOtherEditionsKnowIsCheckedToo()
{
    QFETCH(QString, code);

    const auto result = parseForAnyTarget(bareText(QTest::currentDataTag()));

    QCOMPARE(result.diagnostics.empty() ? QString() : result.diagnostics.front().code, code);
    QCOMPARE(result.hasErrors(), !code.isEmpty());
    QVERIFY(code.isEmpty() || !result.diagnostics.front().fix.isEmpty());
}

void TstPolicyParser::plainScalarsAreTypedAsByTheProxy_data()
{
    QTest::addColumn<QByteArray>("scalar");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* scalar, const char* expected) {
        QTest::addRow("%s", scalar) << QByteArray(scalar) << QString::fromLatin1(expected);
    };
    row("0123", "number 83");
    row("08", "number 8");
    row("0o17", "number 15");
    row("0x1F", "number 31");
    row("-0x1F", "number -31");
    row("0b11", "number 3");
    row("+12", "number 12");
    row("1_000", "number 1000");
    row("12e5", "number 1200000");
    row("1.0", "number 1");
    row("1e400", "string 1e400");
    row("9223372036854775808", "number 9223372036854775808");
    row("yes", "string yes");
    row("tRue", "string tRue");
    row("True", "true");
    row("TRUE", "true");
    row("~", "null");
    row("NULL", "null");
    row("2021-01-01", "string 2021-01-01T00:00:00Z");
    row("12:30:45", "string 12:30:45");
    row("!!binary aGk=", "string hi");
    row("!foo x", "string x");
    row("2026-01-31T10:00:00", "string 2026-01-31T10:00:00");
    row("2021-01-01T10:00:00+02:00", "string 2021-01-01T10:00:00+02:00");
    row("2021-1-1", "string 2021-01-01T00:00:00Z");
    row("2021-01-01 10:00:00", "string 2021-01-01T10:00:00Z");
    row("2021-1-1  1:2:3", "string 2021-01-01T01:02:03Z");
    row("2021-02-30", "string 2021-02-30");
    row("18446744073709551616", "number 18446744073709552000");
    row("0X1F", "number 31");
    row("0B11", "number 3");
    row("0O17", "number 15");
    row("1_", "number 1");
    row("1__0", "number 10");
    row(".5", "number 0.5");
    row("1e-7", "number 1e-7");
    row("1e21", "number 1e+21");
    row("-", "string -");
    row("0x", "string 0x");
    row("!!str 5", "string 5");
    row("!!float 1", "number 1");
}

void TstPolicyParser::plainScalarsAreTypedAsByTheProxy()
{
    QFETCH(QByteArray, scalar);
    QFETCH(QString, expected);
    if (scalar == "-") {
        scalar = "\"-\"";
    }

    const auto data = dataOf("allow:\n  and:\n  - user: " + scalar + "\n");

    QVERIFY(data.has_value());
    QCOMPARE(spelled(*data), expected);
}

void TstPolicyParser::everyPrintableCharacterArrivesUnchanged()
{
    const auto data
        = dataOf(bareText(R"({user: "\b\t\n\f\r\u0080\u0085\u2028\ue000\ufeff\uffff\U0001F600"})"));

    QVERIFY(data.has_value());
    QCOMPARE(*data->asString(), u"\b\t\n\f\r\u0080\u0085\u2028\ue000\ufeff\uffff\U0001F600"_s);
    QCOMPARE(*dataOf(bareText("{user: \"a\xC2\x85z\"}"))->asString(), u"a z"_s);
    QCOMPARE(
        *dataOf(R"({"allow":{"or":[{"user":"\ud83d\ude00\ud83d"}]}})", Entry::Json)->asString(),
        u"\U0001F600\uFFFD"_s);
}

void TstPolicyParser::configFileKeysAreLowerCasedAndLossesReported()
{
    const auto integerKey = dataOf(bareText("{accept: {1: x}}"), Entry::ConfigFile);
    const auto collapsed = parsePolicy(
        "{allow: {and: [{accept: 1}]}, ALLOW: {or: [{reject: 1}]}}", Entry::ConfigFile);
    const auto claim = parsePolicy(bareText("{claim/familyName: Roe}"), Entry::ConfigFile);

    QVERIFY(integerKey->member(u"1") != nullptr);
    QCOMPARE(collapsed.policy->rules.size(), std::size_t { 1 });
    QCOMPARE(collapsed.diagnostics.front().code, u"duplicate_key"_s);
    QCOMPARE(claim.policy->rules.front().lists.front().criteria.front().subPath, u"familyname"_s);
}

void TstPolicyParser::diagnosticsSayWhereAndWhatToDo_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("fix");
    QTest::addRow("singular") << QByteArray("- allow:\n    and:\n      - group: g-eng\n")
                              << u"unknown_criterion"_s << 3 << 9 << u"Did you mean \"groups\"?"_s;
    QTest::addRow("action") << QByteArray("- permit:\n    and: []\n") << u"unknown_action"_s << 1
                            << 3 << u"Write allow or deny, in lower case."_s;
    QTest::addRow("tab") << QByteArray("allow:\n\tor: []\n") << u"invalid_yaml"_s << 2 << 1
                         << u"Check indentation (spaces, no tabs), brackets and quotes."_s;
    QTest::addRow("behind wide characters")
        << QByteArray("{allow: {or: [{user: \xF0\x9F\x98\x80\xC3\xBC}, {nosuch: 1}]}}")
        << u"unknown_criterion"_s << 1 << 28
        << u"Use one of the criteria of the policy language."_s;
}

void TstPolicyParser::diagnosticsSayWhereAndWhatToDo()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, code);

    const auto result = parsePolicy(text);

    QCOMPARE(result.diagnostics.size(), std::size_t { 1 });
    QCOMPARE(result.diagnostics.front().code, code);
    QTEST(result.diagnostics.front().at.line, "line");
    QTEST(result.diagnostics.front().at.column, "column");
    QTEST(result.diagnostics.front().fix.english(), "fix");
}

void TstPolicyParser::allErrorsAreReportedAtOnce()
{
    const auto shape = parsePolicy("- permit: {}\n- allow: {xor: []}\n- 7\n");
    const auto data = parsePolicy(bareText("{nosuch: 1}, {email: {contains: 5}}, {device: x}"));

    QCOMPARE(shape.diagnostics.size(), std::size_t { 3 });
    QVERIFY(!shape.policy);
    QCOMPARE(data.diagnostics.size(), std::size_t { 3 });
    QVERIFY(data.policy.has_value());
    QCOMPARE(data.errorClass(), std::optional(DiagnosticClass::Semantic));
}

void TstPolicyParser::inputBeyondTheLimitsIsRefused()
{
    const auto deep = [](int levels) -> QByteArray {
        return QByteArray("{\"allow\":{\"or\":[{\"accept\":") + QByteArray(levels - 4, '[')
            + QByteArray(levels - 4, ']') + "}]}}";
    };
    const QByteArray large = "[]" + QByteArray(1024 * 1024 - 1, '\n');

    for (const auto entry : { Entry::Reader, Entry::Json, Entry::ConfigFile }) {
        QCOMPARE(verdict(deep(64), entry), u"valid"_s);
        QCOMPARE(verdict(deep(65), entry), u"parse"_s);
        QCOMPARE(verdict(QByteArray(500'000, '['), entry), u"parse"_s);
        QCOMPARE(verdict(large.chopped(1), entry), u"valid"_s);
        QCOMPARE(parsePolicy(large, entry).diagnostics.front().code, u"too_large"_s);
    }
}

void TstPolicyParser::mergeKeysAndAliasesAreExpanded()
{
    const auto merged = parsePolicy("- &base\n  allow: {or: [{accept: 1}]}\n"
                                    "- <<: *base\n  deny: {or: [&r {reject: 1}, *r]}\n");

    QVERIFY(!merged.hasErrors());
    QCOMPARE(merged.policy->rules.size(), std::size_t { 3 });
    QCOMPARE(merged.policy->rules[2].lists.front().criteria.size(), std::size_t { 2 });
}

void TstPolicyParser::allowRulesOfOneMapComeFirst()
{
    const auto result = parsePolicy("{deny: {or: [{reject: 1}]}, allow: {or: [{accept: 1}]}}");

    QVERIFY(result.policy->rules[0].action == Action::Allow);
    QVERIFY(result.policy->rules[1].action == Action::Deny);
}

static const bool kPolicyParserRegistered
    = test::registerTestClass<TstPolicyParser>("policyparser");

} // namespace portreeve

#include "tst_policyparser.moc"
