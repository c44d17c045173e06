// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/peopleindex.h"

#include "core/store/store.h"

#include <QCoreApplication>

namespace portreeve {

namespace {

struct PeopleIndexText
{
    Q_DECLARE_TR_FUNCTIONS(PeopleIndex)
};

} // namespace

PeopleIndex::PeopleIndex(const DirectoryViewPtr& view)
    : m_directory(std::make_shared<const DirectoryIndex>(view))
{
    for (const auto& directory : view->connections) {
        m_recordIds.emplace_back(*directory.snapshot, directory.rules.recordId);
    }
}

Result<PeopleIndexPtr> PeopleIndex::load(Store& store)
{
    const auto view = store.directory().loadView();
    if (!view) {
        return view.error();
    }
    return PeopleIndexPtr(new PeopleIndex(*view));
}

devices::LinkUser PeopleIndex::at(Row row) const
{
    const auto place = m_directory->userPlace(row);
    const auto& snapshot = *m_directory->connection(place.connection).snapshot;
    return { .id = m_recordIds[place.connection].id(place.row),
        .name = snapshot.userNames().text(place.row),
        .email = snapshot.userEmails().text(place.row) };
}

std::optional<devices::LinkUser> PeopleIndex::find(const QString& id) const
{
    for (std::size_t connection = 0; connection < m_recordIds.size(); ++connection) {
        if (const Row row = m_recordIds[connection].find(id); row != kNoRow) {
            return at(m_directory->userRow({ connection, row }));
        }
    }
    return std::nullopt;
}

QString personText(const devices::LinkUser& person)
{
    const QString address = person.email.isEmpty() ? person.id : person.email;
    return person.name.isEmpty() ? address
                                 : PeopleIndexText::tr("%1 (%2)").arg(person.name, address);
}

} // namespace portreeve
