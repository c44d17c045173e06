// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/iconlabel.h"

#include <QPainter>

namespace portreeve {

IconLabel::IconLabel(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void IconLabel::setIcon(const QIcon& icon, int extent)
{
    m_icon = icon;
    m_extent = extent;
    updateGeometry();
    update();
}

QSize IconLabel::sizeHint() const
{
    return { m_extent, m_extent };
}

void IconLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect(), Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled);
}

} // namespace portreeve
