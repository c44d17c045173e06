// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/qrmatrix.h"

#include <QWidget>

namespace portreeve {

/// A QR code with its quiet zone, dark on light in both schemes: scanners want it so.
class QrView final : public QWidget
{
    Q_OBJECT

public:
    explicit QrView(QWidget* parent = nullptr);

    void setText(const QString& text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    devices::QrMatrix m_matrix;
};

} // namespace portreeve
