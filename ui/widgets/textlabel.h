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

protected:
    void changeEvent(QEvent* event) override;

private:
    void recolour();

    std::optional<theme::Role> m_role;
    bool m_recolouring = false;
};

/// Title of a page, largest text on it.
TextLabel* makeTitle(const QString& text, QWidget* parent);
/// Title of a card or of a part of a page.
TextLabel* makeHeading(const QString& text, QWidget* parent);
/// Secondary text, wrapped.
TextLabel* makeMutedLabel(const QString& text, QWidget* parent);
/// Usual text, wrapped, selectable by mouse.
TextLabel* makeTextLabel(const QString& text, QWidget* parent);

} // namespace portreeve
