// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"

#include <QFrame>

#include <optional>

class QHBoxLayout;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace portreeve {

class IconLabel;
class TextLabel;

/// One sentence, one remedy, details on demand, Copy all. Hidden while there is no error.
class ErrorPanel final : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorPanel(QWidget* parent = nullptr);

    void setError(const std::optional<Error>& error);

    void clear() { setError(std::nullopt); }

    /// Adds a button beside Copy all, e.g. "Open the setting"; shown with every error.
    QPushButton* addButton(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_all;
    IconLabel* m_icon;
    TextLabel* m_what;
    TextLabel* m_remedy;
    QToolButton* m_toggle;
    QPushButton* m_copy;
    QPlainTextEdit* m_details;
    QHBoxLayout* m_buttons;
};

} // namespace portreeve
