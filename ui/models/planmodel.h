// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncplan.h"
#include "ui/models/rowsmodel.h"

#include <memory>
#include <optional>

namespace portreeve {

using SyncPlanPtr = std::shared_ptr<const SyncPlan>;

/// One line of a plan: its three lists stand behind each other, groups first.
struct PlanLine
{
    const ObjectChange* object = nullptr; ///< set for users and groups
    const MembershipChange* membership = nullptr; ///< set for memberships

    ObjectKind kind() const;
    ChangeAction action() const;
    bool isHeld() const;
};

PlanLine planLine(const SyncPlan& plan, Row row);
Row planLineCount(const SyncPlan& plan);

/// "Ann Lee", or for a membership "Ann Lee → Sales".
QString planLineName(const SyncPlan& plan, const PlanLine& line);

/// Old and new value of every field that differs; for added and removed objects all of them, with
/// one side empty.
std::vector<AttributeChange> planLineAttributes(const SyncPlan& plan, const PlanLine& line);

struct PlanFilter
{
    QString text {}; ///< part of a name or an id
    std::optional<ObjectKind> kind {};
    std::optional<ChangeAction> action {};
    bool heldOnly = false;
};

/// Rows of @p plan that pass, in the plan's order. For a worker thread.
std::vector<Row> filterPlan(const SyncPlan& plan, const PlanFilter& filter);

/// The changes of one plan, straight from its columns.
class PlanModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Action, Kind, Name, What, Held };

    explicit PlanModel(QObject* parent = nullptr);

    void setPlan(SyncPlanPtr plan, std::vector<Row> rows);

    const SyncPlanPtr& plan() const { return m_plan; }

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    SyncPlanPtr m_plan;
};

/// Field, old value, new value.
class AttributesModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { Field, Before, After };

    explicit AttributesModel(QObject* parent = nullptr);

    void setAttributes(std::vector<AttributeChange> attributes);

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    std::vector<AttributeChange> m_attributes;
};

/// Who gains or loses which route.
class AccessChangesModel final : public RowsModel
{
    Q_OBJECT

public:
    enum ColumnId { What, Person, Route };

    /// Usually a part of a plan, which it keeps alive.
    using Changes = std::shared_ptr<const std::vector<AccessChange>>;

    explicit AccessChangesModel(QObject* parent = nullptr);

    void setChanges(Changes changes);

    QString rowKey(Row row) const override;

protected:
    QVariant cell(Row row, int column, int role) const override;

private:
    Changes m_changes;
};

} // namespace portreeve
