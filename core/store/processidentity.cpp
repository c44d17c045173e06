// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/processidentity.h"

#include <QCoreApplication>
#include <QFile>
#include <QStringList>

#include <atomic>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QByteArray fileContent(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

// Clock ticks since the boot, the 22nd field of proc(5) stat; empty when there is no such process.
QString startTime(const QString& processNumber)
{
    constexpr qsizetype kFieldAfterName = 19;
    const QByteArray stat = fileContent(u"/proc/%1/stat"_s.arg(processNumber));
    // The name in parentheses may itself hold spaces and parentheses.
    const auto fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    return fields.size() > kFieldAfterName ? QString::fromLatin1(fields.at(kFieldAfterName))
                                           : QString();
}

QString bootId()
{
    return QString::fromLatin1(fileContent(u"/proc/sys/kernel/random/boot_id"_s));
}

QString identity(const QString& processNumber)
{
    return bootId() + u'/' + processNumber + u'/' + startTime(processNumber);
}

} // namespace

QString currentProcess()
{
    return identity(QString::number(QCoreApplication::applicationPid()));
}

bool isProcessAlive(const QString& process)
{
    const QString number = process.section(u'/', 1, 1);
    return !startTime(number).isEmpty() && identity(number) == process;
}

std::int64_t currentThreadNumber()
{
    static std::atomic<std::int64_t> last = 0;
    thread_local const std::int64_t number = ++last;
    return number;
}

} // namespace portreeve
