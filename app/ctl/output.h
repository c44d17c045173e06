// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"
#include "core/connectors/connector.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <mutex>
#include <optional>
#include <vector>

namespace portreeve::ctl {

/// stdout carries the result only; messages and progress go to stderr.
class Output
{
public:
    struct Options
    {
        bool json = false;
        bool quiet = false;
        bool color = true;
    };

    explicit Output(Options options);

    bool isJson() const { return m_options.json; }

    void document(const QJsonObject& object); ///< one indented JSON document
    void line(const QJsonObject& object); ///< one JSON line
    void text(const QString& text); ///< a line of plain output
    void raw(const QByteArray& bytes); ///< as it is, for exports

    /// Columns padded to their widest cell; the first row is the head.
    void table(const QStringList& head, const std::vector<QStringList>& rows);

    /// Why the output is not whole: a full disk, for example.
    const std::optional<Error>& fault() const { return m_fault; }

    void message(const QString& text); ///< for people; silent with --quiet
    void error(const Error& error);

    /// A line that rewrites itself on a terminal; nothing elsewhere. Safe from any thread.
    void progress(const RunProgress& progress);
    void endProgress();

private:
    void write(const QByteArray& bytes);

    /// @param prefix  as it is: escapes in @p text are not let through
    void toError(const QString& text, const QByteArray& prefix = {});

    Options m_options;
    bool m_errorIsTerminal = false;
    std::mutex m_mutex;
    QElapsedTimer m_sinceProgress;
    RunProgress::Phase m_phase {};
    QElapsedTimer m_sinceStart;
    bool m_progressShown = false;
    std::optional<Error> m_fault;
};

} // namespace portreeve::ctl
