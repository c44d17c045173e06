// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/peopleindex.h"

#include <QSet>
#include <QStringList>
#include <QWidget>

class QListWidget;

namespace portreeve {

class DirectorySearcher;
class SearchEdit;
class TextLabel;
struct AppContext;

/// Picks people of the directory: by search, by a pasted list of e-mail addresses, logins or ids,
/// or all members of a group.
class PeoplePicker final : public QWidget
{
    Q_OBJECT

public:
    PeoplePicker(const AppContext& context, QWidget* parent);

    std::vector<devices::LinkUser> people() const { return m_people; }

    QWidget* searchField() const;

signals:
    void changed();

private:
    void connectSearch();
    void load();
    void onTextChanged(const QString& text);
    void showPeople(const DirectoryAnswer& answer);
    void showGroups(const DirectoryAnswer& answer);
    void addUser(Row row);
    void addMembers(Row group);
    void addList(const QStringList& entries);
    QStringList keysOf(Row row, const QString& id) const; ///< a list names a person by these
    bool add(const devices::LinkUser& user); ///< false = no id at the proxy
    void refreshChosen(const QStringList& withoutId, const QSet<QString>& unknown = {});

    const AppContext& m_context;
    PeopleIndexPtr m_index;
    DirectorySearcher* m_userSearch;
    DirectorySearcher* m_groupSearch;
    SearchEdit* m_search;
    QListWidget* m_hits;
    QListWidget* m_chosen;
    TextLabel* m_note;
    std::vector<devices::LinkUser> m_people;
};

} // namespace portreeve
