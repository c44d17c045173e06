// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/parser.h"
#include "core/policy/writer.h"
#include "tests/support/decidedcases.h"
#include "tests/support/testregistry.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

using namespace policy;
using namespace test;

namespace {

constexpr int kMutants = 6000;

} // namespace

class TstPolicyVectors : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void storedCasesAreRefusedInTheSameStage();
    void validTextsAreStableUnderWriting();
    void noMutantCrashesOrBreaksTheLaws();

private:
    QList<QByteArray> m_texts; // each once
    QList<QPair<QByteArray, QString>> m_expected; // text, error class or nothing
};

void TstPolicyVectors::initTestCase()
{
    QSet<QByteArray> seen;
    for (const auto& line : storedCases()) {
        const auto object = QJsonDocument::fromJson(line).object();
        const auto text = object.value(u"policy").toString().toUtf8();
        if (object.contains(u"policy") && !seen.contains(text)) {
            seen.insert(text);
            m_texts.append(text);
            m_expected.append(
                { text, object.value(u"expect").toObject().value(u"error_class").toString() });
        }
    }
}

void TstPolicyVectors::storedCasesAreRefusedInTheSameStage()
{
    if (m_expected.isEmpty()) {
        QSKIP("the stored decisions (vectors/policy-decisions.jsonl.gz) are not here");
    }
    for (const auto& [text, expected] : std::as_const(m_expected)) {
        const auto result = parsePolicy(text);
        QVERIFY2(errorClassName(result.errorClass()) == expected,
            qPrintable(u"%1: expected '%2', got '%3'"_s.arg(QString::fromUtf8(text), expected,
                result.diagnostics.empty() ? QString()
                                           : result.diagnostics.front().what.english())));
    }
}

void TstPolicyVectors::validTextsAreStableUnderWriting()
{
    if (m_expected.isEmpty()) {
        QSKIP("the stored decisions (vectors/policy-decisions.jsonl.gz) are not here");
    }
    for (const auto& [text, expected] : std::as_const(m_expected)) {
        if (!expected.isEmpty()) {
            continue;
        }
        const auto policy = *parsePolicy(text).policy;
        for (const auto format : { Format::Yaml, Format::Json }) {
            const auto written = writePolicy(policy, format);
            QVERIFY2(written.hasValue(), text.constData());
            const auto back = parsePolicy(*written);
            QVERIFY2(back.policy && *back.policy == normalForm(policy), text.constData());
            QCOMPARE(*writePolicy(*back.policy, format), *written);
        }
    }
}

void TstPolicyVectors::noMutantCrashesOrBreaksTheLaws() // case 186
{
    auto seeds = m_texts.mid(0, 300);
    seeds.append({ "- &a\n  allow: {or: [{user: \"\\u0041\"}]}\n- <<: *a\n",
        "{allow: {and: [{claim/x: "
        "{has: 0x1F}}]}}",
        "%YAML 1.1\n---\nallow:\n  or:\n  - email: >-\n      folded\n",
        R"([{"deny": {"nor": [{"user": {"in": ["\ud83d\ude00", 1e5]}}]}}])" });
    static constexpr char kSpice[]
        = "\0\t\n\r \"'#&*!|>%@-?:,[]{}\\/~<\xff\xfe\xc2\x85\xef\xbb\xbf";
    const QByteArray spice(kSpice, sizeof kSpice - 1);
    QRandomGenerator random(186);
    const auto index = [&random](qsizetype size) {
        return static_cast<qsizetype>(
            random.bounded(static_cast<quint32>(std::max<qsizetype>(1, size))));
    };
    for (int i = 0; i < kMutants; ++i) {
        auto text = seeds.at(index(seeds.size())).left(2000);
        for (qsizetype edits = 1 + index(4); edits > 0; --edits) {
            const auto at = index(text.size());
            switch (random.bounded(3)) {
            case 0:
                text.insert(at, spice.at(index(spice.size())));
                break;
            case 1:
                text.remove(at, 1 + index(5));
                break;
            default:
                text.insert(at, text.mid(index(text.size()), index(40)));
            }
        }
        for (const auto entry : { Entry::Reader, Entry::Json, Entry::ConfigFile }) {
            const auto result = parsePolicy(text, entry);
            QVERIFY2(result.policy.has_value() || result.hasErrors(), text.constData());
            const auto written
                = result.hasErrors() ? Result<QByteArray>(Error {}) : writePolicy(*result.policy);
            if (!written) {
                continue;
            }
            const auto back = parsePolicy(*written);
            QVERIFY2(back.policy && *back.policy == normalForm(*result.policy), text.constData());
            QCOMPARE(*writePolicy(*back.policy), *written);
        }
    }
}

static const bool kPolicyVectorsRegistered
    = test::registerTestClass<TstPolicyVectors>("policyvectors");

} // namespace portreeve

#include "tst_policyvectors.moc"
