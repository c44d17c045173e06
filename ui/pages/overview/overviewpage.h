// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/appcontext.h"
#include "ui/pages/page.h"

#include <QTimer>

#include <stop_token>
#include <vector>

class QGridLayout;
class QScrollArea;
class QStackedWidget;

namespace portreeve {

namespace devices {
struct PreapprovedLinks;
}
class ConnectionCard;
class FirstRunPanel;
class MessageBar;
class RecentRuns;
class TargetCard;
class TextLabel;

/// How things stand: a card for each connection, the worst first, then one for each proxy, then the
/// newest runs. Before there is a connection: first run.
class OverviewPage final : public Page
{
    Q_OBJECT

public:
    OverviewPage(const AppContext& context, QWidget* parent);
    ~OverviewPage() override;

    void activate() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildCards();
    void refresh();
    void refreshCards();
    void refreshTargets();
    void arrangeCards();
    void refreshSummary();
    void askLinks();
    void showLinks(const devices::PreapprovedLinks& links);

    AppContext m_context;
    QStackedWidget* m_stack;
    FirstRunPanel* m_firstRun;
    MessageBar* m_error;
    MessageBar* m_links;
    QString m_linksText; // once put away it stays away until it says something else
    TextLabel* m_summary;
    QScrollArea* m_scroll;
    QWidget* m_content;
    QGridLayout* m_grid;
    RecentRuns* m_recent;
    std::vector<ConnectionCard*> m_cards;
    std::vector<TargetCard*> m_targetCards;
    QTimer m_minute; // keeps "5 minutes ago" true
    std::stop_source m_stop; // of what a proxy is asked
    int m_columns = 0;
};

} // namespace portreeve
