// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/textlabel.h"

#include <QEvent>

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
    return label;
}

TextLabel* makeHeading(const QString& text, QWidget* parent)
{
    auto* label = new TextLabel(text, parent);
    scaleFont(label, 1.15, QFont::DemiBold);
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
