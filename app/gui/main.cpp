// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/gui/options.h"
#include "app/gui/session.h"
#include "app/gui/singleinstance.h"
#include "core/settings/datadirectory.h"
#include "core/settings/sessionsecretstore.h"
#include "ui/theme/outlinedstyle.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QMessageBox>
#include <QSettings>
#include <QTranslator>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace portreeve;

namespace {

constexpr int kWrongUse = 4; // as in the command line's exit codes

void installTranslators(QApplication& application)
{
    auto* qt = new QTranslator(&application);
    if (qt->load(
            QLocale(), u"qtbase"_s, u"_"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QApplication::installTranslator(qt);
    }
    auto* own = new QTranslator(&application);
    if (own->load(QLocale(), u"portreeve"_s, u"_"_s, u":/i18n"_s)
        || own->load(u":/i18n/portreeve_en.qm"_s)) { // English has plural forms to fill in
        QApplication::installTranslator(own);
    }
}

void printError(const QString& text)
{
    std::fputs(qPrintable(text + u'\n'), stderr);
}

/// The backup asked for, or nothing when the window was closed. @return with the exit code
struct Ending
{
    int code = 0;
    QString backup {};
};

Ending runSession(const GuiOptions& options, SingleInstance& instance, SessionSecretStore& secrets)
{
    Ending ending;
    Session session(
        options, secrets, [&secrets] { secrets.keepUntilQuit(); },
        [&ending](const QString& file) {
            ending.backup = file;
            QApplication::exit(); // quit() would ask the window first
        });
    QObject scope; // the connection below ends with the session
    QObject::connect(
        &instance, &SingleInstance::startedAgain, &scope, [&session](const QStringList& arguments) {
            QString report;
            const auto again = parseGuiOptions(arguments, report);
            session.raise(again ? again->page : QString());
        });
    session.show();
    ending.code = QApplication::exec();
    return ending;
}

void tellRestoreFailed(const Error& error)
{
    auto* box = new QMessageBox(QMessageBox::Warning, QApplication::applicationDisplayName(),
        error.what.translated(), QMessageBox::Ok);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(error.remedy.translated());
    box->setDetailedText(error.toText());
    box->open();
}

int runUntilClosed(const GuiOptions& options, SingleInstance& instance, SessionSecretStore& secrets)
{
    while (true) {
        const Ending ending = runSession(options, instance, secrets);
        if (ending.backup.isEmpty()) {
            return ending.code;
        }
        const SystemClock clock;
        const auto restored
            = Store::restore(ending.backup, databasePath(options.dataDirectory), clock);
        if (!restored) {
            tellRestoreFailed(restored.error());
        }
    }
}

/// Ends the program with the text that is asked for: it needs no display.
void printTextAskedFor(int argc, char** argv)
{
    const auto isText = [](const char* argument) {
        const QByteArrayView view(argument);
        return view == "--help" || view == "-h" || view == "--version" || view == "-v";
    };
    if (std::any_of(argv, argv + argc, isText)) {
        const QCoreApplication application(argc, argv);
        QString report;
        parseGuiOptions(QCoreApplication::arguments(), report);
    }
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication::setApplicationName(u"portreeve"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PORTREEVE_VERSION));
    printTextAskedFor(argc, argv);
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(u"Portreeve"_s);
    QApplication::setStyle(new theme::OutlinedStyle);
    theme::apply(theme::Scheme::FollowDesktop);
    QApplication::setWindowIcon(theme::icon(u"portreeve"_s));
    installTranslators(application);

    QString report;
    const auto options = parseGuiOptions(QApplication::arguments(), report);
    if (!options) {
        printError(report);
        return kWrongUse;
    }
    auto chosen = makeSecretStore(options->secrets);
    if (!chosen) {
        printError(chosen.error().toText());
        return kWrongUse;
    }
    // Widths and places of windows and columns lie beside the data they were set for.
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, options->dataDirectory);

    SingleInstance instance(options->dataDirectory);
    if (instance.handOver(QApplication::arguments())) {
        return 0;
    }
    instance.listen();
    SessionSecretStore secrets(std::move(*chosen));
    return runUntilClosed(*options, instance, secrets);
}
