// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/access/recordids.h"
#include "core/devices/linkorder.h"
#include "ui/models/directoryindex.h"

namespace portreeve {

class Store;

/// The people of every connection with the ids the proxy knows them by, to be found and picked.
/// Immutable, shared between threads.
class PeopleIndex
{
public:
    /// Reads the whole directory: on a worker thread.
    static Result<std::shared_ptr<const PeopleIndex>> load(Store& store);

    const DirectoryIndexPtr& directory() const { return m_directory; }

    /// @param row  of DirectoryIndex. The id is empty where the proxy cannot know the person by one
    devices::LinkUser at(Row row) const;

    /// Whom the proxy knows by an id; nobody, or one of several of more than one connection.
    std::optional<devices::LinkUser> find(const QString& id) const;

private:
    explicit PeopleIndex(const DirectoryViewPtr& view);

    DirectoryIndexPtr m_directory;
    std::vector<access::RecordIds> m_recordIds; ///< by connection
};

/// "Ann Lee (ann@example.com)": two people may have one name. Never empty.
QString personText(const devices::LinkUser& person);

using PeopleIndexPtr = std::shared_ptr<const PeopleIndex>;

} // namespace portreeve
