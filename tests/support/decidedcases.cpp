// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/decidedcases.h"

#include <QFile>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {

QList<QByteArray> linesOf(const QByteArray& text)
{
    auto lines = text.split('\n');
    lines.removeAll(QByteArray());
    return lines;
}

} // namespace

QList<QByteArray> storedCases()
{
    const auto shared = qEnvironmentVariable(
        "PORTREEVE_SHARED", QStringLiteral(PORTREEVE_SOURCE_DIR "/../shared"));
    const auto path = QString(shared % u"/vectors/policy-decisions.jsonl.gz"_s);
    if (!QFile::exists(path)) {
        return {};
    }
    QProcess gzip;
    gzip.start(u"gzip"_s, { u"-dc"_s, path });
    gzip.waitForFinished(60'000);
    return linesOf(gzip.readAllStandardOutput());
}

QList<QByteArray> ownCases()
{
    QFile file(QStringLiteral(PORTREEVE_SOURCE_DIR "/tests/data/policy/decisions.jsonl"));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("no cases");
    }
    return linesOf(file.readAll());
}

QString errorClassName(std::optional<policy::DiagnosticClass> refused)
{
    if (!refused) {
        return {};
    }
    switch (*refused) {
    case policy::DiagnosticClass::Parse:
        return u"parse"_s;
    case policy::DiagnosticClass::Semantic:
        return u"semantic"_s;
    case policy::DiagnosticClass::Type:
        return u"type"_s;
    case policy::DiagnosticClass::Lint:
        break;
    }
    return u"lint"_s;
}

} // namespace portreeve::test
