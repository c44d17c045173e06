// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/diagnosticsmodel.h"

#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString levelText(policy::Severity severity)
{
    switch (severity) {
    case policy::Severity::Error:
        return DiagnosticsModel::tr("Error");
    case policy::Severity::Warning:
        return DiagnosticsModel::tr("Warning");
    case policy::Severity::Note:
        return DiagnosticsModel::tr("Note");
    }
    return {};
}

QIcon levelIcon(policy::Severity severity)
{
    switch (severity) {
    case policy::Severity::Error:
        return theme::icon(u"error"_s, theme::Role::Error);
    case policy::Severity::Warning:
        return theme::icon(u"warning"_s, theme::Role::Warning);
    case policy::Severity::Note:
        return theme::icon(u"info"_s, theme::Role::Accent);
    }
    return {};
}

} // namespace

DiagnosticsModel::DiagnosticsModel(QObject* parent)
    : RowsModel(
          { { .id = u"severity"_s, .title = tr("Finding"), .widthChars = 16, .sortable = false },
              { .id = u"line"_s,
                  .title = tr("Line"),
                  .alignment = Qt::AlignTrailing | Qt::AlignVCenter,
                  .widthChars = 6,
                  .sortable = false },
              { .id = u"what"_s, .title = tr("What"), .widthChars = 70, .sortable = false },
              { .id = u"fix"_s,
                  .title = tr("Write instead"),
                  .widthChars = 50,
                  .sortable = false } },
          parent)
{
}

void DiagnosticsModel::setDiagnostics(std::vector<policy::Diagnostic> diagnostics)
{
    swapRows(naturalOrder(diagnostics.size()), [&] { m_diagnostics = std::move(diagnostics); });
}

QString DiagnosticsModel::rowKey(Row row) const
{
    const policy::Diagnostic& finding = m_diagnostics[row];
    return finding.code + u':' + QString::number(finding.at.line) + u':'
        + QString::number(finding.at.column);
}

QVariant DiagnosticsModel::cell(Row row, int column, int role) const
{
    const policy::Diagnostic& finding = m_diagnostics[row];
    if (role == Qt::DecorationRole && column == Level) {
        return levelIcon(finding.severity);
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case Level:
        return levelText(finding.severity);
    case Line:
        return finding.at.line > 0 ? QVariant(finding.at.line) : QVariant();
    case What:
        return finding.what.translated();
    case Fix:
        return finding.fix.translated();
    default:
        return {};
    }
}

} // namespace portreeve
