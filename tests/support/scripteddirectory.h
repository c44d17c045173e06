// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncrunner.h"
#include "tests/support/listing.h"

#include <functional>
#include <mutex>

namespace portreeve::test {

/// What the scripted provider answers to one reading.
struct Answer
{
    Listing listing {};
    std::optional<Error> error {}; ///< in mid-collection, after half of the listing
    QByteArray nextState {}; ///< also what makes the next reading "unchanged" when handed in
    QString tenantId = QStringLiteral("tenant-1");
    std::function<void(RunContext&)> meanwhile {}; ///< before the listing is fed
};

/// An identity provider under the test's control, with the connector that reads it ("scripted": a
/// text option `address`, a required secret `token`). Safe to share between threads.
class ScriptedDirectory
{
public:
    ScriptedDirectory();

    void answer(Answer next); ///< from now on, to every reading

    void answer(Listing listing) { answer({ .listing = std::move(listing) }); }

    void answerOnce(Answer next); ///< before those; several queue up

    int readings() const;
    QString lastToken() const; ///< the secret the last connector was given
    ConnectorLookup lookup() const;

    /// A saved-to-be connection to this provider.
    static Connection connection(const QString& name);

private:
    class Reader;

    Answer next();

    mutable std::mutex m_mutex;
    Answer m_standing;
    std::vector<Answer> m_once;
    int m_readings = 0;
    QString m_token;
    ConnectorDescriptor m_descriptor;
};

/// An HttpClient for connectors that use none: every exchange fails.
HttpClientFactory noNetwork();

} // namespace portreeve::test
