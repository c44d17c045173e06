// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "ui/models/appcontext.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>

class QLineEdit;
class QListWidget;
class QPushButton;

namespace portreeve {

class TextLabel;

/// "Block now": locks somebody out of every managed route of a target at once, and lets them in
/// again.
class BlockDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    BlockDialog(const AppContext& context, const QString& targetId, QWidget* parent);

private:
    void load();
    void take(const std::vector<BlockedUser>& blocked);
    void ask(const QString& userId, bool isBlocked);
    void showReport(const Result<BlockReport>& report);
    void refreshButtons();

    AppContext m_context;
    QString m_targetId;
    BlockRequest m_asked; ///< the last one
    QLineEdit* m_user;
    QPushButton* m_block;
    QListWidget* m_blocked;
    QPushButton* m_unblock;
    TextLabel* m_answer;
    bool m_isBusy = false;
};

} // namespace portreeve
