// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/qrmatrix.h"

#include <qrencode.h>

#include <memory>

namespace portreeve::devices {

QrMatrix qrMatrix(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(static_cast<int>(bytes.size()),
            reinterpret_cast<const unsigned char*>(bytes.constData()), 0, QR_ECLEVEL_M),
        QRcode_free);
    if (!code) {
        return {};
    }
    const int count = code->width * code->width;
    QrMatrix matrix { .size = code->width, .modules = QBitArray(count) };
    for (int i = 0; i < count; ++i) {
        matrix.modules.setBit(i, (code->data[i] & 1U) != 0);
    }
    return matrix;
}

} // namespace portreeve::devices
