// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/pages/page.h"

class QSplitter;
class QStackedWidget;

namespace portreeve {

class ConnectionView;
class EmptyState;
class SetUpWizard;
class StateList;

/// Identity providers: the list, one connection beside it, and the wizard that adds one.
class ProvidersPage final : public Page
{
    Q_OBJECT

public:
    ProvidersPage(const AppContext& context, QWidget* parent);

    void activate() override;
    /// "connection:<id>" or "add"
    void open(const QString& target) override;
    bool hasUnsavedChanges() const override;
    QString unsavedName() const override;
    void saveChanges(const std::function<void(bool)>& done) override;
    void discardChanges() override;

private:
    QWidget* buildList();
    void connectParts();
    void refreshList();
    void refresh();
    void select(const QString& connectionId);
    void startWizard();
    void resumeWizard(const QString& connectionId);

    AppContext m_context;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QSplitter* m_splitter;
    StateList* m_list;
    ConnectionView* m_view;
    SetUpWizard* m_wizard;
    QString m_wanted; // a connection to select once it is loaded
    bool m_inWizard = false;
};

} // namespace portreeve
