// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/planmodel.h"

#include "core/store/directorystore.h"
#include "ui/models/changetext.h"

#include <QFontDatabase>
#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString memberName(const SyncPlan& plan, const MembershipChange& change)
{
    const Snapshot& side = change.removed ? *plan.changes.before : *plan.changes.after;
    const TextColumn& names = change.memberIsGroup ? side.groupNames() : side.userNames();
    const QString name = names.text(change.member);
    return name.isEmpty() ? plan.changes.memberId(change) : name;
}

QString groupName(const SyncPlan& plan, const MembershipChange& change)
{
    const Snapshot& side = change.removed ? *plan.changes.before : *plan.changes.after;
    const QString name = side.groupNames().text(change.group);
    return name.isEmpty() ? plan.changes.groupId(change) : name;
}

std::vector<AttributeChange> wholeObject(const SyncPlan& plan, const ObjectChange& change)
{
    const bool added = change.action == ChangeAction::Add;
    const Snapshot& side = added ? *plan.changes.after : *plan.changes.before;
    const Row row = added ? change.after : change.before;
    std::vector<AttributeChange> all;
    const auto add = [&](const QString& name, const QString& value) {
        all.push_back(
            added ? AttributeChange { name, {}, value } : AttributeChange { name, value, {} });
    };
    if (change.kind == ObjectKind::User) {
        const UserRecord user = side.user(row);
        add(u"display_name"_s, user.displayName);
        add(u"email"_s, user.email);
        add(u"login"_s, user.login);
        add(u"id"_s, user.id);
    } else {
        const GroupRecord group = side.group(row);
        add(u"name"_s, group.name);
        add(u"email"_s, group.email);
        add(u"id"_s, group.id);
    }
    return all;
}

bool passes(const SyncPlan& plan, const PlanLine& line, const PlanFilter& filter)
{
    if ((filter.kind && *filter.kind != line.kind())
        || (filter.action && *filter.action != line.action())
        || (filter.heldOnly && !line.isHeld())) {
        return false;
    }
    const QString text = filter.text.trimmed();
    if (text.isEmpty() || planLineName(plan, line).contains(text, Qt::CaseInsensitive)) {
        return true;
    }
    if (line.object != nullptr) {
        return plan.changes.objectId(*line.object).contains(text, Qt::CaseInsensitive);
    }
    return plan.changes.groupId(*line.membership).contains(text, Qt::CaseInsensitive)
        || plan.changes.memberId(*line.membership).contains(text, Qt::CaseInsensitive);
}

} // namespace

ObjectKind PlanLine::kind() const
{
    return object != nullptr ? object->kind : ObjectKind::Membership;
}

ChangeAction PlanLine::action() const
{
    if (object != nullptr) {
        return object->action;
    }
    return membership->removed ? ChangeAction::Remove : ChangeAction::Add;
}

bool PlanLine::isHeld() const
{
    return object != nullptr ? object->held : membership->held;
}

PlanLine planLine(const SyncPlan& plan, Row row)
{
    const ChangeSet& changes = plan.changes;
    std::size_t place = row;
    if (place < changes.groups.size()) {
        return { .object = &changes.groups[place] };
    }
    place -= changes.groups.size();
    if (place < changes.users.size()) {
        return { .object = &changes.users[place] };
    }
    return { .membership = &changes.memberships[place - changes.users.size()] };
}

Row planLineCount(const SyncPlan& plan)
{
    return static_cast<Row>(
        plan.changes.groups.size() + plan.changes.users.size() + plan.changes.memberships.size());
}

QString planLineName(const SyncPlan& plan, const PlanLine& line)
{
    if (line.object != nullptr) {
        const QString name = plan.changes.objectName(*line.object);
        return name.isEmpty() ? plan.changes.objectId(*line.object) : name;
    }
    return PlanModel::tr("%1 → %2").arg(
        memberName(plan, *line.membership), groupName(plan, *line.membership));
}

std::vector<AttributeChange> planLineAttributes(const SyncPlan& plan, const PlanLine& line)
{
    if (line.object == nullptr) {
        const MembershipChange& change = *line.membership;
        const QString edge
            = PlanModel::tr("%1 is in %2").arg(memberName(plan, change), groupName(plan, change));
        return { change.removed ? AttributeChange { u"membership"_s, edge, {} }
                                : AttributeChange { u"membership"_s, {}, edge } };
    }
    const bool isWhole
        = line.object->action == ChangeAction::Add || line.object->action == ChangeAction::Remove;
    return isWhole ? wholeObject(plan, *line.object) : plan.changes.attributes(*line.object);
}

std::vector<Row> filterPlan(const SyncPlan& plan, const PlanFilter& filter)
{
    std::vector<Row> rows;
    for (Row row = 0; row < planLineCount(plan); ++row) {
        if (passes(plan, planLine(plan, row), filter)) {
            rows.push_back(row);
        }
    }
    return rows;
}

