// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/heldmodel.h"

#include "core/store/directorystore.h"
#include "ui/models/changetext.h"

#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool concerns(const QString& guard, ObjectKind kind, ChangeAction action)
{
    if (guard == u"G1") {
        return kind == ObjectKind::User && action == ChangeAction::Remove;
    }
    if (guard == u"G2") {
        return kind == ObjectKind::Group;
    }
    if (guard == u"G3" || guard == u"G4") {
        return kind == ObjectKind::Membership;
    }
    if (guard == u"G5") {
        return action == ChangeAction::Suspend;
    }
    if (guard == u"G7" || guard == u"G9") {
        return kind == ObjectKind::User;
    }
    return true;
}

QString guardTitle(const QString& guard)
{
    static const std::vector<std::pair<QString, const char*>> kTitles {
        { u"G1"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "many users missing") },
        { u"G2"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "many groups missing") },
        { u"G3"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "many memberships removed") },
        { u"G4"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "one group loses many") },
        { u"G5"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "many suspensions") },
        { u"G6"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "source came back empty") },
        { u"G7"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "protected administrator") },
        { u"G8"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "many lose all access") },
        { u"G9"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "ids replaced, e-mails stay") },
        { u"never_remove"_s,
            QT_TRANSLATE_NOOP("portreeve::HeldModel", "this connection never removes") },
        { u"scope_changed"_s,
            QT_TRANSLATE_NOOP("portreeve::HeldModel", "settings changed, not reviewed") },
        { u"open_hold"_s, QT_TRANSLATE_NOOP("portreeve::HeldModel", "was held before") },
    };
    const auto found = std::find_if(
        kTitles.begin(), kTitles.end(), [&](const auto& title) { return title.first == guard; });
    return found == kTitles.end() ? guard : HeldModel::tr(found->second);
}

// Fills in why a line waits and whether a person may let it through.
void explain(HeldLine& line, const QStringList& guards, bool isProtected)
{
    QStringList titles;
    for (const QString& guard : guards) {
        const bool locks = guard == u"G7";
        if (concerns(guard, line.kind, line.action) && (!locks || isProtected)) {
            titles.append(guardTitle(guard));
            line.approvable = line.approvable && !locks;
        }
    }
    // What goes with an object that waits, waits for the same reasons.
    if (titles.isEmpty()) {
        std::transform(guards.begin(), guards.end(), std::back_inserter(titles), guardTitle);
    }
    line.reason = titles.join(u", "_s);
}

bool isIn(const std::vector<QString>& sorted, const QString& id)
{
    return std::binary_search(sorted.begin(), sorted.end(), id);
}

HeldLine lineOf(const QJsonObject& change)
{
    HeldLine line;
    const QString kind = change.value(u"kind"_s).toString();
    const QString id = change.value(u"id"_s).toString();
    const QString name = change.value(u"name"_s).toString(id);
    if (kind == u"membership") {
        const bool isGroup = change.value(u"member_is_group"_s).toBool();
        const QString member = change.value(u"member_id"_s).toString();
        line.kind = ObjectKind::Membership;
        line.key = u"member:"_s + id + (isGroup ? u":group:"_s : u":user:"_s) + member;
        line.name
            = HeldModel::tr("%1 → %2").arg(change.value(u"member_name"_s).toString(member), name);
        return line;
    }
    line.kind = kind == u"group" ? ObjectKind::Group : ObjectKind::User;
    line.key = kind + u':' + id;
    line.name = name.isEmpty() ? id : name;
    line.action = change.value(u"action"_s).toString() == u"suspend" ? ChangeAction::Suspend
                                                                     : ChangeAction::Remove;
    return line;
}

void countLocked(HeldRowsView& view)
{
    view.locked = std::count_if(view.lines.begin(), view.lines.end(),
        [](const HeldLine& line) { return !line.approvable; });
}

} // namespace

