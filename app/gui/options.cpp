// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/gui/options.h"

#include "core/settings/datadirectory.h"

#include <QCommandLineParser>
#include <QDir>

using namespace Qt::StringLiterals;

namespace portreeve {

std::optional<GuiOptions> parseGuiOptions(const QStringList& arguments, QString& report)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Keeps an access proxy in step with a company's directory."_s);
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    const QCommandLineOption directory(
        u"data-dir"_s, u"Keep the database in this folder."_s, u"folder"_s);
    const QCommandLineOption secrets(u"secrets"_s,
        u"Where secrets are kept: keychain (usual), file:PATH or env."_s, u"store"_s,
        u"keychain"_s);
    const QCommandLineOption sample(u"sample"_s,
        u"Add a made-up directory of so many people when there is no connection yet."_s,
        u"people"_s);
    const QCommandLineOption page(
        u"page"_s, u"Open at this page: overview, providers, directory, ..."_s, u"page"_s);
    parser.addOptions({ directory, secrets, sample, page });
    if (!parser.parse(arguments)) {
        report = parser.errorText();
        return std::nullopt;
    }
    if (parser.isSet(help)) {
        parser.showHelp();
    }
    if (parser.isSet(version)) {
        parser.showVersion();
    }
    GuiOptions options { .dataDirectory = parser.isSet(directory)
            ? QDir(parser.value(directory)).absolutePath()
            : defaultDataDirectory(),
        .secrets = parser.value(secrets),
        .page = parser.value(page) };
    if (parser.isSet(sample)) {
        bool isNumber = false;
        const int users = parser.value(sample).toInt(&isNumber);
        if (!isNumber || users < 1) {
            report = u"--sample takes the number of people to make up, for example 5000."_s;
            return std::nullopt;
        }
        options.sampleUsers = users;
    }
    return options;
}

} // namespace portreeve
