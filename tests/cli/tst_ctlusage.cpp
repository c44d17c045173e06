// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"
#include "tests/cli/ctlterminal.h"
#include "tests/support/testregistry.h"

#include <QProcess>
#include <QTest>

#include <termios.h>

#include <csignal>

using namespace Qt::StringLiterals;

namespace portreeve::test {

class TstCtlUsage : public QObject
{
    Q_OBJECT

private slots:
    void helpStandsAtEveryLevelWithAnExample_data();
    void helpStandsAtEveryLevelWithAnExample();
    void unknownWordsNameTheNearest_data();
    void unknownWordsNameTheNearest();
    void errorsAreJsonWhenAskedFor();
    void secretsAreRefusedAsArguments();
    void wrongFieldsAreNamed();
    void delaysBelowTheProvidersFloorAreRefused();
    void policiesAreCheckedWithLineAndColumn();
    void policiesAreLinted();
    void policiesAreFormattedToTheSameMeaning();
    void policiesAreCompiledToRules();
    void secretPromptEndsWithTheSignal();
    void enforcedIsTrueOrFalseAndNothingElse();
    void anOutputThatDoesNotFitIsAnError();
    void quietLeavesTheResultAndErrors();
    void coloursCanBeSwitchedOff();

private:
    CtlProcess m_ctl;
};

void TstCtlUsage::helpStandsAtEveryLevelWithAnExample_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addRow("program") << QStringList { u"--help"_s };
    QTest::addRow("noun") << QStringList { u"connection"_s, u"--help"_s };
    QTest::addRow("verb") << QStringList { u"connection"_s, u"add"_s, u"--help"_s };
    QTest::addRow("program, short") << QStringList { u"-h"_s };
    QTest::addRow("noun, short") << QStringList { u"connection"_s, u"-h"_s };
    QTest::addRow("verb, short") << QStringList { u"connection"_s, u"add"_s, u"-h"_s };
    QTest::addRow("noun without verbs") << QStringList { u"why"_s, u"--help"_s };
}

void TstCtlUsage::helpStandsAtEveryLevelWithAnExample()
{
    QFETCH(QStringList, arguments);

    const auto answer = m_ctl.run(arguments);

    QCOMPARE(answer.exitCode, 0);
    QVERIFY(answer.out.contains("Usage: portreevectl"));
    QVERIFY(answer.out.contains("Example:\n  portreevectl "));
}

void TstCtlUsage::unknownWordsNameTheNearest_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("nearest");
    QTest::addRow("noun") << QStringList { u"conection"_s, u"list"_s } << QByteArray("connection");
    QTest::addRow("verb") << QStringList { u"connection"_s, u"lsit"_s } << QByteArray("list");
    QTest::addRow("option") << QStringList { u"run"_s, u"list"_s, u"--limt"_s, u"5"_s }
                            << QByteArray("limit");
    QTest::addRow("global option")
        << QStringList { u"run"_s, u"list"_s, u"--quite"_s } << QByteArray("quiet");
}

void TstCtlUsage::unknownWordsNameTheNearest()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, nearest);

    const auto answer = m_ctl.run(arguments);

    QCOMPARE(answer.exitCode, 4);
    QVERIFY2(answer.err.contains(nearest), answer.err.constData());
    QVERIFY(answer.out.isEmpty());
}

void TstCtlUsage::errorsAreJsonWhenAskedFor()
{
    const auto answer = m_ctl.run({ u"--json"_s, u"connection"_s, u"show"_s, u"Nobody"_s });

    QCOMPARE(answer.exitCode, 1);
    QCOMPARE(answer.error().value(u"code"_s).toString(), u"not_found"_s);
    QVERIFY(!answer.error().value(u"what"_s).toString().isEmpty());
    QVERIFY(!answer.error().value(u"remedy"_s).toString().isEmpty());
}

void TstCtlUsage::secretsAreRefusedAsArguments()
{
    const auto answer = m_ctl.run({ u"connection"_s, u"add"_s, u"Staff"_s, u"--provider"_s,
        u"keycloak"_s, u"--secret"_s, u"client_secret=planted-5f2c"_s });

    QCOMPARE(answer.exitCode, 4);
    QVERIFY(answer.err.contains("env:"));
    QVERIFY(!answer.err.contains("planted-5f2c"));
}

