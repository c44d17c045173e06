// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <vector>

namespace portreeve::test {

/// What one run of portreevectl answered.
struct CtlAnswer
{
    int exitCode = -1;
    QByteArray out {};
    QByteArray err {};

    QJsonObject json() const; ///< stdout as one document
    std::vector<QJsonObject> jsonLines() const;
    QJsonObject error() const; ///< the "error" object on stderr
};

/// Runs the real program on a data directory of its own.
class CtlProcess
{
public:
    /// Global options for data directory and secrets are put in front.
    CtlAnswer run(const QStringList& arguments, const QByteArray& input = {}) const;

    QStringList globalOptions() const;

    QString directory() const { return m_directory.path(); }

    QString file(const QString& name) const { return m_directory.filePath(name); }

    QString write(const QString& name, const QByteArray& bytes) const; ///< @return its path

    /// Bytes of the database and its log, to see that nothing was written.
    QByteArray databaseBytes() const;

private:
    QTemporaryDir m_directory;
};

/// `portreevectl serve --json`, ended by its process id whatever happens.
class CtlServer
{
public:
    explicit CtlServer(const CtlProcess& ctl, const QStringList& options = {});
    ~CtlServer();
    CtlServer(const CtlServer&) = delete;
    CtlServer& operator=(const CtlServer&) = delete;

    /// The next event of that name after those already taken; empty when none comes in time.
    QJsonObject waitFor(const QString& event);

    /// SIGTERM. @return the exit code, -1 when it does not end within three seconds
    int stop();

    QByteArray everything() const { return m_out + m_err; } ///< it ever said

private:
    bool readMore();

    QProcess m_process;
    QByteArray m_out;
    QByteArray m_err;
    qsizetype m_taken = 0;
};

} // namespace portreeve::test
