// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/exportsupport.h"

#include "core/proxy/exportsource.h"
#include "core/proxy/filereplace.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

Result<QByteArray> checkedText(Session& session, const ExportRequest& request)
{
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    auto source = loadExportSource(**store);
    if (!source) {
        return source.error();
    }
    auto exported = exportText(std::move(*source), request);
    if (!exported) {
        return exported.error();
    }
    for (const auto& refusal : exported->prepared.refusals) {
        QStringList place { refusal.routeName, refusal.policyName };
        place.removeAll(QString());
        session.out().message(place.join(u" / "_s) + u": "_s + refusal.reason.english() + u' '
            + refusal.fix.english());
    }
    for (const auto& note : exported->notes) {
        session.out().message(note.english());
    }
    const auto outcome = exported->prepared.outcome();
    return outcome ? Result<QByteArray>(std::move(exported->text)) : outcome.error();
}

Result<policy::Target> targetOption(const Arguments& arguments)
{
    policy::Target target;
    const QString edition = arguments.value(u"edition"_s, u"core"_s);
    if (edition == u"zero") {
        target.edition = policy::Edition::Zero;
    } else if (edition == u"enterprise") {
        target.edition = policy::Edition::Enterprise;
    } else if (edition != u"core") {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "There is no edition “%1”."), edition),
            message(
                QT_TRANSLATE_NOOP("Message", "It is one of: %1."), u"core, zero, enterprise"_s));
    }
    if (arguments.has(u"core-version"_s)) {
        static const QRegularExpression version(u"^v?0\\.(\\d{1,3})(\\..*)?\\z"_s);
        const auto match = version.match(arguments.value(u"core-version"_s));
        if (!match.hasMatch()) {
            return usageError(message(QT_TRANSLATE_NOOP("Message", "--%1 cannot be “%2”."),
                                  u"core-version"_s, arguments.value(u"core-version"_s)),
                message(QT_TRANSLATE_NOOP("Message", "Write it like 0.33.")));
        }
        target.coreMinor = match.captured(1).toInt();
    }
    return target;
}

QList<QCommandLineOption> targetOptionList()
{
    return { QCommandLineOption(u"edition"_s,
                 u"core (default), zero or enterprise: what the proxy must be able to read."_s,
                 u"EDITION"_s),
        QCommandLineOption(u"core-version"_s,
            u"The proxy's version, 0.33 for example; the newest where left out."_s, u"VERSION"_s) };
}

Result<QUrl> webAddress(const Arguments& arguments, const QString& option)
{
    const QUrl url(arguments.value(option), QUrl::StrictMode);
    const bool isWeb = url.scheme() == u"https" || url.scheme() == u"http";
    if (url.isValid() && isWeb && !url.host().isEmpty()) {
        return url;
    }
    return usageError(message(QT_TRANSLATE_NOOP("Message", "--%1 cannot be “%2”."), option,
                          arguments.value(option)),
        message(QT_TRANSLATE_NOOP("Message", "Write it like https://proxy.example.com.")));
}

CommandResult deliver(Session& session, const Arguments& arguments, const QByteArray& content)
{
    if (!arguments.has(u"out"_s)) {
        session.out().raw(content);
        return ExitCode::Done;
    }
    const auto written = replaceFile(arguments.value(u"out"_s), content);
    if (!written) {
        return written.error();
    }
    session.out().message(*written ? u"Wrote %1."_s.arg(arguments.value(u"out"_s))
                                   : u"%1 is up to date."_s.arg(arguments.value(u"out"_s)));
    return ExitCode::Done;
}

} // namespace portreeve::ctl
