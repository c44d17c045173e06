// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/statusbadge.h"

#include "ui/widgets/announce.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString iconNameOf(ConnectionState state)
{
    switch (state) {
    case ConnectionState::Draft:
        return u"state-empty"_s;
    case ConnectionState::Verified:
    case ConnectionState::Idle:
        return u"state-full"_s;
    case ConnectionState::Verifying:
    case ConnectionState::Syncing:
        return u"state-half"_s;
    case ConnectionState::BackingOff:
    case ConnectionState::Stale:
        return u"warning"_s;
    case ConnectionState::Held:
        return u"held"_s;
    case ConnectionState::NeedsAttention:
        return u"error"_s;
    case ConnectionState::Paused:
    case ConnectionState::Disabled:
        return u"pause"_s;
    }
    return {};
}

} // namespace

QString connectionStateText(ConnectionState state)
{
    const auto text
        = [](const char* source) { return QCoreApplication::translate("ConnectionState", source); };
    switch (state) {
    case ConnectionState::Draft:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Draft"));
    case ConnectionState::Verifying:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Testing"));
    case ConnectionState::Verified:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Tested"));
    case ConnectionState::Idle:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Up to date"));
    case ConnectionState::Syncing:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Syncing"));
    case ConnectionState::BackingOff:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Retrying"));
    case ConnectionState::Held:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Held"));
    case ConnectionState::NeedsAttention:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Needs attention"));
    case ConnectionState::Stale:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Out of date"));
    case ConnectionState::Paused:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Paused"));
    case ConnectionState::Disabled:
        return text(QT_TRANSLATE_NOOP("ConnectionState", "Disabled"));
    }
    return {};
}

theme::Role connectionStateRole(ConnectionState state)
{
    switch (state) {
    case ConnectionState::Idle:
        return theme::Role::Success;
    case ConnectionState::Verifying:
    case ConnectionState::Verified:
    case ConnectionState::Syncing:
        return theme::Role::Accent;
    case ConnectionState::BackingOff:
        return theme::Role::Warning;
    case ConnectionState::Held:
        return theme::Role::Held;
    case ConnectionState::NeedsAttention:
    case ConnectionState::Stale:
        return theme::Role::Error;
    case ConnectionState::Draft:
    case ConnectionState::Paused:
    case ConnectionState::Disabled:
        return theme::Role::Muted;
    }
    return theme::Role::Muted;
}

QIcon connectionStateIcon(ConnectionState state)
{
    return theme::icon(iconNameOf(state), connectionStateRole(state));
}

int connectionStateSeverity(ConnectionState state)
{
    switch (state) {
    case ConnectionState::NeedsAttention:
        return 5;
    case ConnectionState::Stale:
        return 4;
    case ConnectionState::Held:
        return 3;
    case ConnectionState::BackingOff:
        return 2;
    case ConnectionState::Draft:
    case ConnectionState::Verified:
    case ConnectionState::Paused:
    case ConnectionState::Disabled:
        return 1;
    case ConnectionState::Verifying:
    case ConnectionState::Idle:
    case ConnectionState::Syncing:
        return 0;
    }
    return 0;
}

StatusBadge::StatusBadge(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(u"statusBadge"_s);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusBadge::setState(ConnectionState state)
{
    setStatus(iconNameOf(state), connectionStateRole(state), connectionStateText(state));
}

void StatusBadge::setStatus(const QString& iconName, theme::Role role, const QString& text)
{
    const bool changed = text != m_text;
    m_icon = theme::icon(iconName, role);
    m_role = role;
    m_text = text;
    updateGeometry();
    update();
    if (changed) {
        announce(this, text);
    }
}

QSize StatusBadge::sizeHint() const
{
    const int text = fontMetrics().horizontalAdvance(m_text);
    return { theme::iconExtent(1.0) + text + theme::spacing(5),
        fontMetrics().height() + theme::spacing(1) };
}

void StatusBadge::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::tint(m_role, palette()));
    const qreal radius = height() / 2.0;
    painter.drawRoundedRect(rect(), radius, radius);

    const int extent = theme::iconExtent(1.0);
    const int margin = theme::spacing(2);
    const QRect iconRect(margin, (height() - extent) / 2, extent, extent);
    const QRect textRect = rect().adjusted(margin + extent + theme::spacing(1), 0, -margin, 0);
    m_icon.paint(&painter, QStyle::visualRect(layoutDirection(), rect(), iconRect));
    painter.setPen(theme::color(m_role, palette()));
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), textRect),
        Qt::AlignVCenter | Qt::AlignLeading, m_text);
}

} // namespace portreeve
