// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/pages/page.h"
#include "ui/widgets/confirmdialog.h"

class QSplitter;
class QStackedWidget;

namespace portreeve {

class EmptyState;
class StateList;
class TargetView;

/// The proxies we deliver to: the list, and one of them beside it.
class ProxyPage final : public Page
{
    Q_OBJECT

public:
    ProxyPage(const AppContext& context, QWidget* parent);

    void activate() override;
    /// "target:<id>" or "add"
    void open(const QString& target) override;
    bool hasUnsavedChanges() const override;
    QString unsavedName() const override;
    void saveChanges(const std::function<void(bool)>& done) override;
    void discardChanges() override;

private:
    QWidget* buildList();
    void refresh();
    void refreshList();
    void select(const QString& targetId);
    void leaveFor(const QString& targetId, ConfirmDialog::Answer answer);
    void startNew();

    AppContext m_context;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QSplitter* m_splitter;
    StateList* m_list;
    TargetView* m_view;
    QString m_wanted; // a target to select once it is loaded
};

} // namespace portreeve
