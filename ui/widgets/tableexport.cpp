// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/tableexport.h"

#include "core/base/runtask.h"
#include "ui/models/rowsmodel.h"
#include "ui/widgets/messagebar.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QSaveFile>

#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct TableExportText
{
    Q_DECLARE_TR_FUNCTIONS(TableExport)
};

} // namespace

TableSource TableExport::source(const RowsModel& model)
{
    auto lines = std::make_shared<std::vector<QStringList>>();
    const int columns = model.columnCount();
    lines->reserve(static_cast<std::size_t>(model.rowCount()));
    for (int line = 0; line < model.rowCount(); ++line) {
        QStringList cells;
        for (int column = 0; column < columns; ++column) {
            cells.append(model.data(model.index(line, column), RowsModel::kRawRole).toString());
        }
        lines->push_back(std::move(cells));
    }
    TableSource table { .rowCount = model.rowCount() };
    for (const RowsModel::Column& column : model.columns()) {
        table.columns.append(column.id);
    }
    table.row = [lines](std::int64_t row) { return (*lines)[static_cast<std::size_t>(row)]; };
    return table;
}

Result<QString> TableExport::write(
    const QString& file, TableFormat format, const TableSource& table)
{
    QSaveFile out(file);
    const auto refused = [&] {
        return Error { .code = ErrorCode::Storage,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The file “%1” could not be written."), file),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Choose a folder you may write to, with room left.")),
            .detail = out.errorString() };
    };
    if (!out.open(QIODevice::WriteOnly)) {
        return refused();
    }
    if (const auto written = writeTable(out, format, table); !written) {
        return written.error();
    }
    if (!out.commit()) {
        return refused();
    }
    return file;
}

void TableExport::ask(MessageBar& messages, const RowsModel& model, QThreadPool& workers)
{
    const QString csv = TableExportText::tr("Comma-separated values (*.csv)");
    const QString json = TableExportText::tr("JSON (*.json)");
    auto* dialog
        = new QFileDialog(messages.window(), TableExportText::tr("Export the list as shown"));
    dialog->setObjectName(u"exportDialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({ csv, json });
    dialog->setDefaultSuffix(u"csv"_s);
    QObject::connect(
        dialog, &QFileDialog::filterSelected, dialog, [dialog, json](const QString& filter) {
            dialog->setDefaultSuffix(filter == json ? u"json"_s : u"csv"_s);
        });
    QObject::connect(dialog, &QFileDialog::fileSelected, &messages,
        [&messages, &workers, table = source(model)](const QString& file) {
            const TableFormat format = file.endsWith(u".json", Qt::CaseInsensitive)
                ? TableFormat::Json
                : TableFormat::Csv;
            runTask(workers, [file, format, table] {
                return write(file, format, table);
            }).then(&messages, [&messages](const Result<QString>& written) {
                if (written) {
                    messages.showMessage(MessageBar::Kind::Success,
                        TableExportText::tr("The list was written to %1.").arg(*written));
                } else if (written.error().code != ErrorCode::Cancelled) {
                    messages.showError(written.error());
                }
            });
        });
    dialog->open();
}

} // namespace portreeve
