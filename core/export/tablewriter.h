// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"

#include <QStringList>

#include <cstdint>
#include <functional>
#include <stop_token>

class QIODevice;

namespace portreeve {

enum class TableFormat { Csv, Json };

/// A table of texts to be written: rows are made one at a time, so a million of them need no
/// memory.
struct TableSource
{
    QStringList columns {}; ///< keys: the head of a CSV, the member names of JSON objects
    std::int64_t rowCount = 0;
    std::function<QStringList(std::int64_t)> row {}; ///< as many cells as columns
};

/// CSV by RFC 4180 (UTF-8 with a byte-order mark, CRLF; cells a spreadsheet would run as a formula
/// are prefixed with an apostrophe) or a JSON array of objects.
/// @return Storage when the device refuses, Cancelled when stopped; the device then holds a part
Result<void> writeTable(
    QIODevice& out, TableFormat format, const TableSource& table, const std::stop_token& stop = {});

} // namespace portreeve
