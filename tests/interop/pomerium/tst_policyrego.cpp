// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/criteria.h"
#include "core/policy/regowriter.h"
#include "tests/interop/peer.h"
#include "tests/support/decidedcases.h"
#include "tests/support/testregistry.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QTemporaryFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// Our compiled policies in the rule engine of a real proxy, with its records and its answers.
class TstPolicyRego : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();

    void cleanupTestCase() { m_peer.stop(); }

    void ourCasesNameEveryCriterionAndOperator();
    void ourCasesAreDecidedAsStated();
    void storedCasesAreDecidedAsTheProxyDid();
    void aThousandCriteriaCompileInTime();

private:
    QHash<QString, QJsonObject> decide(const QList<QByteArray>& questions);
    void compare(const QList<QByteArray>& cases);

    Peer m_peer;
};

namespace {

struct Compiled
{
    QJsonArray modules {};
    QString refused {}; ///< the stage, as in errorClassName
};

QStringList textsOf(const QJsonObject& decided)
{
    QStringList out;
    if (decided.contains(u"policy")) {
        out << decided.value(u"policy").toString();
    }
    for (const auto& text : decided.value(u"policies").toArray()) {
        out << text.toString();
    }
    return out;
}

Compiled compiled(const QJsonObject& decided)
{
    Compiled out;
    for (const auto& text : textsOf(decided)) {
        const auto read = policy::parsePolicy(text.toUtf8());
        out.refused = errorClassName(read.errorClass());
        if (!read.policy || !out.refused.isEmpty()) {
            // what the proxy refuses must not get past the compiler either
            if (read.policy && policy::writeRego(*read.policy)) {
                out.refused = u"nothing"_s;
            }
            return out;
        }
        const auto module = policy::writeRego(*read.policy);
        out.modules.append(module ? QString::fromUtf8(*module) : module.error().what.english());
    }
    return out;
}

/// The case with its modules added; as text, since QJsonDocument drops a leading byte order mark.
QByteArray question(const QByteArray& decided, const QJsonArray& modules)
{
    return decided.trimmed().chopped(1)
        + ",\"modules\":" + QJsonDocument(modules).toJson(QJsonDocument::Compact) + "}\n";
}

void collectOperators(const policy::Criterion& criterion, QSet<QString>& out)
{
    out.insert(criterion.name);
    if (const auto* members = criterion.data.asObject()) {
        for (const auto& [name, value] : *members) {
            out.insert(QString(criterion.name % u'.' % name));
            if (const auto* nested = value.asObject()) {
                for (const auto& member : *nested) {
                    out.insert(QString(u"san."_s % member.first));
                }
            }
        }
    }
}

/// "name" and "name.operator" of every criterion in @p cases, and the operators of the lists.
QSet<QString> namedIn(const QList<QByteArray>& cases)
{
    QSet<QString> out;
    for (const auto& line : cases) {
        for (const auto& text : textsOf(QJsonDocument::fromJson(line).object())) {
            const auto read = policy::parsePolicy(text.toUtf8());
            if (read.hasErrors()) {
                continue;
            }
            for (const auto& rule : policy::normalForm(*read.policy).rules) {
                for (const auto& list : rule.lists) {
                    out.insert(u"operator %1"_s.arg(static_cast<int>(list.op)));
                    for (const auto& criterion : list.criteria) {
                        collectOperators(criterion, out);
                    }
                }
            }
        }
    }
    return out;
}

} // namespace

void TstPolicyRego::initTestCase()
{
    PORTREEVE_START_PEER(m_peer, "pomerium");
}

