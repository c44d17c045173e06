// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/targetboard.h"

#include <QSet>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QVBoxLayout;

namespace portreeve {

class AccessChangesModel;
class AttributesModel;
class DeliveryModel;
class EmptyState;
class TableView;
class TextLabel;

/// What a delivery would do: counts, every change with its fields, who gains or loses which route,
/// what cannot be delivered and why, and the one button that delivers exactly this.
class DeliveryPreview final : public QWidget
{
    Q_OBJECT

public:
    explicit DeliveryPreview(QWidget* parent = nullptr);

    /// Null shows how to get one.
    void setPlan(const DeliveryPlanPtr& plan, bool isReadOnly);

    void setTargetName(const QString& name) { m_targetName = name; } ///< for questions

    /// Something is going on at the proxy: nothing can be asked for.
    void setBusy(bool isBusy);

    /// What is to be done with records of others, as chosen here.
    DeliveryChoices::Foreign foreignChoice() const;
    void forgetChoice(); ///< another target

signals:
    void planRequested(portreeve::DeliveryChoices::Foreign foreign);

    /// Deliver exactly the shown plan. @p isHeldAllowed  a person lets the held one through
    void deliverRequested(
        const QString& planHash, bool isHeldAllowed, portreeve::DeliveryChoices::Foreign foreign);

private:
    QWidget* buildChanges();
    QWidget* buildBar();
    void fillRemarks();
    void addRemarks(
        const QString& title, const QString& icon, const std::vector<DeliveryRow>& rows);
    void addRemark(const QString& icon, const QString& text);
    QString summary() const;

    void refreshButtons();

    DeliveryPlanPtr m_plan;
    bool m_isReadOnly = false;
    bool m_isBusy = false;
    QString m_targetName;
    QSet<QString> m_shownRemarks;
    DeliveryModel* m_model;
    AttributesModel* m_fieldsModel;
    AccessChangesModel* m_accessModel;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QTabWidget* m_tabs;
    TableView* m_changes;
    TableView* m_fields;
    TableView* m_access;
    QWidget* m_remarks;
    QVBoxLayout* m_remarkLines;
    TextLabel* m_summary;
    TextLabel* m_held;
    QWidget* m_foreignLine;
    QComboBox* m_foreign;
    QPushButton* m_deliver;
};

} // namespace portreeve
