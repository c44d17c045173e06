// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/deviceboard.h"
#include "ui/pages/page.h"

class QAction;
class QComboBox;
class QPushButton;
class QStackedWidget;

namespace portreeve {

class DevicesModel;
class EmptyState;
class MessageBar;
class SearchEdit;
class TableView;
class TextLabel;

/// Devices of one proxy: who enrolled what, approving and revoking, and the links that let people
/// enroll.
class DevicesPage final : public Page
{
    Q_OBJECT

public:
    DevicesPage(const AppContext& context, QWidget* parent);

    void activate() override;
    /// "target:<id>" or "add"
    void open(const QString& target) override;
    QWidget* searchField() const override;

protected:
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildBar();
    QWidget* buildActions();
    void connectActions();
    void connectBoard();
    void fillTargets();
    void chooseTarget();
    void refresh();
    void refreshButtons();
    void refreshStatuses();
    void showState();
    void showAway();
    void showDetails();
    void newEnrollment();
    void askRevoke();
    void askHousekeeping();
    void showRecords(const Result<QJsonArray>& records);
    void tellApproved(const Result<devices::ApprovalReport>& report);
    void tellRevoked(const std::vector<devices::RevokeReport>& reports);
    std::vector<const devices::DeviceRow*> selected() const;
    Result<TargetOptions> options() const;
    bool isConsole() const; ///< Enterprise's console keeps the devices of the target
    bool mayWrite() const;
    bool isReadOnly() const;

    AppContext m_context;
    DeviceBoard* m_board;
    DevicesModel* m_model;
    QComboBox* m_target;
    SearchEdit* m_search;
    QComboBox* m_status;
    MessageBar* m_message;
    QString m_awayText;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    TableView* m_table;
    TextLabel* m_details;
    QPushButton* m_records;
    QPushButton* m_new;
    QPushButton* m_approve;
    QPushButton* m_undo;
    QPushButton* m_revoke;
    QPushButton* m_copy;
    QPushButton* m_renew;
    QPushButton* m_recreate; ///< there while a link is lost
    QPushButton* m_clean;
    QPushButton* m_export;
};

} // namespace portreeve