HeldRowsView heldRowsOf(const SyncPlan& plan, const std::vector<QString>& protectedUsers)
{
    HeldRowsView view { .planHash = heldPart(plan).planHash };
    QStringList guards;
    for (const GuardTrip& trip : plan.trips) {
        view.reasons.push_back(trip.reason.translated());
        guards.append(guardName(trip.guard));
    }
    for (Row row = 0; row < planLineCount(plan); ++row) {
        const PlanLine line = planLine(plan, row);
        if (!line.isHeld()) {
            continue;
        }
        HeldLine held {
            .kind = line.kind(), .action = line.action(), .name = planLineName(plan, line)
        };
        held.key = line.object != nullptr ? removalKey(plan.changes, *line.object)
                                          : removalKey(plan.changes, *line.membership);
        const bool isProtected
            = line.object != nullptr && isIn(protectedUsers, plan.changes.objectId(*line.object));
        explain(held, guards, isProtected);
        view.lines.push_back(std::move(held));
    }
    countLocked(view);
    return view;
}

HeldRowsView heldRowsOf(const Hold& hold, const std::vector<QString>& protectedUsers)
{
    HeldRowsView view { .planHash = hold.planHash };
    const QJsonObject plan = QJsonDocument::fromJson(hold.planJson).object();
    QStringList guards;
    for (const auto& value : plan.value(u"guards"_s).toArray()) {
        const QJsonObject trip = value.toObject();
        guards.append(trip.value(u"guard"_s).toString());
        view.reasons.push_back(trip.value(u"reason"_s).toString());
    }
    for (const auto& value : plan.value(u"changes"_s).toArray()) {
        const QJsonObject change = value.toObject();
        if (!change.value(u"held"_s).toBool()) {
            continue;
        }
        HeldLine line = lineOf(change);
        const bool isProtected = line.kind == ObjectKind::User
            && isIn(protectedUsers, change.value(u"id"_s).toString());
        explain(line, guards, isProtected);
        view.lines.push_back(std::move(line));
    }
    countLocked(view);
    return view;
}

HeldModel::HeldModel(QObject* parent)
    : RowsModel({ { .id = u"what"_s, .title = tr("Would be"), .widthChars = 18, .sortable = false },
                    { .id = u"kind"_s, .title = tr("Kind"), .widthChars = 14, .sortable = false },
                    { .id = u"name"_s,
                        .title = tr("Who or what"),
                        .widthChars = 40,
                        .sortable = false,
                        .elidesMiddle = true },
                    { .id = u"reason"_s,
                        .title = tr("Why it waits"),
                        .widthChars = 44,
                        .sortable = false } },
          parent)
{
}

void HeldModel::setRows(HeldRowsView rows)
{
    swapRows(naturalOrder(rows.lines.size()), [&] { m_rows = std::move(rows); });
}

void HeldModel::filter(const QString& text)
{
    const QString needle = text.trimmed();
    std::vector<Row> kept;
    for (Row row = 0; row < m_rows.lines.size(); ++row) {
        const HeldLine& line = m_rows.lines[row];
        if (needle.isEmpty() || line.name.contains(needle, Qt::CaseInsensitive)
            || line.key.contains(needle, Qt::CaseInsensitive)) {
            kept.push_back(row);
        }
    }
    swapRows(std::move(kept));
}

QString HeldModel::rowKey(Row row) const
{
    return m_rows.lines[row].key;
}

QVariant HeldModel::cell(Row row, int column, int role) const
{
    const HeldLine& line = m_rows.lines[row];
    if (role == Qt::DecorationRole) {
        if (column == Reason && !line.approvable) {
            return theme::icon(u"secret"_s, theme::Role::Warning);
        }
        return column == What ? QVariant(actionIcon(line.action)) : QVariant();
    }
    if (role == Qt::ForegroundRole && column == What) {
        return theme::color(actionRole(line.action), QGuiApplication::palette());
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    switch (column) {
    case What:
        return actionText(line.action);
    case Kind:
        return kindText(line.kind);
    case Name:
        return line.name;
    case Reason:
        return line.approvable ? line.reason : tr("%1: cannot be approved").arg(line.reason);
    default:
        return {};
    }
}

} // namespace portreeve
