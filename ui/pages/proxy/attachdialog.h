// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "ui/models/appcontext.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>

class QComboBox;
class QPushButton;

namespace portreeve {

class TextLabel;

/// Picks a route of somebody else, out of what the proxy holds now, and a policy of ours for it.
class AttachDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    AttachDialog(const AppContext& context, const QString& targetId, QWidget* parent);

private:
    void loadPolicies();
    void takeRoutes(const Result<std::vector<ForeignRoute>>& routes);
    void takeAnswer(const Result<AttachedPolicy>& answer);
    void attach();
    void say(const QString& text, bool isError);
    void refreshButtons();

    AppContext m_context;
    QString m_targetId;
    QComboBox* m_route;
    QComboBox* m_policy;
    QPushButton* m_attach;
    TextLabel* m_answer;
    bool m_isBusy = false;
};

} // namespace portreeve
