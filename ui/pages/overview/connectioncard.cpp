// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/overview/connectioncard.h"

#include "core/connectors/registry.h"
#include "ui/models/connectionwatch.h"
#include "ui/widgets/progressstrip.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/surface.h"
#include "ui/widgets/textlabel.h"
#include "ui/widgets/timetext.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

TextLabel* makeNumber(QWidget* parent)
{
    return makeTitle(u"–"_s, parent);
}

} // namespace

ConnectionCard::ConnectionCard(
    const AppContext& context, const QString& connectionId, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_id(connectionId)
    , m_card(new Card(u" "_s, this))
    , m_badge(new StatusBadge(m_card))
    , m_users(makeNumber(m_card))
    , m_groups(makeNumber(m_card))
    , m_last(new TextLabel({}, m_card))
    , m_next(new TextLabel({}, m_card))
    , m_problem(makeTextLabel({}, m_card))
    , m_progress(new ProgressStrip(m_card))
    , m_review(new QPushButton(theme::icon(u"changes"_s), tr("Review"), m_card))
    , m_sync(new QPushButton(theme::icon(u"sync"_s), tr("Sync now"), m_card))
    , m_directory(new QPushButton(theme::icon(u"directory"_s), tr("People"), m_card))
    , m_open(new QPushButton(theme::icon(u"settings"_s), tr("Settings"), m_card))
{
    setObjectName(u"connectionCard"_s);
    m_card->addHeaderWidget(m_badge);
    auto* facts = new QGridLayout;
    facts->setHorizontalSpacing(theme::spacing(6));
    facts->setVerticalSpacing(0);
    facts->addWidget(m_users, 0, 0);
    facts->addWidget(makeMutedLabel(tr("users"), m_card), 1, 0);
    facts->addWidget(m_groups, 0, 1);
    facts->addWidget(makeMutedLabel(tr("groups"), m_card), 1, 1);
    facts->addWidget(m_last, 0, 2, Qt::AlignBottom);
    facts->addWidget(m_next, 1, 2);
    facts->setColumnStretch(2, 1);
    m_next->setRole(theme::Role::Muted);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme::spacing(2));
    for (auto* button : { m_review, m_sync, m_directory, m_open }) {
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    m_card->body()->addLayout(facts);
    m_card->body()->addWidget(m_problem);
    m_card->body()->addWidget(m_progress);
    m_card->body()->addStretch(1);
    m_card->body()->addLayout(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_card);

    connect(m_review, &QPushButton::clicked, this, [this] { emit reviewRequested(m_id); });
    connect(m_sync, &QPushButton::clicked, this, [this] { m_context.sync.sync(m_id); });
    connect(m_directory, &QPushButton::clicked, this, [this] { emit directoryRequested(m_id); });
    connect(m_open, &QPushButton::clicked, this, [this] { emit openRequested(m_id); });
    connect(
        m_progress, &ProgressStrip::cancelRequested, this, [this] { m_context.sync.cancel(m_id); });
    connect(&context.connections, &ConnectionWatch::runChanged, this, [this](const QString& id) {
        if (id == m_id) {
            refresh();
        }
    });
    refresh();
}

void ConnectionCard::refresh()
{
    const Connection* connection = m_context.connections.find(m_id);
    if (connection == nullptr) {
        return;
    }
    const auto now = m_context.clock.nowUtc();
    const auto* connector = findConnector(connection->provider);
    m_card->setTitle(connection->name);
    m_card->setSubtitle(connector != nullptr
            ? QCoreApplication::translate("Connector", connector->name)
            : connection->provider);
    m_badge->setState(m_context.connections.shownState(*connection));
    const auto counts = m_context.connections.counts(m_id);
    m_users->setText(counts ? countText(counts->users) : u"–"_s);
    m_groups->setText(counts ? countText(counts->groups) : u"–"_s);
    if (connection->lastSuccessAt) {
        m_last->setText(tr("Last success %1").arg(relativeTime(*connection->lastSuccessAt, now)));
        m_last->setToolTip(exactTime(*connection->lastSuccessAt));
    } else {
        m_last->setText(tr("Never synced"));
        m_last->setToolTip({});
    }
    m_next->setText(scheduleText(*connection, now, m_context.sync.isPaused()));
    m_next->setToolTip(
        connection->nextAttemptAt ? exactTime(*connection->nextAttemptAt) : QString());
    refreshProblem(*connection);
    refreshProgress(*connection);
    const QString name = connection->name;
    m_review->setAccessibleName(tr("Review %1").arg(name));
    m_sync->setAccessibleName(tr("Sync %1 now").arg(name));
    m_directory->setAccessibleName(tr("People of %1").arg(name));
    m_open->setAccessibleName(tr("Settings of %1").arg(name));
}

void ConnectionCard::refreshProblem(const Connection& connection)
{
    const bool isHeld = connection.state == ConnectionState::Held;
    QString text;
    if (isHeld) {
        text = connection.stateReason.isEmpty() ? tr("Removals wait for your decision.")
                                                : connection.stateReason.translated();
    } else if (connection.lastError) {
        text = connection.lastError->what.translated() + u' '
            + connection.lastError->remedy.translated();
    }
    m_problem->setText(text.trimmed());
    m_problem->setRole(isHeld ? theme::Role::Held : theme::Role::Error);
    m_problem->setVisible(!m_problem->text().isEmpty());
}

void ConnectionCard::refreshProgress(const Connection& connection)
{
    const auto progress = m_context.connections.progress(m_id);
    if (progress && !m_progress->isActive()) {
        m_progress->start(tr("Working"));
    }
    if (progress) {
        m_progress->setProgress(*progress);
    } else {
        m_progress->finish();
    }
    const bool isSetUp = connection.generation > 0;
    m_review->setVisible(connection.state == ConnectionState::Held);
    m_sync->setVisible(isSetUp);
    m_sync->setEnabled(!progress && connection.state != ConnectionState::Disabled);
    m_directory->setVisible(isSetUp);
    m_open->setText(isSetUp || progress ? tr("Settings") : tr("Continue set-up"));
}

} // namespace portreeve
