// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"
#include "ui/models/rowsmodel.h"
#include "ui/shell/appcontext.h"

#include <QDialog>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace portreeve {

class MessageBar;
class TableView;
class TextLabel;

/// Routes that cannot be written, and why.
class RefusalsModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Route, Policy, Reason, Fix };

    explicit RefusalsModel(QObject* parent = nullptr);

    void setRefusals(std::vector<ExportRefusal> refusals);

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::vector<ExportRefusal> m_refusals;
};

/// Writes the routes with their policies for the proxy's configuration file, in one of three
/// shapes. Nothing is written while anything is refused.
class ExportDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ExportDialog(AppContext context, QWidget* parent = nullptr);

private:
    enum class Shape { Fragment, ManagedFile, ManagedBlock };

    void load();
    void take(const Result<PreparedExport>& prepared);
    void refresh();
    Shape shape() const;
    void chooseBase();
    void chooseTarget();
    void write(const QString& target);

    AppContext m_context;
    PreparedExport m_prepared;
    bool m_ready = false;
    RefusalsModel* m_refusals = nullptr;
    QComboBox* m_shape = nullptr;
    TextLabel* m_explanation = nullptr;
    QPushButton* m_chooseBase = nullptr;
    QString m_base;
    MessageBar* m_message = nullptr;
    TextLabel* m_refused = nullptr;
    TableView* m_table = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_write = nullptr;
};

} // namespace portreeve
