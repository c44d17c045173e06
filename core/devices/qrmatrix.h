// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QBitArray>
#include <QString>

namespace portreeve::devices {

/// The modules of a QR code without its quiet zone: a square, row after row, true = dark. Whoever
/// paints it leaves four light modules around.
struct QrMatrix
{
    int size = 0; ///< modules along one side; 0 = the text does not fit into a QR code
    QBitArray modules {};

    bool isDark(int column, int row) const { return modules.testBit(row * size + column); }
};

/// @p text as UTF-8, with the error correction that survives 15 % damage.
QrMatrix qrMatrix(const QString& text);

} // namespace portreeve::devices
