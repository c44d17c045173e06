// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/changesboard.h"

#include <QThreadPool>
#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace portreeve {

class HeldModel;
class SearchEdit;
class TableView;
class TextLabel;

/// What waits for a person: why, which rows, and the three answers.
class HeldView final : public QWidget
{
    Q_OBJECT

public:
    explicit HeldView(QThreadPool& workers, QWidget* parent = nullptr);

    /// From the stored hold, or from the preview where there is none.
    void show(const ConnectionWork& work, UtcTime now);

    TableView* table() const { return m_table; }

    HeldModel* model() const { return m_model; }

signals:
    void approveRequested(const portreeve::HeldChoice& choice);
    void rejectRequested();

private:
    QWidget* makeButtons();
    void take(HeldRowsView rows);
    void refreshButtons();
    void askToApprove(bool everything);
    void askToReject();

    QThreadPool& m_workers;
    HeldModel* m_model = nullptr;
    TextLabel* m_since = nullptr;
    TextLabel* m_reasons = nullptr;
    TextLabel* m_locked = nullptr;
    SearchEdit* m_search = nullptr;
    TableView* m_table = nullptr;
    QPushButton* m_approveAll = nullptr;
    QPushButton* m_approveSelected = nullptr;
    QPushButton* m_reject = nullptr;
    QString m_connectionName;
    QString m_shownHash;
    std::vector<QString> m_shownProtected;
    bool m_busy = false;
    int m_request = 0;
};

} // namespace portreeve
