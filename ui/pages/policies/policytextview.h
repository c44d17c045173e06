// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/policy/parser.h"

#include <QPlainTextEdit>
#include <QSyntaxHighlighter>

namespace portreeve {

class PolicyDocument;

/// Keys, values and comments of policy text in different colours.
class PolicyHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

    void setPalette(const QPalette& palette);

protected:
    void highlightBlock(const QString& text) override;

private:
    QPalette m_palette;
};

/// The policy as text, with line numbers; lines with findings are marked in the margin. Follows
/// its document both ways.
class PolicyTextView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    PolicyTextView(PolicyDocument& document, QWidget* parent);

    /// @param at  counted from 1; a line of 0 does nothing
    void jumpTo(policy::Position at);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Margin;

    int marginWidth() const;
    void layOutMargin();
    void paintMargin(QPaintEvent* event);
    void takeText();

    PolicyDocument& m_policyDocument;
    PolicyHighlighter* m_highlighter = nullptr;
    QWidget* m_margin = nullptr;
};

} // namespace portreeve
