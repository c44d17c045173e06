// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/settings/connection.h"
#include "ui/theme/theme.h"

#include <QIcon>
#include <QWidget>

namespace portreeve {

/// The state in one or two words, as every list and card says it.
QString connectionStateText(ConnectionState state);
theme::Role connectionStateRole(ConnectionState state);

/// A shape that differs by kind of state (disc, ring, triangle, octagon, bars), in the role's
/// colour.
QIcon connectionStateIcon(ConnectionState state);

/// Badness for "worst state first": 0 is healthy.
int connectionStateSeverity(ConnectionState state);

/// Shape and word for a connection's state.
class StatusBadge final : public QWidget
{
    Q_OBJECT

public:
    explicit StatusBadge(QWidget* parent = nullptr);

    void setState(ConnectionState state);

    /// Any other state in the same dress.
    void setStatus(const QString& iconName, theme::Role role, const QString& text);

    QString text() const { return m_text; }

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QIcon m_icon;
    QString m_text;
    theme::Role m_role = theme::Role::Muted;
};

} // namespace portreeve
