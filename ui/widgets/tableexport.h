// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/export/tablewriter.h"

#include <QString>
#include <QThreadPool>

namespace portreeve {

class MessageBar;
class RowsModel;

/// Writes the lines of a table to a file the administrator chooses.
class TableExport
{
public:
    /// Asks for a file without blocking, then writes on @p workers. The rows are copied first, so
    /// the table may change meanwhile. How it went is said in @p messages, in whose
    /// window the dialog opens.
    static void ask(MessageBar& messages, const RowsModel& model, QThreadPool& workers);

    /// The raw values of all lines as shown now.
    static TableSource source(const RowsModel& model);

    /// Through a temporary file: the target is whole or untouched.
    static Result<QString> write(const QString& file, TableFormat format, const TableSource& table);
};

} // namespace portreeve
