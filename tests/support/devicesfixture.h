// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/sharedsecret.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/testdatabase.h"

namespace portreeve::test {

/// A target in a fresh data file, and the databroker it leads to. The proxy's clock is the
/// system's; ours starts there and moves by hand.
class DevicesFixture
{
public:
    DevicesFixture();

    DatabrokerDouble& proxy() { return m_proxy; }

    const DatabrokerClient& client() const { return *m_client; }

    Store& store() { return m_database.store(); }

    const SharedSecret& secret() const { return m_secret; }

    FakeClock& clock() { return m_database.clock(); }

    QString targetId() const { return m_targetId; }

    static QByteArray key() { return DatabrokerDouble::secret(); }

    void advance(std::chrono::milliseconds by) { m_database.clock().advance(by); }

    void setProxyAhead(std::chrono::milliseconds by); ///< of our clock

    /// What Patch and Put were sent, in order: "Patch u-ann", "Put e-1".
    QStringList writes() const;

    QByteArray databaseBytes() const;

private:
    TestDatabase m_database;
    DatabrokerDouble m_proxy;
    SharedSecret m_secret;
    std::unique_ptr<DatabrokerClient> m_client;
    QString m_targetId;
};

} // namespace portreeve::test
