// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/settings.h"
#include "ui/models/appcontext.h"
#include "ui/pages/page.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QScrollArea;

namespace portreeve {

class Card;
class ErrorPanel;
class MessageBar;
class StatusBadge;
class TextLabel;

/// Settings of the application as a whole. Each takes effect at once.
class SettingsPage final : public Page
{
    Q_OBJECT

public:
    SettingsPage(const AppContext& context, QWidget* parent);

    void activate() override;
    void open(const QString& target) override; ///< "secrets" or "backup"

private:
    Card* makeAppearance();
    Card* makeSyncing();
    Card* makeAdministrator();
    Card* makeSecrets();
    Card* makeBackup();
    Card* makeChecks();
    Card* makeAbout();
    void refreshSettings();
    void refreshSecrets();
    void saveBackup();
    void chooseRestore();
    void runChecks();

    AppContext m_context;
    MessageBar* m_message;
    QScrollArea* m_scroll;
    QComboBox* m_scheme = nullptr;
    QCheckBox* m_background = nullptr;
    QLineEdit* m_administrator = nullptr;
    std::vector<std::pair<Setting, QCheckBox*>> m_flags;
    Card* m_secrets = nullptr;
    StatusBadge* m_secretState = nullptr;
    TextLabel* m_secretText = nullptr;
    ErrorPanel* m_secretError = nullptr;
    QPushButton* m_untilQuit = nullptr;
    Card* m_backup = nullptr;
    TextLabel* m_checks = nullptr;
    QPushButton* m_runChecks = nullptr;
};

} // namespace portreeve
