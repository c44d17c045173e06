// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/overview/overviewpage.h"

#include "core/devices/preapproved.h"
#include "ui/models/connectionwatch.h"
#include "ui/models/targetboard.h"
#include "ui/models/targettext.h"
#include "ui/pages/firstrun/firstrunpanel.h"
#include "ui/pages/overview/connectioncard.h"
#include "ui/pages/overview/recentruns.h"
#include "ui/pages/overview/targetcard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString cardId(const ConnectionCard& card)
{
    return card.connectionId();
}

QString cardId(const TargetCard& card)
{
    return card.targetId();
}

/// The ids of @p all, the worst of them first, else in their own order.
template <typename Item, typename Severity>
std::vector<QString> worstFirst(const std::vector<Item>& all, Severity severity)
{
    std::vector<const Item*> sorted;
    sorted.reserve(all.size());
    for (const Item& item : all) {
        sorted.push_back(&item);
    }
    std::stable_sort(sorted.begin(), sorted.end(),
        [severity](const Item* a, const Item* b) { return severity(*a) > severity(*b); });
    std::vector<QString> ids;
    std::transform(sorted.begin(), sorted.end(), std::back_inserter(ids),
        [](const Item* item) { return item->id; });
    return ids;
}

/// Refreshes @p cards if they are those of @p order. @return whether they are
template <typename CardType>
bool refreshKept(const std::vector<QString>& order, const std::vector<CardType*>& cards)
{
    const bool isSame = std::equal(order.begin(), order.end(), cards.begin(), cards.end(),
        [](const QString& id, const CardType* card) { return cardId(*card) == id; });
    if (isSame) {
        for (auto* card : cards) {
            card->refresh();
        }
    }
    return isSame;
}

} // namespace

OverviewPage::OverviewPage(const AppContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_stack(new QStackedWidget(this))
    , m_firstRun(new FirstRunPanel(m_context, this))
    , m_error(new MessageBar(this))
    , m_links(new MessageBar(this))
    , m_summary(makeMutedLabel({}, this))
    , m_scroll(new QScrollArea(this))
    , m_content(new QWidget(this))
    , m_grid(new QGridLayout)
    , m_recent(new RecentRuns(m_context, m_content))
{
    buildCards();
    m_stack->addWidget(new QWidget(this)); // until the first answer: neither of the two
    m_stack->addWidget(m_firstRun);
    m_stack->addWidget(m_scroll);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_error);
    layout->addWidget(m_links);
    layout->addWidget(m_stack, 1);
    connect(m_firstRun, &FirstRunPanel::providerRequested, this,
        [this] { emit navigationRequested(u"providers"_s, u"add"_s); });
    connect(
        &context.connections, &ConnectionWatch::connectionsChanged, this, &OverviewPage::refresh);
    connect(&context.targets, &TargetBoard::targetsChanged, this, [this] {
        refreshTargets();
        refreshSummary();
    });
    connect(m_recent, &RecentRuns::historyRequested, this,
        [this] { emit navigationRequested(u"history"_s, {}); });
    connect(m_recent, &RecentRuns::runRequested, this, [this](std::int64_t runId) {
        emit navigationRequested(u"history"_s, u"run:"_s + QString::number(runId));
    });
    m_minute.setInterval(std::chrono::minutes(1));
    connect(&m_minute, &QTimer::timeout, this, &OverviewPage::refresh);
    m_minute.start();
    refresh();
}

OverviewPage::~OverviewPage()
{
    m_stop.request_stop();
}

void OverviewPage::buildCards()
{
    m_summary->setObjectName(u"overviewSummary"_s);
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
    layout->addSpacing(theme::spacing(2));
    layout->addWidget(m_recent);
    layout->addStretch(1);
    m_scroll->setWidget(m_content);
}

void OverviewPage::activate()
{
    m_context.connections.refresh();
    askLinks();
}

void OverviewPage::askLinks()
{
    using Found = Result<devices::PreapprovedLinks>;
    m_context.proxyStore
        .run([&secrets = m_context.secrets, &clock = m_context.clock, stop = m_stop.get_token()](
                 Store& store) { return devices::preapprovedLinks(store, secrets, clock, stop); })
        .then(this, [this](const Found& found) {
            if (found) { // a store that cannot be read is told of by the connections already
                showLinks(*found);
            }
        });
}

void OverviewPage::showLinks(const devices::PreapprovedLinks& links)
{
    QStringList parts;
    if (links.waiting > 0) {
        parts << tr(
            "%n device link(s) approved beforehand wait(s) to be used.", nullptr, links.waiting);
    }
    if (links.unsure > 0) {
        parts << tr("%n device link(s) approved beforehand may be unused: the proxy does not say.",
            nullptr, links.unsure);
    }
    if (links.firstEnd) {
        parts << tr("The first ends %1.").arg(shortTime(*links.firstEnd, m_context.clock.nowUtc()));
    }
    const QString text = parts.join(u' ');
    if (text.isEmpty()) {
        m_links->dismiss();
    } else if (text != m_linksText) {
        m_links->showMessage(MessageBar::Kind::Info, text,
            { { .text = tr("Show &devices"),
                .trigger = [this] { emit navigationRequested(u"devices"_s, {}); } } });
    }
    m_linksText = text;
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

    refreshCards();
    refreshTargets();
    refreshSummary();
    if (isVisible()) {
        m_recent->refresh();
    }
}

void OverviewPage::refreshCards()
{
    const auto order = worstFirst(m_context.connections.connections(),
        [](const auto& c) { return connectionStateSeverity(c.state); });
    if (refreshKept(order, m_cards)) {
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

void OverviewPage::refreshTargets()
{
    const auto order = worstFirst(
        m_context.targets.targets(), [](const auto& t) { return targetStateSeverity(t.state); });
    if (refreshKept(order, m_targetCards)) {
        return;
    }
    qDeleteAll(m_targetCards);
    m_targetCards.clear();
    for (const QString& id : order) {
        auto* card = new TargetCard(m_context, id, m_content);
        connect(card, &TargetCard::openRequested, this, [this](const QString& opened) {
            emit navigationRequested(u"proxy"_s, u"target:"_s + opened);
        });
        m_targetCards.push_back(card);
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
    std::vector<QWidget*> cards(m_cards.begin(), m_cards.end());
    cards.insert(cards.end(), m_targetCards.begin(), m_targetCards.end());
    int place = 0;
    for (QWidget* card : cards) {
        m_grid->removeWidget(card);
        m_grid->addWidget(card, place / columns, place % columns);
        ++place;
    }
    for (int column = 0; column < 3; ++column) {
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    }
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
    const auto& targets = m_context.targets.targets();
    for (const ProxyTarget& target : targets) {
        needing += targetStateSeverity(target.state) > 1 ? 1 : 0;
    }
    QStringList parts { tr("%1 users and %2 groups from %n identity provider(s).", nullptr,
        static_cast<int>(all.size()))
            .arg(countText(users), countText(groups)) };
    if (!targets.empty()) {
        parts << tr("%n proxy(ies).", nullptr, static_cast<int>(targets.size()));
    }
    parts << (needing == 0 ? tr("Nothing needs you.")
                           : tr("%n of them need(s) you.", nullptr, needing));
    m_summary->setText(parts.join(u' '));
}

} // namespace portreeve
