// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/shell/statusline.h"

#include "ui/models/appcontext.h"
#include "ui/models/connectionwatch.h"
#include "ui/models/secretwatch.h"
#include "ui/models/targetboard.h"
#include "ui/models/targettext.h"
#include "ui/shell/activitylog.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/timetext.h"

#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

StatusLine::StatusLine(const AppContext& context, const ActivityLog& log, QWidget* parent)
    : QStatusBar(parent)
    , m_context(context)
    , m_log(log)
    , m_secrets(new QToolButton(this))
    , m_connections(new QToolButton(this))
    , m_targets(new QToolButton(this))
    , m_activity(new QToolButton(this))
{
    setObjectName(u"statusLine"_s);
    m_secrets->setObjectName(u"secretsStatus"_s);
    m_connections->setObjectName(u"connectionsStatus"_s);
    m_targets->setObjectName(u"targetsStatus"_s);
    m_activity->setObjectName(u"activityStatus"_s);
    for (auto* button : { m_activity, m_connections, m_targets, m_secrets }) {
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::TabFocus);
        addPermanentWidget(button);
    }
    m_activity->setIcon(theme::icon(u"activity"_s));
    m_activity->setToolTip(tr("Running and recent tasks"));
    connect(m_secrets, &QToolButton::clicked, this, &StatusLine::secretsRequested);
    connect(m_connections, &QToolButton::clicked, this, &StatusLine::connectionsRequested);
    connect(m_targets, &QToolButton::clicked, this, &StatusLine::targetsRequested);
    connect(m_activity, &QToolButton::clicked, this, &StatusLine::activityRequested);
    connect(&context.secretHealth, &SecretWatch::changed, this, &StatusLine::refreshSecrets);
    connect(&context.connections, &ConnectionWatch::connectionsChanged, this,
        &StatusLine::refreshConnections);
    connect(&context.targets, &TargetBoard::targetsChanged, this, &StatusLine::refreshTargets);
    connect(&log, &QAbstractItemModel::dataChanged, this, &StatusLine::refreshActivity);
    connect(&log, &QAbstractItemModel::rowsInserted, this, &StatusLine::refreshActivity);
    refreshSecrets();
    refreshConnections();
    refreshTargets();
    refreshActivity();
}

void StatusLine::refreshSecrets()
{
    const SecretWatch& health = m_context.secretHealth;
    const QString name = health.storeName();
    switch (health.state()) {
    case SecretWatch::State::Unknown:
    case SecretWatch::State::Probing:
        m_secrets->setIcon(theme::icon(u"secret"_s));
        m_secrets->setText(tr("Secrets: %1").arg(name));
        m_secrets->setToolTip(tr("Secrets: %1, being checked").arg(name));
        break;
    case SecretWatch::State::Ready:
        m_secrets->setIcon(theme::icon(u"secret"_s));
        m_secrets->setText(
            health.isKeptUntilQuit() ? tr("Secrets until quit") : tr("Secrets: %1").arg(name));
        m_secrets->setToolTip(health.isKeptUntilQuit()
                ? tr("Secrets are kept in memory until you quit")
                : tr("Secrets are kept in: %1").arg(name));
        break;
    case SecretWatch::State::Failed:
        m_secrets->setIcon(theme::icon(u"warning"_s, theme::Role::Warning));
        m_secrets->setText(tr("No secret store"));
        m_secrets->setToolTip(health.error() ? health.error()->what.translated() : QString());
        break;
    }
    m_secrets->setAccessibleName(m_secrets->toolTip());
}

void StatusLine::refreshConnections()
{
    const auto worst = m_context.connections.worstState();
    m_connections->setVisible(worst.has_value());
    if (!worst) {
        return;
    }
    const auto count = static_cast<int>(m_context.connections.connections().size());
    m_connections->setIcon(connectionStateIcon(*worst));
    m_connections->setText(connectionStateText(*worst));
    m_connections->setToolTip(tr("%n connection(s), the worst state first: %1", nullptr, count)
            .arg(m_connections->text()));
    m_connections->setAccessibleName(m_connections->toolTip());
}

void StatusLine::refreshTargets()
{
    const auto& targets = m_context.targets.targets();
    const auto worst = std::max_element(
        targets.begin(), targets.end(), [](const ProxyTarget& a, const ProxyTarget& b) {
            return targetStateSeverity(a.state) < targetStateSeverity(b.state);
        });
    m_targets->setVisible(worst != targets.end());
    if (worst == targets.end()) {
        return;
    }
    m_targets->setIcon(
        theme::icon(targetStateIconName(worst->state), targetStateRole(worst->state)));
    m_targets->setText(tr("Proxy: %1").arg(targetStateText(worst->state)));
    m_targets->setToolTip(targets.size() == 1
            ? tr("%1: %2").arg(worst->name, targetStateText(worst->state))
            : tr("%n proxy(ies), the worst is %1: %2", nullptr, static_cast<int>(targets.size()))
                  .arg(worst->name, targetStateText(worst->state)));
    m_targets->setAccessibleName(m_targets->toolTip());
}

void StatusLine::refreshActivity()
{
    const int running = m_log.runningCount();
    m_activity->setText(running == 0 ? tr("Idle") : tr("%n running", nullptr, running));
    m_activity->setAccessibleName(tr("Activity: %1").arg(m_activity->text()));
}

} // namespace portreeve
