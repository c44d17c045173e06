// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/theme/theme.h"

#include <QLabel>

#include <optional>

namespace portreeve {

/// Plain text in the colour of a role, kept right when the palette changes. Never rich text, so
/// names from a provider cannot bring markup.
class TextLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit TextLabel(const QString& text = {}, QWidget* parent = nullptr);

    /// Without a role the text has the usual colour.
    void setRole(std::optional<theme::Role> role);

    /// Gives way where a line of it has no room: an ellipsis at the end, all of it in the tooltip.
    /// Without this a long name makes the window as wide as itself.
    void setElided(bool isElided);

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void recolour();
    bool lacksRoom() const;

    std::optional<theme::Role> m_role;
    bool m_recolouring = false;
    bool m_isElided = false;
};

/// Title of a page, largest text on it; elided where it must be, like headings.
TextLabel* makeTitle(const QString& text, QWidget* parent);
/// Title of a card or of a part of a page.
TextLabel* makeHeading(const QString& text, QWidget* parent);
/// Secondary text, wrapped.
TextLabel* makeMutedLabel(const QString& text, QWidget* parent);
/// Usual text, wrapped, selectable by mouse.
TextLabel* makeTextLabel(const QString& text, QWidget* parent);

} // namespace portreeve
