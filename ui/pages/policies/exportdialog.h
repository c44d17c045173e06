// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/exporttext.h"
#include "ui/models/appcontext.h"
#include "ui/widgets/readingorder.h"

#include <QDialog>

#include <memory>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace portreeve {

class MessageBar;
class RefusalsModel;
class TableView;
class TextLabel;

/// Writes the routes with their policies for the proxy: its configuration file, Kubernetes or
/// Terraform. Nothing is written while anything is refused.
class ExportDialog final : public InReadingOrder<QDialog>
{
    Q_OBJECT

public:
    explicit ExportDialog(const AppContext& context, QWidget* parent = nullptr);

private:
    void makeChoices();
    void load();
    void prepare();
    void take(const Result<ExportedText>& exported);
    void showRefusals(const std::vector<ExportRefusal>& refusals);
    void refresh();
    ExportFormat format() const;
    policy::Edition edition() const;
    QString explanation() const;
    void chooseBase();
    void chooseTarget();
    void write(const QString& target);

    AppContext m_context;
    std::shared_ptr<const ExportSource> m_source; ///< null until it was read
    int m_round = 0; ///< of preparing; answers of earlier ones are dropped
    bool m_isRefused = false;
    bool m_ready = false;
    RefusalsModel* m_refusals = nullptr;
    QComboBox* m_shape = nullptr;
    QComboBox* m_edition = nullptr;
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
