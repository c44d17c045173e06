// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncplan.h"

#include <QWidget>

class QGridLayout;

namespace portreeve {

class TextLabel;

/// The numbers of a plan: users, groups and memberships added, changed, removed; then its notes.
class PlanSummary final : public QWidget
{
    Q_OBJECT

public:
    explicit PlanSummary(QWidget* parent);

    void setPlan(const SyncPlan& plan);

private:
    void addRow(int row, const QString& kind, const KindCounts& counts);

    QGridLayout* m_grid;
    TextLabel* m_verdict;
    TextLabel* m_notes;
};

} // namespace portreeve
