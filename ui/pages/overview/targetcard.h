// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"

#include <QWidget>

class QPushButton;

namespace portreeve {

class Card;
class StatusBadge;
class TextLabel;
struct ProxyTarget;

/// One proxy on the overview: state, last delivery, what makes the next one, what it needs.
class TargetCard final : public QWidget
{
    Q_OBJECT

public:
    TargetCard(const AppContext& context, const QString& targetId, QWidget* parent);

    QString targetId() const { return m_id; }

    void refresh();

signals:
    void openRequested(const QString& targetId);

private:
    void refreshState(const ProxyTarget& target);
    void refreshFacts(const ProxyTarget& target);

    AppContext m_context;
    QString m_id;
    Card* m_card;
    StatusBadge* m_badge;
    TextLabel* m_last;
    TextLabel* m_next;
    TextLabel* m_problem;
    QPushButton* m_compare;
    QPushButton* m_open;
};

} // namespace portreeve
