// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/policies/policytextview.h"

#include "ui/models/policydocument.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QFontDatabase>
#include <QPainter>
#include <QRegularExpression>
#include <QTextBlock>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

void PolicyHighlighter::setPalette(const QPalette& palette)
{
    m_palette = palette;
    rehighlight();
}

void PolicyHighlighter::highlightBlock(const QString& text)
{
    static const QRegularExpression kKey(
        u"^[\\s-]*([A-Za-z0-9_./:-]+|\"[^\"]*\")(?=\\s*:(\\s|$))"_s);
    static const QRegularExpression kString(u"\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'"_s);
    static const QRegularExpression kComment(u"(^|\\s)#.*$"_s);
    const auto paint = [&](const QRegularExpression& form, theme::Role role, int group) {
        QTextCharFormat format;
        format.setForeground(theme::color(role, m_palette));
        auto matches = form.globalMatch(text);
        while (matches.hasNext()) {
            const auto match = matches.next();
            setFormat(static_cast<int>(match.capturedStart(group)),
                static_cast<int>(match.capturedLength(group)), format);
        }
    };
    paint(kString, theme::Role::Success, 0);
    paint(kKey, theme::Role::Accent, 1);
    paint(kComment, theme::Role::Muted, 0);
}

class PolicyTextView::Margin final : public QWidget
{
public:
    explicit Margin(PolicyTextView* view)
        : QWidget(view)
        , m_view(view)
    {
    }

protected:
    void paintEvent(QPaintEvent* event) override { m_view->paintMargin(event); }

private:
    PolicyTextView* m_view;
};

PolicyTextView::PolicyTextView(PolicyDocument& document, QWidget* parent)
    : QPlainTextEdit(parent)
    , m_policyDocument(document)
{
    setObjectName(u"policyText"_s);
    setAccessibleName(tr("Policy text"));
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(NoWrap);
    setTabChangesFocus(true); // the language forbids tabs
    setPlaceholderText(tr("- allow:\n    or:\n      - domain:\n          is: \"example.com\""));
    m_highlighter = new PolicyHighlighter(this->document());
    m_highlighter->setPalette(palette());
    m_margin = new Margin(this);
    connect(this, &QPlainTextEdit::blockCountChanged, this, &PolicyTextView::layOutMargin);
    connect(this, &QPlainTextEdit::updateRequest, m_margin, [this](const QRect& area, int dy) {
        if (dy != 0) {
            m_margin->scroll(0, dy);
        } else {
            m_margin->update(0, area.y(), m_margin->width(), area.height());
        }
    });
    connect(this, &QPlainTextEdit::textChanged, &m_policyDocument,
        [this] { m_policyDocument.editText(toPlainText()); });
    connect(&m_policyDocument, &PolicyDocument::textRewritten, this, &PolicyTextView::takeText);
    connect(
        &m_policyDocument, &PolicyDocument::stateChanged, m_margin, qOverload<>(&QWidget::update));
    takeText();
    layOutMargin();
}

void PolicyTextView::takeText()
{
    const QString text = m_policyDocument.text();
    if (toPlainText() == text) {
        return;
    }
    // Through a cursor, so that the text's own undo goes back over builder edits too.
    const int position = textCursor().position();
    QTextCursor all(document());
    all.select(QTextCursor::Document);
    all.insertText(text);
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(text.size())));
    setTextCursor(cursor);
}

void PolicyTextView::jumpTo(policy::Position at)
{
    const QTextBlock block = document()->findBlockByNumber(at.line - 1);
    if (!block.isValid()) {
        return;
    }
    QTextCursor cursor(block);
    cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor,
        std::clamp(at.column - 1, 0, static_cast<int>(block.text().size())));
    setTextCursor(cursor);
    centerCursor();
    setFocus(Qt::OtherFocusReason);
}

int PolicyTextView::marginWidth() const
{
    const int digits = static_cast<int>(QString::number(blockCount()).size());
    return fontMetrics().horizontalAdvance(u'9') * (std::max(2, digits) + 2) + theme::spacing(1);
}

void PolicyTextView::layOutMargin()
{
    setViewportMargins(marginWidth(), 0, 0, 0);
    const QRect area = contentsRect();
    m_margin->setGeometry(area.left(), area.top(), marginWidth(), area.height());
}

void PolicyTextView::paintMargin(QPaintEvent* event)
{
    QPainter painter(m_margin);
    painter.fillRect(event->rect(), palette().color(QPalette::AlternateBase));
    painter.setFont(font());
    const int height = fontMetrics().height();
    const int mark = fontMetrics().horizontalAdvance(u'9');
    QTextBlock block = firstVisibleBlock();
    qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const int line = block.blockNumber() + 1;
        const auto& all = m_policyDocument.diagnostics();
        const auto found = std::find_if(all.begin(), all.end(),
            [line](const policy::Diagnostic& finding) { return finding.at.line == line; });
        theme::Role role = theme::Role::Muted;
        if (found != all.end()) {
            role = found->severity == policy::Severity::Error ? theme::Role::Error
                                                              : theme::Role::Warning;
        }
        painter.setPen(theme::color(role, palette()));
        const QRectF place(0, top, m_margin->width() - mark / 2.0, height);
        painter.drawText(place, Qt::AlignRight, QString::number(line));
        if (found != all.end()) {
            painter.drawText(QRectF(0, top, mark * 2, height), Qt::AlignHCenter, u"!"_s);
        }
        top += blockBoundingRect(block).height();
        block = block.next();
    }
}

void PolicyTextView::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    layOutMargin();
}

void PolicyTextView::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_highlighter->setPalette(palette());
    }
}

} // namespace portreeve
