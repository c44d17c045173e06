// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/membersmodel.h"

#include <QThreadPool>
#include <QWidget>

#include <optional>

namespace portreeve {

class EmptyState;
class SearchEdit;
class TableView;
class TextLabel;

/// Direct and inherited members (or groups) of one object, searchable, worked out off the GUI
/// thread.
class MemberList final : public QWidget
{
    Q_OBJECT

public:
    MemberList(Relation relation, QThreadPool& workers, QWidget* parent = nullptr);

    /// @p of  row within the connection
    void setObject(const DirectoryIndexPtr& index, std::size_t connection, Row of);

    TableView* table() const { return m_table; }

    MembersModel* model() const { return m_model; }

signals:
    /// Row within the connection; nothing when no line is current.
    void currentChanged(std::optional<portreeve::Row> object);
    /// Enter or double click: key of the object, "<connection id>:<id>".
    void openRequested(bool isGroup, const QString& key);
    /// How many there are in all, once known.
    void counted(std::int64_t all);

private:
    void take(std::shared_ptr<const RelatedObjects> related);
    void search(const QString& text);
    void showState();

    QThreadPool& m_workers;
    Relation m_relation;
    MembersModel* m_model = nullptr;
    SearchEdit* m_search = nullptr;
    TextLabel* m_count = nullptr;
    TableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    int m_request = 0;
    int m_searchRequest = 0;
};

} // namespace portreeve
