// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/syncreport.h"

#include "app/ctl/holds.h"
#include "app/ctl/json.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
/// A name as a shell takes it.
QString asOneWord(const QString& name)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_.-]+\\z"_s);
    if (plain.match(name).hasMatch()) {
        return name;
    }
    return u'\'' + QString(name).replace(u'\'', u"'\\''"_s) + u'\'';
}
} // namespace

void printCounts(Output& out, const ChangeCounts& counts)
{
    const auto row = [](const QString& name, const KindCounts& kind) {
        return QStringList { name, QString::number(kind.added), QString::number(kind.updated),
            QString::number(kind.removed), QString::number(kind.held) };
    };
    out.table({ u"KIND"_s, u"ADDED"_s, u"UPDATED"_s, u"REMOVED"_s, u"HELD"_s },
        { row(u"users"_s, counts.users), row(u"groups"_s, counts.groups),
            row(u"memberships"_s, counts.memberships) });
}

CommandResult report(Session& session, const SyncOutcome& outcome)
{
    const bool held = outcome.plan.verdict == Verdict::Held && outcome.run
        && outcome.run->outcome == RunOutcome::Held;
    // The safe part is done: a new plan holds the rest, and that has a hash of its own.
    const QString heldHash = held ? heldPart(outcome.plan).planHash : QString();
    if (session.out().isJson()) {
        QJsonObject object
            = outcome.run ? toJson(*outcome.run) : QJsonObject { { u"run_id"_s, QJsonValue() } };
        object.insert(u"connection"_s, outcome.plan.connectionName);
        object.insert(u"counts"_s, toJson(outcome.run ? outcome.run->counts : ChangeCounts {}));
        object.insert(u"verdict"_s, verdictName(outcome.plan.verdict));
        object.insert(u"plan_hash"_s, outcome.plan.planHash);
        if (held) {
            object.insert(u"held_hash"_s, heldHash);
        }
        session.out().line(object);
    } else if (!outcome.run || outcome.plan.changes.isEmpty()) {
        session.out().text(outcome.plan.connectionName + u": nothing has changed."_s);
    } else {
        session.out().text(u"%1: run %2, generation %3"_s.arg(outcome.plan.connectionName)
                .arg(outcome.run->id)
                .arg(outcome.run->generation));
        printCounts(session.out(), outcome.run->counts);
    }
    if (!held) {
        return ExitCode::Done;
    }
    for (const auto& line : heldReasons(outcome.plan)) {
        session.out().message(line);
    }
    session.out().message(
        u"Look at it: portreevectl plan %1 --out FILE. "
        "Let it through: portreevectl run approve %1 %2, with --allow KEY for some rows "
        "only. Keep it all: portreevectl run reject %1 %2"_s.arg(
            asOneWord(outcome.plan.connectionName), heldHash));
    return ExitCode::Held;
}

} // namespace portreeve::ctl
