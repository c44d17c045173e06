// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/textlabel.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

#include <algorithm>

namespace portreeve {

namespace {

void scaleFont(QWidget* widget, qreal factor, QFont::Weight weight)
{
    QFont font = widget->font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setWeight(weight);
    widget->setFont(font);
}

} // namespace

TextLabel::TextLabel(const QString& text, QWidget* parent)
    : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
}

void TextLabel::setRole(std::optional<theme::Role> role)
{
    m_role = role;
    recolour();
}

void TextLabel::setElided(bool isElided)
{
    m_isElided = isElided;
    updateGeometry();
    update();
}

QSize TextLabel::minimumSizeHint() const
{
    constexpr int leastChars = 6;
    QSize least = QLabel::minimumSizeHint();
    if (m_isElided && !wordWrap()) {
        least.setWidth(std::min(least.width(), fontMetrics().averageCharWidth() * leastChars));
    }
    return least;
}

bool TextLabel::lacksRoom() const
{
    return m_isElided && !wordWrap()
        && fontMetrics().horizontalAdvance(text()) > contentsRect().width();
}

bool TextLabel::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && lacksRoom()) {
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text(), this);
        return true;
    }
    return QLabel::event(event);
}

void TextLabel::paintEvent(QPaintEvent* event)
{
    if (!lacksRoom()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
    style()->drawItemText(&painter, contentsRect(),
        static_cast<int>(QStyle::visualAlignment(layoutDirection(), alignment())), palette(),
        isEnabled(), shown, foregroundRole());
}

void TextLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange
        || event->type() == QEvent::PaletteChange) {
        recolour();
    }
}

void TextLabel::recolour()
{
    if (m_recolouring) {
        return;
    }
    m_recolouring = true; // setPalette() comes back as PaletteChange
    QPalette own;
    if (m_role) {
        own.setColor(QPalette::WindowText, theme::color(*m_role, QPalette()));
    }
    setPalette(own);
    m_recolouring = false;
}

TextLabel* makeTitle(const QString& text, QWidget* parent)
{
    auto* label = new TextLabel(text, parent);
    scaleFont(label, 1.5, QFont::DemiBold);
    label->setElided(true);
    return label;
}

TextLabel* makeHeading(const QString& text, QWidget* parent)
{
    auto* label = new TextLabel(text, parent);
    scaleFont(label, 1.15, QFont::DemiBold);
    label->setElided(true);
    return label;
}

TextLabel* makeMutedLabel(const QString& text, QWidget* parent)
{
    auto* label = new TextLabel(text, parent);
    label->setRole(theme::Role::Muted);
    label->setWordWrap(true);
    return label;
}

TextLabel* makeTextLabel(const QString& text, QWidget* parent)
{
    auto* label = new TextLabel(text, parent);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace portreeve
