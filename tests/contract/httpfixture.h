// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/fields.h"
#include "tests/support/fakehttpclient.h"

#include <QHash>

#include <functional>
#include <optional>
#include <vector>

namespace portreeve::test {

/// What the suite must know of a connector that speaks HTTP, to put faults into its way.
struct HttpFixture
{
    QString connectorId {};
    OptionValues options {};
    QHash<QString, QString> secrets {};
    std::function<FakeHttpClient::Server()> makeServer; ///< a sound server with several pages
    QString dataPath {}; ///< path of the requests for users
    std::int64_t users = 0;
    bool renewsToken = false;
    bool hasPages = false;
    QByteArray wrongShape {}; ///< an answer of the right format that lacks its collection
};

const std::vector<HttpFixture>& httpFixtures();

} // namespace portreeve::test
