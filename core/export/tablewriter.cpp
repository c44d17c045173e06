// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/export/tablewriter.h"

#include <QIODevice>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {
constexpr qsizetype kChunkBytes = qsizetype(256) * 1024;

QByteArray csvCell(const QString& text)
{
    QString cell = text;
    // A cell that begins so is run as a formula by spreadsheets; names come from outside.
    static const QString formulaStarts = u"=+-@\t\r"_s;
    if (!cell.isEmpty() && formulaStarts.contains(cell.front())) {
        cell.prepend(u'\'');
    }
    const bool quoted = cell.contains(u'"') || cell.contains(u',') || cell.contains(u'\n')
        || cell.contains(u'\r');
    if (quoted) {
        cell = u'"' + cell.replace(u'"', u"\"\""_s) + u'"';
    }
    return cell.toUtf8();
}

QByteArray csvLine(const QStringList& cells)
{
    QByteArray line;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        line += (i == 0 ? "" : ",") + csvCell(cells.at(i));
    }
    return line + "\r\n";
}

QByteArray jsonObject(const QStringList& columns, const QStringList& cells)
{
    QJsonObject object;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        object.insert(columns.at(i), cells.at(i));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<void> flush(QIODevice& out, QByteArray& pending)
{
    if (out.write(pending) != pending.size()) {
        return Error { .code = ErrorCode::Storage,
            .what = message(QT_TRANSLATE_NOOP("Message", "The table could not be written.")),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Choose a folder you may write to, with room left.")),
            .detail = out.errorString() };
    }
    pending.clear();
    return {};
}
} // namespace

Result<void> writeTable(
    QIODevice& out, TableFormat format, const TableSource& table, const std::stop_token& stop)
{
    const bool csv = format == TableFormat::Csv;
    QByteArray pending = csv ? "\xEF\xBB\xBF" + csvLine(table.columns) : QByteArray("[");
    for (std::int64_t row = 0; row < table.rowCount; ++row) {
        const QStringList cells = table.row(row);
        if (csv) {
            pending += csvLine(cells);
        } else {
            pending += (row == 0 ? "\n" : ",\n") + jsonObject(table.columns, cells);
        }
        if (pending.size() < kChunkBytes) {
            continue;
        }
        if (stop.stop_requested()) {
            return Error { .code = ErrorCode::Cancelled,
                .what = message(QT_TRANSLATE_NOOP("Message", "The export was cancelled.")) };
        }
        if (const auto flushed = flush(out, pending); !flushed) {
            return flushed;
        }
    }
    pending += csv ? "" : "\n]\n";
    return flush(out, pending);
}

} // namespace portreeve