void TstCtlUsage::wrongFieldsAreNamed()
{
    const auto answer = m_ctl.run({ u"--json"_s, u"connection"_s, u"add"_s, u"Many"_s,
        u"--provider"_s, u"sample"_s, u"--set"_s, u"users=minus"_s });

    QCOMPARE(answer.exitCode, 4);
    QCOMPARE(answer.error().value(u"field"_s).toString(), u"users"_s);
}

void TstCtlUsage::delaysBelowTheProvidersFloorAreRefused()
{
    const auto answer = m_ctl.run({ u"--json"_s, u"connection"_s, u"add"_s, u"Often"_s,
        u"--provider"_s, u"sample"_s, u"--min-delay"_s, u"30s"_s });

    QCOMPARE(answer.exitCode, 4);
    QCOMPARE(answer.error().value(u"field"_s).toString(), u"polling_min_delay"_s);
    QVERIFY(answer.error().value(u"remedy"_s).toString().contains(u"1m"));
}

void TstCtlUsage::policiesAreCheckedWithLineAndColumn()
{
    const QString file = m_ctl.write(u"wrong.yaml"_s, "- allow:\n    or:\n      - nosuch: 1\n");

    const auto answer = m_ctl.run({ u"--json"_s, u"policy"_s, u"check"_s, file });

    QCOMPARE(answer.exitCode, 4);
    QCOMPARE(answer.json().value(u"valid"_s).toBool(true), false);
    const auto diagnostic = answer.json().value(u"diagnostics"_s).toArray().at(0).toObject();
    QCOMPARE(diagnostic.value(u"line"_s).toInt(), 3);
    QVERIFY(diagnostic.value(u"message"_s).toString().contains(u"nosuch"));
}

void TstCtlUsage::policiesAreLinted()
{
    const QString file = m_ctl.write(
        u"open.yaml"_s, "- allow:\n    and:\n      - groups:\n          exclude: staff\n");

    const auto answer = m_ctl.run({ u"--json"_s, u"policy"_s, u"check"_s, file });

    QCOMPARE(answer.exitCode, 0); // the proxy takes it
    QCOMPARE(answer.json().value(u"valid"_s).toBool(), true);
    QStringList codes;
    for (const auto& finding : answer.json().value(u"diagnostics"_s).toArray()) {
        codes.append(finding.toObject().value(u"code"_s).toString());
        QVERIFY(finding.toObject().value(u"line"_s).toInt() > 0);
    }
    QVERIFY2(codes.contains(u"lint_7_7"), qPrintable(codes.join(u' ')));
}

void TstCtlUsage::policiesAreFormattedToTheSameMeaning()
{
    const QString file = m_ctl.write(u"short.yaml"_s, "{allow: {and: [{groups: '4711'}]}}");

    const auto yaml = m_ctl.run({ u"policy"_s, u"format"_s, file });
    const QString again = m_ctl.write(u"canonical.yaml"_s, yaml.out);

    QCOMPARE(yaml.exitCode, 0);
    QVERIFY2(yaml.out.contains("has: \"4711\""), yaml.out.constData());
    QCOMPARE(m_ctl.run({ u"policy"_s, u"format"_s, again }).out, yaml.out);
}

void TstCtlUsage::policiesAreCompiledToRules()
{
    const QString file = m_ctl.write(u"short.yaml"_s, "{allow: {and: [{groups: '4711'}]}}");
    const QString other = m_ctl.write(u"date.yaml"_s, "{allow: {and: [{date: {after: x}}]}}");

    const auto rules = m_ctl.run({ u"policy"_s, u"format"_s, file, u"--to"_s, u"rego"_s });
    const auto refused = m_ctl.run({ u"policy"_s, u"format"_s, other, u"--to"_s, u"rego"_s });

    QCOMPARE(rules.exitCode, 0);
    QVERIFY2(rules.out.contains("\npackage pomerium.policy\n"), rules.out.constData());
    QVERIFY2(rules.out.contains("one_of(\"4711\", value)"), rules.out.constData());
    QCOMPARE(refused.exitCode, 4);
    QVERIFY(refused.out.isEmpty());
}