PlanModel::PlanModel(QObject* parent)
    : RowsModel({ { .id = u"action"_s, .title = tr("Action"), .widthChars = 18, .sortable = false },
                    { .id = u"kind"_s, .title = tr("Kind"), .widthChars = 14, .sortable = false },
                    { .id = u"name"_s,
                        .title = tr("Who or what"),
                        .widthChars = 40,
                        .sortable = false,
                        .elidesMiddle = true },
                    { .id = u"what"_s, .title = tr("Change"), .widthChars = 46, .sortable = false },
                    { .id = u"held"_s, .title = tr("Held"), .widthChars = 10, .sortable = false } },
          parent)
{
}

void PlanModel::setPlan(SyncPlanPtr plan, std::vector<Row> rows)
{
    swapRows(std::move(rows), [&] { m_plan = std::move(plan); });
}

QString PlanModel::rowKey(Row row) const
{
    const PlanLine line = planLine(*m_plan, row);
    return line.object != nullptr ? removalKey(m_plan->changes, *line.object)
                                  : removalKey(m_plan->changes, *line.membership);
}

QVariant PlanModel::cell(Row row, int column, int role) const
{
    const PlanLine line = planLine(*m_plan, row);
    if (role == Qt::DecorationRole) {
        if (column == Held && line.isHeld()) {
            return theme::icon(u"held"_s, theme::Role::Held);
        }
        return column == Action ? QVariant(actionIcon(line.action())) : QVariant();
    }
    if (role == Qt::ForegroundRole && column == Action) {
        return theme::color(actionRole(line.action()), QGuiApplication::palette());
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case Action:
        return actionText(line.action());
    case Kind:
        return kindText(line.kind());
    case Name:
        return planLineName(*m_plan, line);
    case What: {
        const bool differs = line.object != nullptr && line.action() != ChangeAction::Add
            && line.action() != ChangeAction::Remove;
        return differs ? attributeSummary(m_plan->changes.attributes(*line.object)) : QString();
    }
    case Held:
        return line.isHeld() ? tr("held") : QString();
    default:
        return {};
    }
}

AttributesModel::AttributesModel(QObject* parent)
    : RowsModel(
          { { .id = u"field"_s, .title = tr("Field"), .widthChars = 16, .sortable = false },
              { .id = u"before"_s, .title = tr("Before"), .widthChars = 46, .sortable = false },
              { .id = u"after"_s, .title = tr("After"), .widthChars = 46, .sortable = false } },
          parent)
{
}

void AttributesModel::setAttributes(std::vector<AttributeChange> attributes)
{
    swapRows(naturalOrder(attributes.size()), [&] { m_attributes = std::move(attributes); });
}

QString AttributesModel::rowKey(Row row) const
{
    return m_attributes[row].name;
}

QVariant AttributesModel::cell(Row row, int column, int role) const
{
    const AttributeChange& change = m_attributes[row];
    if (role == Qt::ForegroundRole && column != Field) {
        return theme::color(column == Before ? theme::Role::Removed : theme::Role::Added,
            QGuiApplication::palette());
    }
    const bool hasLines = change.before.contains(u'\n') || change.after.contains(u'\n');
    if (role == Qt::TextAlignmentRole && hasLines) {
        return (Qt::AlignLeading | Qt::AlignTop).toInt(); // beside each other, line by line
    }
    if (role == Qt::FontRole && hasLines && column != Field) {
        return QFontDatabase::systemFont(QFontDatabase::FixedFont); // the text of a policy
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    const auto signedText = [&](const QString& sign, const QString& value) {
        return role == kRawRole || value.isEmpty()
            ? value
            : QString(sign + u' ' + attributeValueText(change.name, value));
    };
    switch (column) {
    case Field:
        return attributeText(change.name);
    case Before:
        return signedText(u"−"_s, change.before);
    case After:
        return signedText(u"+"_s, change.after);
    default:
        return {};
    }
}

AccessChangesModel::AccessChangesModel(QObject* parent)
    : RowsModel(
          { { .id = u"what"_s, .title = tr("Access"), .widthChars = 14, .sortable = false },
              { .id = u"person"_s,
                  .title = tr("Person"),
                  .widthChars = 36,
                  .sortable = false,
                  .elidesMiddle = true },
              { .id = u"route"_s, .title = tr("Route"), .widthChars = 36, .sortable = false } },
          parent)
{
}

void AccessChangesModel::setChanges(Changes changes)
{
    const std::size_t count = changes ? changes->size() : 0;
    swapRows(naturalOrder(count), [&] { m_changes = std::move(changes); });
}

QString AccessChangesModel::rowKey(Row row) const
{
    const AccessChange& change = (*m_changes)[row];
    return change.userId + u'\n' + change.route;
}

QVariant AccessChangesModel::cell(Row row, int column, int role) const
{
    const AccessChange& change = (*m_changes)[row];
    const ChangeAction action = change.gained ? ChangeAction::Add : ChangeAction::Remove;
    if (role == Qt::DecorationRole && column == What) {
        return actionIcon(action);
    }
    if (role == Qt::ForegroundRole && column == What) {
        return theme::color(actionRole(action), QGuiApplication::palette());
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case What:
        return change.gained ? tr("gains") : tr("loses");
    case Person:
        return change.userName.isEmpty() ? change.userId : change.userName;
    case Route:
        return change.route;
    default:
        return {};
    }
}

} // namespace portreeve
