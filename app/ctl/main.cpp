// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/cancellation.h"
#include "app/ctl/commandline.h"

#include <QCoreApplication>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;
using namespace portreeve;
using namespace portreeve::ctl;

namespace {

void setLogLevel(const QString& level)
{
    const bool debug = level == u"debug";
    const bool info = debug || level == u"info";
    const bool warning = level != u"error";
    QLoggingCategory::setFilterRules(
        u"portreeve.*.debug=%1\nportreeve.*.info=%2\nportreeve.*.warning=%3"_s.arg(
            debug ? u"true"_s : u"false"_s, info ? u"true"_s : u"false"_s,
            warning ? u"true"_s : u"false"_s));
    qSetMessagePattern(u"%{time yyyy-MM-ddThh:mm:ss.zzz} %{type} %{category} %{message}"_s);
}

int fail(Output& out, const Error& error)
{
    out.endProgress();
    out.error(error);
    return static_cast<int>(exitCodeFor(error.code));
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"portreevectl"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PORTREEVE_VERSION));

    const QStringList arguments = QCoreApplication::arguments();
    const auto read = readCommandLine(arguments);
    if (!read) {
        Output out({ .json = wantsJson(arguments) });
        return fail(out, read.error());
    }
    if (const auto* help = std::get_if<HelpText>(&*read)) {
        Output out({});
        out.raw(help->text.toUtf8());
        return out.fault() ? fail(out, *out.fault()) : static_cast<int>(ExitCode::Done);
    }
    const auto& invocation = std::get<Invocation>(*read);
    setLogLevel(invocation.options.logLevel);
    const Cancellation cancellation;
    Session session(invocation.options, cancellation.token());
    const auto code = invocation.command.run(session, invocation.arguments);
    if (!code) {
        return fail(session.out(), code.error());
    }
    if (const auto& fault = session.out().fault()) {
        return fail(session.out(), *fault);
    }
    session.out().endProgress();
    return static_cast<int>(*code);
}
