// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QColor>
#include <QFrame>

class QHBoxLayout;
class QVBoxLayout;

namespace portreeve {

class TextLabel;

/// Fills @p widget with a rounded box. Called from its paintEvent.
void paintSurface(QWidget* widget, const QColor& fill, const QColor& outline);

/// A titled box on a page. Put widgets into body().
class Card final : public QFrame
{
    Q_OBJECT

public:
    /// Without a title the card starts with its body.
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSubtitle(const QString& text); ///< muted line under the title

    /// A widget at the right end of the title line, e.g. a badge or a button.
    void addHeaderWidget(QWidget* widget);

    QVBoxLayout* body() const { return m_body; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    TextLabel* m_title;
    TextLabel* m_subtitle;
    QHBoxLayout* m_header;
    QVBoxLayout* m_body;
};

} // namespace portreeve
