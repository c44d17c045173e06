// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/widgets/tabletext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace portreeve::tabletext {

namespace {

QVariant rawValue(const RowsModel& model, int line, int column)
{
    const QModelIndex index = model.index(line, column);
    const QVariant raw = index.data(RowsModel::kRawRole);
    return raw.isValid() ? raw : index.data(Qt::DisplayRole);
}

QString csvField(const QString& text)
{
    const bool plain = std::none_of(text.begin(), text.end(),
        [](QChar c) { return c == u'"' || c == u',' || c == u'\n' || c == u'\r'; });
    return plain ? text : u'"' + QString(text).replace(u'"', u"\"\""_s) + u'"';
}

QString tabField(const QString& text)
{
    return QString(text).replace(u'\t', u' ').replace(u'\n', u' ');
}

struct Grid
{
    const RowsModel& model;
    const std::vector<int>& lines;
    const std::vector<int>& columns;

    QString joined(const std::function<QString(const QString&)>& field, const QString& separator,
        const QString& lineEnd) const
    {
        QString text;
        const auto addLine = [&](const std::function<QString(int)>& valueOf) {
            QStringList values;
            for (const int column : columns) {
                values << field(valueOf(column));
            }
            text += values.join(separator) + lineEnd;
        };
        addLine([this](int column) {
            return model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        });
        for (const int line : lines) {
            addLine([this, line](int column) { return rawValue(model, line, column).toString(); });
        }
        return text;
    }
};

} // namespace

QString tabbed(
    const RowsModel& model, const std::vector<int>& lines, const std::vector<int>& columns)
{
    return Grid { model, lines, columns }.joined(tabField, u"\t"_s, u"\n"_s);
}

QString csv(const RowsModel& model, const std::vector<int>& lines, const std::vector<int>& columns)
{
    return Grid { model, lines, columns }.joined(csvField, u","_s, u"\r\n"_s);
}

QString json(const RowsModel& model, const std::vector<int>& lines, const std::vector<int>& columns)
{
    QJsonArray rows;
    for (const int line : lines) {
        QJsonObject row;
        for (const int column : columns) {
            const QString& id = model.columns()[static_cast<std::size_t>(column)].id;
            row.insert(id, QJsonValue::fromVariant(rawValue(model, line, column)));
        }
        rows.append(row);
    }
    return QString::fromUtf8(QJsonDocument(rows).toJson(QJsonDocument::Indented));
}

} // namespace portreeve::tabletext
