// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/output.h"

#include <QJsonDocument>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
/// @return whether all of it went out; errno says why not
bool put(FILE* stream, const QByteArray& bytes)
{
    const auto size = static_cast<std::size_t>(bytes.size());
    return std::fwrite(bytes.constData(), 1, size, stream) == size && std::fflush(stream) == 0;
}

QString phaseName(RunProgress::Phase phase)
{
    switch (phase) {
    case RunProgress::Phase::Connect:
        return u"connecting"_s;
    case RunProgress::Phase::Users:
        return u"users"_s;
    case RunProgress::Phase::Groups:
        return u"groups"_s;
    case RunProgress::Phase::Members:
        return u"members"_s;
    case RunProgress::Phase::Plan:
        return u"planning"_s;
    case RunProgress::Phase::Apply:
        return u"applying"_s;
    }
    return {};
}

// Names come from directories: control characters must not reach a terminal.
QString printable(QString text)
{
    for (auto& character : text) {
        if (character.category() == QChar::Other_Control && character != u'\n'
            && character != u'\t') {
            character = QChar::ReplacementCharacter;
        }
    }
    return text;
}
} // namespace

Output::Output(Options options)
    : m_options(options)
    , m_errorIsTerminal(::isatty(STDERR_FILENO) == 1)
{
    m_sinceStart.start();
}

void Output::write(const QByteArray& bytes)
{
    if (m_fault || put(stdout, bytes)) {
        return;
    }
    m_fault = Error { .code = ErrorCode::Storage,
        .what
        = portreeve::message(QT_TRANSLATE_NOOP("Message", "The output could not be written: %1."),
            qt_error_string(errno)),
        .remedy = portreeve::message(QT_TRANSLATE_NOOP("Message",
            "Free space where it goes, or send it somewhere else, and run the command again.")) };
}

void Output::document(const QJsonObject& object)
{
    write(QJsonDocument(object).toJson(QJsonDocument::Indented));
}

void Output::line(const QJsonObject& object)
{
    write(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Output::text(const QString& text)
{
    write(printable(text).toUtf8() + '\n');
}

void Output::raw(const QByteArray& bytes)
{
    write(bytes);
}

void Output::table(const QStringList& head, const std::vector<QStringList>& rows)
{
    std::vector<qsizetype> widths;
    for (const auto& cell : head) {
        widths.push_back(cell.size());
    }
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], row.at(static_cast<qsizetype>(i)).size());
        }
    }
    const auto print = [&](const QStringList& row) {
        QString line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const QString cell = row.at(static_cast<qsizetype>(i)).simplified();
            line += i + 1 == widths.size() ? cell : cell.leftJustified(widths[i] + 2);
        }
        text(line);
    };
    print(head);
    std::ranges::for_each(rows, print);
}

void Output::toError(const QString& text, const QByteArray& prefix)
{
    if (m_progressShown) {
        put(stderr, "\r\033[K");
        m_progressShown = false;
    }
    put(stderr, prefix + printable(text).toUtf8() + '\n');
}

void Output::message(const QString& text)
{
    const std::lock_guard lock(m_mutex);
    if (!m_options.quiet) {
        toError(text);
    }
}

void Output::error(const Error& error)
{
    const std::lock_guard lock(m_mutex);
    if (m_options.json) {
        const QJsonObject object { { u"error"_s, error.toJson() } };
        put(stderr, QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
        return;
    }
    const bool red = m_options.color && m_errorIsTerminal;
    toError(error.toText(), red ? "\033[31mError:\033[0m " : "Error: ");
}

void Output::progress(const RunProgress& progress)
{
    const std::lock_guard lock(m_mutex);
    constexpr qint64 betweenLines = 100;
    // Another phase is always told: it may be the one that takes long.
    const bool early = m_sinceProgress.isValid() && m_phase == progress.phase
        && m_sinceProgress.elapsed() < betweenLines;
    if (m_options.quiet || !m_errorIsTerminal || early) {
        return;
    }
    m_sinceProgress.start();
    m_phase = progress.phase;
    QString line = phaseName(progress.phase) + u": "_s + QString::number(progress.done);
    if (progress.total >= 0) {
        line += u" of "_s + QString::number(progress.total);
    }
    const qint64 seconds = m_sinceStart.elapsed() / 1000;
    if (seconds > 0 && progress.done > 0) {
        line += u", "_s + QString::number(progress.done / seconds) + u"/s"_s;
    }
    if (!progress.waitingFor.isEmpty()) {
        line += u", waiting: "_s + progress.waitingFor;
    }
    put(stderr, "\r\033[K" + printable(line).toUtf8());
    m_progressShown = true;
}

void Output::endProgress()
{
    const std::lock_guard lock(m_mutex);
    if (m_progressShown) {
        put(stderr, "\r\033[K");
        m_progressShown = false;
    }
}

} // namespace portreeve::ctl
