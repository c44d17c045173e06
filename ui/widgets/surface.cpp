// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/surface.h"

#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QHBoxLayout>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace portreeve {

void paintSurface(QWidget* widget, const QColor& fill, const QColor& outline)
{
    constexpr qreal halfPixel = 0.5; // hairlines run through pixel centres
    QPainter painter(widget);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    painter.setPen(outline);
    const qreal radius = theme::spacing(1);
    painter.drawRoundedRect(
        QRectF(widget->rect()).adjusted(halfPixel, halfPixel, -halfPixel, -halfPixel), radius,
        radius);
}

Card::Card(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_title(makeHeading(title, this))
    , m_subtitle(makeMutedLabel({}, this))
    , m_header(new QHBoxLayout)
    , m_body(new QVBoxLayout)
{
    m_title->setObjectName(u"cardTitle"_s);
    m_title->setVisible(!title.isEmpty());
    m_subtitle->hide();
    m_header->setSpacing(theme::spacing(2));
    m_header->addWidget(m_title);
    m_header->addStretch(1);
    m_body->setSpacing(theme::spacing(2));

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(
        theme::spacing(4), theme::spacing(3), theme::spacing(4), theme::spacing(4));
    layout->setSpacing(theme::spacing(2));
    layout->addLayout(m_header);
    layout->addWidget(m_subtitle);
    layout->addLayout(m_body, 1);
}

void Card::setTitle(const QString& title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
}

void Card::setSubtitle(const QString& text)
{
    m_subtitle->setText(text);
    m_subtitle->setVisible(!text.isEmpty());
}

void Card::addHeaderWidget(QWidget* widget)
{
    m_header->addWidget(widget);
}

void Card::paintEvent(QPaintEvent* /*event*/)
{
    // On a dark window a card is lighter than it, so that inputs stand out on the card as insets.
    constexpr int lighter = 125;
    const QColor fill = theme::isDark(palette())
        ? palette().color(QPalette::Window).lighter(lighter)
        : palette().color(QPalette::Base);
    paintSurface(this, fill, theme::outline(palette()));
}

} // namespace portreeve
