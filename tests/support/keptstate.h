// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/bundle/directorybundle.h"
#include "tests/support/syncfixture.h"

namespace portreeve::test {

/// What a failed run has to leave as it was, down to the bytes a proxy is given.
struct KeptState
{
    explicit KeptState(SyncFixture& fixture)
        : visible(fixture.visible())
        , generation(fixture.store->directory().generation().value())
    {
        const auto view = fixture.store->directory().loadView();
        bundle = directoryBundle(directoryRecords(**view)).value().bytes;
    }

    bool operator==(const KeptState&) const = default;

    QStringList visible; ///< of the fixture's own connection
    std::int64_t generation;
    QByteArray bundle; ///< of all connections
};

} // namespace portreeve::test
