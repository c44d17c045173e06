// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/qrview.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace portreeve {

namespace {
constexpr int kQuietZone = 4; // modules
constexpr int kPixels = 3; // of a module: a camera reads no smaller one off a screen
} // namespace

QrView::QrView(QWidget* parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("qrView"));
    setAccessibleName(tr("QR code of the link"));
}

void QrView::setText(const QString& text)
{
    m_matrix = devices::qrMatrix(text);
    updateGeometry();
    update();
}

QSize QrView::sizeHint() const
{
    const int pixels = std::max(kPixels, fontMetrics().height() / 5);
    const int side = (m_matrix.size + 2 * kQuietZone) * pixels;
    return { side, side };
}

/// Not squeezed by what appears beside it.
QSize QrView::minimumSizeHint() const
{
    const int side = (m_matrix.size + 2 * kQuietZone) * kPixels;
    return { side, side };
}

void QrView::paintEvent(QPaintEvent* /*event*/)
{
    if (m_matrix.size == 0) {
        return;
    }
    QPainter painter(this);
    const QPalette light = theme::lightPalette();
    const int count = m_matrix.size + 2 * kQuietZone;
    const int pixels = std::max(1, std::min(width(), height()) / count);
    const int side = pixels * count;
    const QPoint corner((width() - side) / 2, (height() - side) / 2);
    painter.fillRect(QRect(corner, QSize(side, side)), light.color(QPalette::Base));
    for (int row = 0; row < m_matrix.size; ++row) {
        for (int column = 0; column < m_matrix.size; ++column) {
            if (m_matrix.isDark(column, row)) {
                painter.fillRect(corner.x() + (column + kQuietZone) * pixels,
                    corner.y() + (row + kQuietZone) * pixels, pixels, pixels,
                    light.color(QPalette::Text));
            }
        }
    }
}

} // namespace portreeve
