// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/pages/directory/pathview.h"

#include "ui/theme/theme.h"
#include "ui/widgets/textlabel.h"

#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

PathLine::PathLine(QStringList steps, QWidget* parent)
    : QWidget(parent)
    , m_steps(std::move(steps))
{
    setAccessibleName(m_steps.join(tr(", in ")));
    setToolTip(m_steps.join(u" → "_s));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

std::vector<PathLine::Chip> PathLine::layOut(int width) const
{
    const QFontMetrics metrics = fontMetrics();
    const int padding = theme::spacing(2);
    const int gap = theme::spacing(1);
    const int height = metrics.height() + theme::spacing(1);
    const int arrowWidth = metrics.horizontalAdvance(u"→"_s) + 2 * gap;
    std::vector<Chip> chips;
    int x = 0;
    int y = 0;
    for (qsizetype i = 0; i < m_steps.size(); ++i) {
        const int room = std::max(width - arrowWidth - 2 * padding, height);
        const QString text = metrics.elidedText(m_steps[i], Qt::ElideRight, room);
        const int chipWidth = metrics.horizontalAdvance(text) + 2 * padding;
        const int lead = i == 0 ? 0 : arrowWidth;
        if (x > 0 && x + lead + chipWidth > width) {
            x = 0;
            y += height + gap;
        }
        chips.push_back({ .box = QRect(x + lead, y, chipWidth, height),
            .text = text,
            .arrow = i == 0 ? QPoint() : QPoint(x + gap, y) });
        x += lead + chipWidth;
    }
    return chips;
}

int PathLine::heightForWidth(int width) const
{
    const auto chips = layOut(width);
    return chips.empty() ? 0 : chips.back().box.bottom() + 1;
}

QSize PathLine::sizeHint() const
{
    const int width = fontMetrics().averageCharWidth() * 40;
    return { width, heightForWidth(width) };
}

void PathLine::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor muted = theme::color(theme::Role::Muted, palette());
    const auto chips = layOut(width());
    for (std::size_t i = 0; i < chips.size(); ++i) {
        const Chip& chip = chips[i];
        const bool isEnd = i + 1 == chips.size();
        painter.setPen(theme::outline(palette()));
        painter.setBrush(
            isEnd ? theme::tint(theme::Role::Accent, palette()) : palette().color(QPalette::Base));
        const qreal radius = chip.box.height() / 2.0;
        painter.drawRoundedRect(QRectF(chip.box).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(chip.box, Qt::AlignCenter, chip.text);
        if (i > 0) {
            painter.setPen(muted);
            painter.drawText(
                QRect(chip.arrow, QSize(chip.box.left() - chip.arrow.x(), chip.box.height())),
                Qt::AlignLeft | Qt::AlignVCenter, u"→"_s);
        }
    }
}

PathView::PathView(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(u"paths"_s);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::spacing(2), 0, 0);
    layout->setSpacing(theme::spacing(1));
    m_title = makeHeading({}, this);
    m_title->setWordWrap(true);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setAccessibleName(tr("Paths from the person to the group"));
    layout->addWidget(m_title);
    layout->addWidget(m_scroll, 1);
    constexpr int kLines = 9; // the list above is what is worked in
    setMaximumHeight(fontMetrics().lineSpacing() * kLines);
    clear();
}

void PathView::show(const QString& title, const std::vector<QStringList>& paths)
{
    m_title->setText(title);
    auto* lines = new QWidget;
    auto* layout = new QVBoxLayout(lines);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme::spacing(2));
    for (const QStringList& path : paths) {
        layout->addWidget(new PathLine(path, lines));
    }
    layout->addStretch();
    m_scroll->setWidget(lines);
    setVisible(true);
}

void PathView::clear()
{
    m_title->clear();
    m_scroll->setWidget(new QWidget);
    setVisible(false);
}

int PathView::lineCount() const
{
    return static_cast<int>(m_scroll->widget()->findChildren<PathLine*>().size());
}

} // namespace portreeve
