// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace portreeve {

/// What the window's command line asks for.
struct GuiOptions
{
    QString dataDirectory {};
    QString secrets = QStringLiteral("keychain"); ///< as makeSecretStore() takes it
    std::optional<int> sampleUsers {}; ///< open on a made-up directory of that size
    QString page {};
};

/// @param report  takes the text for a wrong use; help and version end the process
std::optional<GuiOptions> parseGuiOptions(const QStringList& arguments, QString& report);

} // namespace portreeve
