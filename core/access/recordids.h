// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/userset.h"
#include "core/directory/snapshot.h"
#include "core/settings/connection.h"
#include "core/store/directorystore.h"

#include <QSet>

#include <utility>
#include <vector>

namespace portreeve::access {

/// The ids people have at a proxy. It looks a person up by what the sign-in provider issued, so
/// that has to be the record's id (proxy.md 5.2).
class RecordIds
{
public:
    /// O(n log n), and nothing for the provider's own ids.
    /// @param snapshot  borrowed
    RecordIds(const Snapshot& snapshot, RecordIdSource source);

    /// Empty where a person has none: no address, or one that several people have. Of those, one
    /// who alone is not suspended has it.
    QString id(Row user) const;

    bool has(Row user) const
    {
        return m_source == RecordIdSource::ProviderId || m_own.contains(user);
    }

    /// kNoRow when nobody has it.
    Row find(QStringView id) const;

    /// Those who have one, by the bytes of their ids.
    std::vector<std::pair<QByteArrayView, Row>> sorted() const;

    std::int64_t withoutId() const; ///< how many people have none

private:
    const TextColumn& column() const;

    const Snapshot& m_snapshot;
    RecordIdSource m_source;
    UserSet m_own; ///< of the other sources: who has an id
    std::vector<Row> m_rows; ///< those, by the bytes of their ids
};

/// Ids that people of more than one connection have. Their records do not match a sign-in, as
/// nobody can tell whose groups should count.
QSet<QString> sharedRecordIds(const DirectoryView& view);

} // namespace portreeve::access