QHash<QString, QJsonObject> TstPolicyRego::decide(const QList<QByteArray>& questions)
{
    QTemporaryFile file;
    if (!file.open() || file.write(questions.join()) < 0 || !file.flush()) {
        return {};
    }
    QProcess program;
    program.setStandardInputFile(file.fileName());
    program.start(m_peer.value("PEER_PROGRAM"), { u"decide"_s });
    if (!program.waitForFinished(600'000) || program.exitCode() != 0) {
        qCritical("%s", program.readAllStandardError().constData());
        return {};
    }
    QHash<QString, QJsonObject> out;
    for (const auto& line : program.readAllStandardOutput().split('\n')) {
        const auto answer = QJsonDocument::fromJson(line).object();
        out.insert(answer.value(u"id").toString(), answer);
    }
    return out;
}

/// Whether our modules give each case's outcome, with its reasons where the case states them.
void TstPolicyRego::compare(const QList<QByteArray>& cases)
{
    static const QSet<QString> compared { u"allow"_s, u"deny"_s, u"allow_reasons"_s,
        u"deny_reasons"_s, u"outcome"_s, u"device_type"_s };
    QList<QByteArray> questions;
    QHash<QString, QJsonObject> expected;
    for (const auto& line : cases) {
        const auto decided = QJsonDocument::fromJson(line).object();
        const auto id = decided.value(u"id").toString();
        const auto expect = decided.value(u"expect").toObject();
        const auto rules = compiled(decided);
        QVERIFY2(rules.refused == expect.value(u"error_class").toString(),
            qPrintable(QString(id % u": refused as '"_s % rules.refused % u'\'')));
        if (rules.refused.isEmpty()) {
            questions.append(question(line, rules.modules));
            expected.insert(id, expect);
        }
    }
    const auto answers = decide(questions);
    for (auto at = expected.cbegin(); at != expected.cend(); ++at) {
        const auto answer = answers.value(at.key());
        for (auto field = at->begin(); field != at->end(); ++field) {
            QVERIFY2(!compared.contains(field.key()) || answer.value(field.key()) == field.value(),
                qPrintable(u"%1: %2 is %3"_s.arg(at.key(), field.key(),
                    QString::fromUtf8(QJsonDocument(answer).toJson(QJsonDocument::Compact)))));
        }
    }
    qInfo("%lld decided alike, %lld refused alike", static_cast<long long>(expected.size()),
        static_cast<long long>(cases.size() - expected.size()));
}

void TstPolicyRego::ourCasesNameEveryCriterionAndOperator()
{
    const auto named = namedIn(ownCases());

    const QStringList strings { u"is"_s, u"not"_s, u"in"_s, u"not_in"_s, u"starts_with"_s,
        u"ends_with"_s, u"contains"_s };
    QStringList wanted;
    for (const auto& info : policy::allCriteria()) {
        if (info.data == policy::DataKind::EditionOnly) {
            continue;
        }
        wanted << info.name.toString();
        if (info.data == policy::DataKind::ListMatcher) {
            wanted << QString(info.name % u".has"_s) << QString(info.name % u".is"_s)
                   << QString(info.name % u".exclude"_s);
        }
    }
    for (const auto& name : { u"email"_s, u"domain"_s, u"user"_s, u"ssh_username"_s }) {
        for (const auto& op : strings) {
            wanted << QString(name % u'.' % op);
        }
    }
    wanted << u"device.type"_s << u"device.is"_s << u"device.approved"_s << u"san.is"_s
           << u"san.not"_s << u"san.in"_s << u"san.starts_with"_s << u"san.contains"_s
           << u"client_certificate.fingerprint"_s << u"client_certificate.spki_hash"_s
           << u"client_certificate.san_email"_s << u"client_certificate.san_dns"_s
           << u"client_certificate.san_uri"_s << u"operator 0"_s << u"operator 1"_s
           << u"operator 2"_s << u"operator 3"_s;
    for (const auto& name : std::as_const(wanted)) {
        QVERIFY2(named.contains(name), qPrintable(name));
    }
}

void TstPolicyRego::ourCasesAreDecidedAsStated()
{
    compare(ownCases());
}

void TstPolicyRego::storedCasesAreDecidedAsTheProxyDid()
{
    const auto cases = storedCases();
    if (cases.isEmpty()) {
        QSKIP("the stored decisions (vectors/policy-decisions.jsonl.gz) are not here");
    }
    compare(cases);
}

void TstPolicyRego::aThousandCriteriaCompileInTime()
{
    QStringList criteria;
    for (int i = 0; i < 1000; ++i) {
        criteria << u"{email: u%1@corp.test}"_s.arg(i);
    }
    const auto policy
        = policy::parsePolicy(QString(u"allow: {or: ["_s % criteria.join(u',') % u"]}"_s).toUtf8())
              .policy.value();
    const QJsonArray modules { QString::fromUtf8(*policy::writeRego(policy)) };

    const auto answers = decide({ question(
        R"({"id":"many","facts":{"session_id":"s1","records":{"session":{"s1":{"user_id":"u"}},)"
        R"("user":{"u":{"email":"u999@corp.test"}}}}})",
        modules) });

    QCOMPARE(answers.value(u"many"_s).value(u"outcome").toString(), u"200"_s);
}

static const bool kPolicyRegoRegistered = registerTestClass<TstPolicyRego>("policyrego");

} // namespace portreeve::test

#include "tst_policyrego.moc"
