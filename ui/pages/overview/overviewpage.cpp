// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/overview/overviewpage.h"

#include "ui/models/connectionwatch.h"
#include "ui/pages/firstrun/firstrunpanel.h"
#include "ui/pages/overview/connectioncard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/taborder.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

OverviewPage::OverviewPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_stack(new QStackedWidget(this))
    , m_firstRun(new FirstRunPanel(m_context, this))
    , m_error(new MessageBar(this))
    , m_summary(makeMutedLabel({}, this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget(this))
    , m_grid(new QGridLayout)
{
    buildCards();
    m_stack->addWidget(new QWidget(this)); // until the first answer: neither of the two
    m_stack->addWidget(m_firstRun);
    m_stack->addWidget(m_scroll);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_error);
    layout->addWidget(m_stack, 1);
    connect(m_firstRun, &FirstRunPanel::providerRequested, this,
        [this] { emit navigationRequested(u"providers"_s, u"add"_s); });
    connect(
        &context.connections, &ConnectionWatch::connectionsChanged, this, &OverviewPage::refresh);
    m_minute.setInterval(std::chrono::minutes(1));
    connect(&m_minute, &QTimer::timeout, this, &OverviewPage::refresh);
    m_minute.start();
    refresh();
}

void OverviewPage::buildCards()
{
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_grid->setSpacing(theme::spacing(4));
    auto* layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(
        theme::spacing(5), theme::spacing(4), theme::spacing(5), theme::spacing(5));
    layout->setSpacing(theme::spacing(2));
    layout->addWidget(makeTitle(tr("Overview"), m_content));
    layout->addWidget(m_summary);
    layout->addSpacing(theme::spacing(2));
    layout->addLayout(m_grid);
    layout->addStretch(1);
    m_scroll->setWidget(m_content);
}

void OverviewPage::activate()
{
    m_context.connections.refresh();
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrangeCards();
}

void OverviewPage::refresh()
{
    const ConnectionWatch& watch = m_context.connections;
    if (watch.error()) {
        m_error->showError(*watch.error());
    } else if (watch.isLoaded()) {
        m_error->dismiss();
    }
    if (!watch.isLoaded() || (watch.error() && watch.connections().empty())) {
        m_stack->setCurrentIndex(0);
        return;
    }
    m_stack->setCurrentWidget(
        watch.connections().empty() ? static_cast<QWidget*>(m_firstRun) : m_scroll);

    std::vector<const Connection*> sorted;
    for (const auto& connection : watch.connections()) {
        sorted.push_back(&connection);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
        return connectionStateSeverity(a->state) > connectionStateSeverity(b->state);
    });
    std::vector<QString> order;
    for (const auto* connection : sorted) {
        order.push_back(connection->id);
    }
    rebuildCards(order);
    refreshSummary();
}

void OverviewPage::rebuildCards(const std::vector<QString>& order)
{
    const bool isSame = std::equal(order.begin(), order.end(), m_cards.begin(), m_cards.end(),
        [](const QString& id, const ConnectionCard* card) { return card->connectionId() == id; });
    if (isSame) {
        for (auto* card : m_cards) {
            card->refresh();
        }
        return;
    }
    qDeleteAll(m_cards);
    m_cards.clear();
    for (const QString& id : order) {
        auto* card = new ConnectionCard(m_context, id, m_content);
        connect(card, &ConnectionCard::openRequested, this, [this](const QString& opened) {
            emit navigationRequested(u"providers"_s, u"connection:"_s + opened);
        });
        connect(card, &ConnectionCard::reviewRequested, this, [this](const QString& held) {
            emit navigationRequested(u"changes"_s, u"plan:"_s + held);
        });
        connect(card, &ConnectionCard::directoryRequested, this, [this](const QString& shown) {
            emit navigationRequested(u"directory"_s, u"connection:"_s + shown);
        });
        m_cards.push_back(card);
    }
    m_columns = 0;
    arrangeCards();
}

void OverviewPage::arrangeCards()
{
    const int cardWidth = fontMetrics().averageCharWidth() * 68;
    const int columns = std::clamp(width() / std::max(cardWidth, 1), 1, 3);
    if (columns == m_columns) {
        return;
    }
    m_columns = columns;
    for (auto* card : m_cards) {
        m_grid->removeWidget(card);
    }
    int place = 0;
    for (auto* card : m_cards) {
        m_grid->addWidget(card, place / columns, place % columns);
        ++place;
    }
    for (int column = 0; column < 3; ++column) {
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    }
    followLayout(*this);
}

void OverviewPage::refreshSummary()
{
    const auto& all = m_context.connections.connections();
    std::int64_t users = 0;
    std::int64_t groups = 0;
    int needing = 0;
    for (const auto& connection : all) {
        const auto counts = m_context.connections.counts(connection.id);
        users += counts ? counts->users : 0;
        groups += counts ? counts->groups : 0;
        needing += connectionStateSeverity(connection.state) > 1 ? 1 : 0;
    }
    const QString numbers = tr("%1 users and %2 groups from %n identity provider(s).", nullptr,
        static_cast<int>(all.size()))
                                .arg(countText(users), countText(groups));
    const QString state
        = needing == 0 ? tr("Nothing needs you.") : tr("%n of them need(s) you.", nullptr, needing);
    m_summary->setText(numbers + u' ' + state);
}

} // namespace portreeve
