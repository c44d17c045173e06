// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "ui/models/appcontext.h"
#include "ui/models/peopleindex.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>

class QCompleter;
class QLineEdit;
class QListWidget;
class QPushButton;
class QStandardItemModel;

namespace portreeve {

class DirectorySearcher;
class TextLabel;

/// "Block now": locks somebody out of every managed route of a target at once, and lets them in
/// again.
class BlockDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    BlockDialog(const AppContext& context, const QString& targetId, QWidget* parent);

private:
    void makeCompleter();
    void load();
    void loadPeople();
    void searchPeople();
    void suggest(const DirectoryAnswer& answer);
    void nameUser();
    QString described(const QString& userId) const;
    void showBlocked();
    void ask(const QString& userId, bool isBlocked);
    void showReport(const Result<BlockReport>& report);
    void refreshButtons();

    AppContext m_context;
    QString m_targetId;
    BlockRequest m_asked; ///< the last one
    PeopleIndexPtr m_people; ///< null while it is read
    DirectorySearcher* m_search;
    QStandardItemModel* m_suggestions;
    QCompleter* m_completer;
    QLineEdit* m_user;
    TextLabel* m_who; ///< whom the id belongs to
    QPushButton* m_block;
    QListWidget* m_blocked;
    QPushButton* m_unblock;
    TextLabel* m_answer;
    std::vector<BlockedUser> m_stored; ///< as in the list
    bool m_isBusy = false;
};

} // namespace portreeve
