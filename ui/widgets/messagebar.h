// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/theme/theme.h"

#include <QFrame>

#include <functional>
#include <vector>

class QHBoxLayout;
class QToolButton;

namespace portreeve {

struct Error;
class IconLabel;
class TextLabel;

/// Inline banner above a page's content, instead of a message box. Stays until it is dismissed or
/// replaced, so an Undo on it can be reached without haste. Read out by screen readers.
class MessageBar final : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Info, Success, Warning, Error };

    struct Action
    {
        QString text {};
        std::function<void()> trigger {}; ///< the bar hides before it runs
    };

    explicit MessageBar(QWidget* parent = nullptr);

    void showMessage(Kind kind, const QString& text, std::vector<Action> actions = {});

    /// Sentence and remedy, with "Copy details" for the rest.
    void showError(const Error& error, std::vector<Action> actions = {});

    void dismiss();
    QString text() const;

signals:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void setActions(std::vector<Action> actions);

    Kind m_kind = Kind::Info;
    IconLabel* m_icon;
    TextLabel* m_text;
    QHBoxLayout* m_actions;
    QToolButton* m_close;
};

} // namespace portreeve
