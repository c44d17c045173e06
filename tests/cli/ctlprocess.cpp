// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr int kLimitMs = 55'000;
}

QJsonObject CtlAnswer::json() const
{
    return QJsonDocument::fromJson(out).object();
}

std::vector<QJsonObject> CtlAnswer::jsonLines() const
{
    std::vector<QJsonObject> lines;
    for (const auto& line : out.split('\n')) {
        if (!line.isEmpty()) {
            lines.push_back(QJsonDocument::fromJson(line).object());
        }
    }
    return lines;
}

QJsonObject CtlAnswer::error() const
{
    return QJsonDocument::fromJson(err.trimmed().split('\n').constLast())
        .object()
        .value(u"error"_s)
        .toObject();
}

QStringList CtlProcess::globalOptions() const
{
    return { u"--data-dir"_s, file(u"data"_s), u"--secrets"_s,
        u"file:"_s + file(u"secrets.json"_s) };
}

CtlAnswer CtlProcess::run(const QStringList& arguments, const QByteArray& input) const
{
    QProcess process;
    process.start(QStringLiteral(PORTREEVE_CTL), globalOptions() + arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(kLimitMs)) {
        process.kill();
        process.waitForFinished();
        return { .err = "did not end in time" };
    }
    return { .exitCode = process.exitCode(),
        .out = process.readAllStandardOutput(),
        .err = process.readAllStandardError() };
}

QString CtlProcess::write(const QString& name, const QByteArray& bytes) const
{
    QFile target(file(name));
    if (target.open(QIODevice::WriteOnly)) {
        target.write(bytes);
    }
    return target.fileName();
}

QByteArray CtlProcess::databaseBytes() const
{
    QByteArray bytes;
    const QDir data(file(u"data"_s));
    for (const auto& name : data.entryList(QDir::Files, QDir::Name)) {
        QFile part(data.filePath(name));
        if (!name.endsWith(u"-shm") && part.open(QIODevice::ReadOnly)) {
            bytes += part.readAll();
        }
    }
    return bytes;
}

CtlServer::CtlServer(const CtlProcess& ctl, const QStringList& options)
{
    m_process.start(QStringLiteral(PORTREEVE_CTL),
        ctl.globalOptions() + QStringList { u"--json"_s, u"serve"_s } + options);
}

CtlServer::~CtlServer()
{
    if (stop() < 0) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

bool CtlServer::readMore()
{
    const bool more = m_process.waitForReadyRead(kLimitMs);
    m_out += m_process.readAllStandardOutput();
    m_err += m_process.readAllStandardError();
    return more;
}

QJsonObject CtlServer::waitFor(const QString& event)
{
    do {
        for (qsizetype end = m_out.indexOf('\n', m_taken); end >= 0;
            end = m_out.indexOf('\n', m_taken)) {
            const auto line = QJsonDocument::fromJson(m_out.mid(m_taken, end - m_taken)).object();
            m_taken = end + 1;
            if (line.value(u"event"_s).toString() == event) {
                return line;
            }
        }
    } while (readMore());
    return {};
}

int CtlServer::stop()
{
    constexpr int limitMs = 3'000;
    if (m_process.state() == QProcess::NotRunning) {
        return m_process.exitCode();
    }
    m_process.terminate();
    const bool ended = m_process.waitForFinished(limitMs);
    m_out += m_process.readAllStandardOutput();
    m_err += m_process.readAllStandardError();
    return ended ? m_process.exitCode() : -1;
}

} // namespace portreeve::test
