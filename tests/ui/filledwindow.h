// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/databrokerdouble.h"
#include "tests/ui/windowfixture.h"

namespace portreeve::test {

/// A proxy that people and groups are delivered to, with some who signed in and their devices.
/// @param more  options besides its address; policies go nowhere unless they say so
/// @return whether it is stored and shown
bool addProxy(WindowFixture& fixture, DatabrokerDouble& proxy, int devices,
    const QString& name = QStringLiteral("Office proxy"), const QHash<QString, QString>& more = {});

/// A window in full use: fifty people, a proxy with devices, a policy, a route, and removals that
/// wait for a person.
class FilledWindow
{
public:
    DatabrokerDouble proxy {};
    WindowFixture fixture {};
    QString connectionId {};
    QString policyId {};
    QString routeId {};

    /// Shows the window and fills it.
    bool fill();

    /// Goes to a page and waits until it has read what it shows.
    bool showPage(const QString& page);

    /// The same for what opens on a page by a link: "user", "group", "route", "run", or
    /// "add:" with a provider, whose form it opens.
    bool showView(const QString& page, const QString& view);

private:
    QString linkTo(const QString& view);
    bool waitFor(const QString& page, const QString& widget);
};

} // namespace portreeve::test
