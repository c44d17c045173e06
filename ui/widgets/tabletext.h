// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/rowsmodel.h"

#include <vector>

/// Rows of a table as text for the clipboard: raw values, header line first.
namespace portreeve::tabletext {

QString tabbed(
    const RowsModel& model, const std::vector<int>& lines, const std::vector<int>& columns);

/// RFC 4180, comma, CRLF.
QString csv(const RowsModel& model, const std::vector<int>& lines, const std::vector<int>& columns);

/// An array of objects, keyed by column id.
QString json(
    const RowsModel& model, const std::vector<int>& lines, const std::vector<int>& columns);

} // namespace portreeve::tabletext
