// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/export/tablewriter.h"

#include <QString>
#include <QThreadPool>

#include <functional>

class QWidget;

namespace portreeve {

class RowsModel;

/// Writes the lines of a table to a file the administrator chooses.
class TableExport
{
public:
    using Answer = std::function<void(const Result<QString>& file)>;

    /// Asks for a file without blocking, then writes on @p workers. The rows are copied first, so
    /// the table may change meanwhile. No answer when the dialog is cancelled.
    static void ask(QWidget* parent, const RowsModel& model, QThreadPool& workers, Answer answer);

    /// The raw values of all lines as shown now.
    static TableSource source(const RowsModel& model);

    /// Through a temporary file: the target is whole or untouched.
    static Result<QString> write(const QString& file, TableFormat format, const TableSource& table);
};

} // namespace portreeve
