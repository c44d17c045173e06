// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/architecture/sourcetree.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// What every file of ours must look like (the project's style, 3.2 to 3.4).
class TstSourceFiles : public QObject
{
    Q_OBJECT

private slots:
    void noFileIsOverItsCap();
    void everyFileNamesItsLicence();
    void everyHeaderHasAnIncludeGuard();
    void unfinishedWorkNamesItsIssue();
    void noPathOfOneMachineIsCommitted();
    void everySourceIsBuilt();
    void everyCountedTextHasItsPlurals();

private:
    static void verifyNone(const QStringList& offences);
};

namespace {
const QStringList kAll { u"app"_s, u"core"_s, u"ui"_s, u"tests"_s };
constexpr qsizetype kSourceCap = 500;
constexpr qsizetype kTestCap = 800;
} // namespace

void TstSourceFiles::verifyNone(const QStringList& offences)
{
    QVERIFY2(offences.isEmpty(), qPrintable(offences.join(u'\n')));
}

void TstSourceFiles::noFileIsOverItsCap()
{
    QStringList offences;
    for (const auto& file : sourceFiles(kAll)) {
        const qsizetype cap = file.path.startsWith(u"tests/") ? kTestCap : kSourceCap;
        if (file.lines.size() > cap + 1) {
            offences.append(u"%1 has %2 lines, %3 are allowed"_s.arg(file.path)
                    .arg(file.lines.size())
                    .arg(cap));
        }
    }
    verifyNone(offences);
}

void TstSourceFiles::everyFileNamesItsLicence()
{
    QStringList offences;
    for (const auto& file : sourceFiles(kAll)) {
        const bool named = file.lines.size() > 2
            && file.lines.at(0).contains(u"SPDX-FileCopyrightText")
            && file.lines.at(1).contains(u"SPDX-License-Identifier: GPL-3.0-or-later");
        if (!named) {
            offences.append(file.path);
        }
    }
    verifyNone(offences);
}

void TstSourceFiles::everyHeaderHasAnIncludeGuard()
{
    QStringList offences;
    for (const auto& file : sourceFiles(kAll)) {
        if (file.path.endsWith(u".h") && !file.lines.contains(u"#pragma once"_s)) {
            offences.append(file.path);
        }
    }
    verifyNone(offences);
}

void TstSourceFiles::unfinishedWorkNamesItsIssue()
{
    // Spelled in two parts so that this file does not report itself.
    const QRegularExpression mark(
        u"\\b(TO"_s + u"DO|FIX"_s + u"ME|XX"_s + u"X|HA"_s + u"CK)\\b(?!\\(#\\d+\\))"_s);
    QStringList offences;
    for (const auto& file : sourceFiles(kAll)) {
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            if (mark.match(file.lines.at(i)).hasMatch()) {
                offences.append(u"%1:%2"_s.arg(file.path).arg(i + 1));
            }
        }
    }
    verifyNone(offences);
}

void TstSourceFiles::noPathOfOneMachineIsCommitted()
{
    const QRegularExpression path(u"(^|[^A-Za-z0-9_.])/(work|farm|root)/"_s);
    QStringList offences;
    for (const auto& file : sourceFiles(kAll)) {
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            if (!file.path.endsWith(u"tst_sourcefiles.cpp")
                && path.match(file.lines.at(i)).hasMatch()) {
                offences.append(u"%1:%2"_s.arg(file.path).arg(i + 1));
            }
        }
    }
    verifyNone(offences);
}

void TstSourceFiles::everySourceIsBuilt()
{
    QStringList offences;
    for (const auto& file : sourceFiles(kAll)) {
        if (!file.path.endsWith(u".cpp")) {
            continue;
        }
        const QString top = file.path.section(u'/', 0, 0);
        QFile list(QStringLiteral(PORTREEVE_SOURCE_DIR) + u'/' + top + u"/CMakeLists.txt"_s);
        QVERIFY(list.open(QIODevice::ReadOnly));
        if (!QString::fromUtf8(list.readAll()).contains(file.path.mid(top.size() + 1))) {
            offences.append(file.path);
        }
    }
    verifyNone(offences);
}

/// Without them English shows "1 link(s)".
void TstSourceFiles::everyCountedTextHasItsPlurals()
{
    QFile translation(QStringLiteral(PORTREEVE_SOURCE_DIR) + u"/translations/portreeve_en.ts"_s);
    QVERIFY(translation.open(QIODevice::ReadOnly));
    QXmlStreamReader xml(&translation);
    QSet<QString> translated;
    while (!xml.atEnd()) {
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == u"source") {
            translated.insert(xml.readElementText());
        }
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    const QRegularExpression call(uR"re(tr\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+))re"_s);
    const QRegularExpression literal(uR"re("((?:[^"\\]|\\.)*)")re"_s);
    QStringList offences;
    for (const auto& file : sourceFiles({ u"core"_s, u"ui"_s })) {
        auto found = call.globalMatch(file.lines.join(u'\n'));
        while (found.hasNext()) {
            QString text;
            auto parts = literal.globalMatch(found.next().captured(1));
            while (parts.hasNext()) {
                text += parts.next().captured(1);
            }
            const bool isCounted = text.contains(u"%n") || text.contains(u"%Ln");
            if (isCounted && !translated.contains(text)) {
                offences.append(file.path + u": "_s + text);
            }
        }
    }
    verifyNone(offences);
}

static const bool kSourceFilesRegistered = registerTestClass<TstSourceFiles>("sourcefiles");

} // namespace portreeve::test

#include "tst_sourcefiles.moc"