void TstCtlUsage::secretPromptEndsWithTheSignal()
{
    CtlTerminal asking(m_ctl,
        { u"target"_s, u"add"_s, u"Typed"_s, u"--set"_s, u"address=127.0.0.1:5443"_s, u"--secret"_s,
            u"shared_secret=-"_s });
    QVERIFY2(asking.waitFor("shared_secret: "), asking.said().constData());
    termios asked {};
    QCOMPARE(::tcgetattr(asking.terminal(), &asked), 0);

    asking.send(SIGINT);

    QCOMPARE(asking.wait(), 130);
    QCOMPARE(asked.c_lflag & static_cast<tcflag_t>(ECHO), tcflag_t(0));
    termios after {};
    QCOMPARE(::tcgetattr(asking.terminal(), &after), 0);
    QVERIFY((after.c_lflag & static_cast<tcflag_t>(ECHO)) != 0);
}

void TstCtlUsage::enforcedIsTrueOrFalseAndNothingElse()
{
    const QString file = m_ctl.write(u"all.yaml"_s, "allow:\n  and:\n    - accept: true\n");
    const auto added = m_ctl.run({ u"--json"_s, u"policy"_s, u"add"_s, u"All"_s, u"--file"_s, file,
        u"--enforced"_s, u"true"_s });

    const auto refused
        = m_ctl.run({ u"policy"_s, u"edit"_s, u"All"_s, u"--enforced"_s, u"True"_s });

    QVERIFY2(added.exitCode == 0, added.err.constData());
    QCOMPARE(refused.exitCode, 4);
    QVERIFY2(refused.err.contains("true or false"), refused.err.constData());
    const auto shown = m_ctl.run({ u"--json"_s, u"policy"_s, u"show"_s, u"All"_s });
    QCOMPARE(shown.json().value(u"enforced"_s).toBool(), true);
}

void TstCtlUsage::anOutputThatDoesNotFitIsAnError()
{
    for (const QStringList& verb : { QStringList { u"provider"_s, u"list"_s },
             { u"provider"_s, u"list"_s, u"--json"_s }, { u"--help"_s } }) {
        QProcess process;
        process.setStandardOutputFile(u"/dev/full"_s);

        process.start(QStringLiteral(PORTREEVE_CTL), m_ctl.globalOptions() + verb);

        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("could not be written"));
    }
}

void TstCtlUsage::quietLeavesTheResultAndErrors()
{
    QCOMPARE(m_ctl.run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    CtlTerminal loud(m_ctl, { u"sync"_s, u"--all"_s });
    QCOMPARE(loud.wait(), 0);
    QVERIFY2(loud.said().contains("\r\033[K"), loud.said().constData()); // progress

    CtlTerminal quiet(m_ctl, { u"--quiet"_s, u"sync"_s, u"--all"_s });
    CtlTerminal wrong(m_ctl, { u"--quiet"_s, u"connection"_s, u"show"_s, u"Nobody"_s });

    QCOMPARE(quiet.wait(), 0);
    QVERIFY2(!quiet.said().contains("\r\033[K"), quiet.said().constData());
    QVERIFY2(quiet.said().contains("Sample"), quiet.said().constData());
    QCOMPARE(wrong.wait(), 1);
    QVERIFY2(wrong.said().contains("Nobody"), wrong.said().constData());
}

void TstCtlUsage::coloursCanBeSwitchedOff()
{
    const QStringList failing { u"connection"_s, u"show"_s, u"Nobody"_s };
    CtlTerminal coloured(m_ctl, failing);
    CtlTerminal plain(m_ctl, QStringList { u"--no-color"_s } + failing);

    QCOMPARE(coloured.wait(), 1);
    QVERIFY2(coloured.said().contains("\033[31m"), coloured.said().constData());
    QCOMPARE(plain.wait(), 1);
    QVERIFY2(plain.said().contains("Error: "), plain.said().constData());
    QVERIFY2(!plain.said().contains('\033'), plain.said().constData());
}

static const bool kCtlUsageRegistered = registerTestClass<TstCtlUsage>("ctlusage");

} // namespace portreeve::test

#include "tst_ctlusage.moc"
