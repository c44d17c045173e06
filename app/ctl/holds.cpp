// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/holds.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
constexpr std::int64_t kRowsShown = 200;

/// Prints held rows until there are enough, and counts all of them.
class HeldRowList
{
public:
    HeldRowList(Output& out, const ChangeSet& changes)
        : m_out(out)
        , m_changes(changes)
    {
    }

    void add(const std::vector<ObjectChange>& objects)
    {
        for (const auto& change : objects) {
            if (change.held && next()) {
                print(changeActionName(change.action), removalKey(m_changes, change),
                    m_changes.objectName(change));
            }
        }
    }

    void add(const std::vector<MembershipChange>& edges)
    {
        for (const auto& edge : edges) {
            if (edge.held && next()) {
                print(u"remove"_s, removalKey(m_changes, edge), {});
            }
        }
    }

    std::int64_t left() const { return std::max<std::int64_t>(0, m_count - kRowsShown); }

private:
    bool next() { return ++m_count <= kRowsShown; }

    void print(const QString& action, const QString& key, const QString& name)
    {
        m_out.text(u"held: %1 %2  %3"_s.arg(action, key, name).trimmed());
    }

    Output& m_out;
    const ChangeSet& m_changes;
    std::int64_t m_count = 0;
};
} // namespace

QStringList heldReasons(const SyncPlan& plan)
{
    QStringList lines;
    for (const auto& trip : plan.trips) {
        lines.append(guardName(trip.guard) + u" holds: "_s + trip.reason.english());
    }
    return lines;
}

void printHeldRows(Output& out, const SyncPlan& plan)
{
    HeldRowList list(out, plan.changes);
    list.add(plan.changes.users);
    list.add(plan.changes.groups);
    list.add(plan.changes.memberships);
    if (list.left() > 0) {
        out.text(u"held: %1 more rows; --json or --out FILE has them all"_s.arg(list.left()));
    }
}

QCommandLineOption allowOption()
{
    return { u"allow"_s,
        u"Let this held row through and no other; its key is in the plan. May be repeated."_s,
        u"KEY"_s };
}

QList<QCommandLineOption> approvalOptions()
{
    return { QCommandLineOption(u"allow-held"_s,
                 u"Let the held rows of the plan with this hash through."_s, u"HASH"_s),
        allowOption() };
}

Result<std::vector<QString>> allowedKeys(const Arguments& arguments, const QByteArray& planJson)
{
    const QStringList named = arguments.values(u"allow"_s);
    const auto held = named.isEmpty() ? std::vector<QString>() : heldKeys(planJson);
    for (const auto& key : named) {
        if (!std::ranges::binary_search(held, key)) {
            return usageError(
                message(
                    QT_TRANSLATE_NOOP("Message", "Nothing that is held has the key “%1”."), key),
                message(QT_TRANSLATE_NOOP("Message",
                    "The plan shows the key of each held row: portreevectl plan NAME.")));
        }
    }
    return std::vector<QString>(named.begin(), named.end());
}

Result<std::optional<Approval>> approvalOf(const Arguments& arguments, const QString& planHash,
    const std::function<QByteArray()>& planJson)
{
    if (!arguments.has(u"allow-held"_s) && !arguments.has(u"allow"_s)) {
        return std::optional<Approval>();
    }
    auto keys = allowedKeys(arguments, arguments.has(u"allow"_s) ? planJson() : QByteArray());
    if (!keys) {
        return keys.error();
    }
    return std::optional(Approval { .planHash = arguments.value(u"allow-held"_s, planHash),
        .everything = !arguments.has(u"allow"_s),
        .keys = *std::move(keys) });
}

} // namespace portreeve::ctl
