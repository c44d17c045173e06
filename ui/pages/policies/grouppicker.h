// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/groupcatalog.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>

class QPushButton;

namespace portreeve {

class EmptyState;
class GroupPickModel;
class SearchEdit;
class TableView;

/// Chooses one synced group by name or id.
class GroupPicker final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    /// @param groups  may be null: nothing was synced yet
    explicit GroupPicker(GroupCatalogPtr groups, QWidget* parent = nullptr);

    void accept() override;

signals:
    void groupChosen(const QString& id);

private:
    void search(const QString& text);

    GroupCatalogPtr m_groups;
    GroupPickModel* m_model = nullptr;
    SearchEdit* m_search = nullptr;
    TableView* m_table = nullptr;
    EmptyState* m_empty = nullptr;
    QPushButton* m_ok = nullptr;
};

} // namespace portreeve
