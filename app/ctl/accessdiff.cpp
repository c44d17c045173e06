// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/accessdiff.h"

#include "app/ctl/files.h"
#include "app/ctl/policyinput.h"
#include "core/access/storedaccess.h"
#include "core/policy/writer.h"
#include "core/sync/directorythen.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Result<void> moveBack(
    Session& session, Store& store, const Arguments& arguments, DirectoryView& view)
{
    if (!arguments.has(u"as-of"_s)) {
        return {};
    }
    const QString text = arguments.value(u"as-of"_s);
    const auto moment = fromRfc3339(text);
    if (!moment || *moment > session.clock().nowUtc()) {
        return usageError(message(QT_TRANSLATE_NOOP("Message", "--as-of cannot be “%1”."), text),
            message(QT_TRANSLATE_NOOP("Message", "Give a past time such as %1."),
                u"2026-11-21T09:30:00Z"_s));
    }
    auto then = directoriesAt(store, view, *moment);
    if (!then) {
        return then.error();
    }
    if (!then->gone.empty()) {
        const QStringList names(then->gone.begin(), then->gone.end());
        session.out().message(
            u"Not compared, as these connections are removed: %1."_s.arg(names.join(u", "_s)));
    }
    view = std::move(then->view);
    return {};
}

Result<void> movePastPlan(const Arguments& arguments, DirectoryView& view)
{
    if (!arguments.has(u"plan"_s)) {
        return {};
    }
    const auto text = readInput(arguments.value(u"plan"_s));
    if (!text) {
        return text.error();
    }
    auto after = directoriesAfterPlan(view, *text);
    if (!after) {
        return after.error();
    }
    view = std::move(*after);
    return {};
}

/// The stored policy that the text stands in for. A policy of no route decides nothing, so one
/// that is not stored is a mistake rather than a new one.
Result<StoredPolicy> policyToReplace(Store& store, const Arguments& arguments, const QString& file)
{
    const QString name = arguments.value(u"policy-name"_s, QFileInfo(file).completeBaseName());
    auto stored = store.policies().policy(name);
    if (!stored && stored.error().code == ErrorCode::NotFound) {
        return usageError(message(QT_TRANSLATE_NOOP("Message",
                                      "There is no stored policy “%1” for this text to replace."),
                              name),
            message(QT_TRANSLATE_NOOP("Message",
                "Name the file as the policy is called, or give its name with --policy-name.")));
    }
    return stored;
}

Result<void> replacePolicy(
    Store& store, const Arguments& arguments, std::vector<StoredPolicy>& policies)
{
    if (!arguments.has(u"policy"_s)) {
        return {};
    }
    const QString file = arguments.value(u"policy"_s);
    const auto read = readPolicy(file, policy::Entry::Reader);
    const auto text = read ? policy::writePolicy(*read) : Result<QByteArray>(read.error());
    if (!text) {
        return text.error();
    }
    const auto stored = policyToReplace(store, arguments, file);
    if (!stored) {
        return stored.error();
    }
    const auto found = std::ranges::find(policies, stored->id, &StoredPolicy::id);
    if (found != policies.end()) {
        found->text = QString::fromUtf8(*text);
    }
    return {};
}

void printReach(Output& out, const std::vector<access::ReachChange>& changes)
{
    std::vector<QStringList> rows;
    for (const auto& change : changes) {
        QStringList because;
        for (const auto& sentence : change.because) {
            because.append(sentence.english());
        }
        const QString before = access::reachName(change.before);
        const QString after = access::reachName(change.after);
        if (out.isJson()) {
            out.line({ { u"user"_s, change.userId }, { u"display_name"_s, change.userName },
                { u"connection"_s, change.connectionName }, { u"route"_s, change.route },
                { u"before"_s, before }, { u"after"_s, after },
                { u"because"_s, QJsonArray::fromStringList(because) } });
        } else {
            rows.push_back({ change.userId, change.userName, change.route, before, after,
                because.join(u' ') });
        }
    }
    if (!out.isJson() && !rows.empty()) {
        out.table(
            { u"USER"_s, u"NAME"_s, u"ROUTE"_s, u"BEFORE"_s, u"AFTER"_s, u"BECAUSE"_s }, rows);
    } else if (!out.isJson()) {
        out.text(u"Nobody gains or loses anything."_s);
    }
}

CommandResult diffAccess(Session& session, const Arguments& arguments)
{
    const bool comparesSomething
        = arguments.has(u"plan"_s) || arguments.has(u"policy"_s) || arguments.has(u"as-of"_s);
    if (!comparesSomething) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "access diff needs something to compare with.")),
            message(QT_TRANSLATE_NOOP("Message", "Give one or more of: %1."),
                u"--plan, --policy, --as-of"_s));
    }
    const auto opened = session.store();
    if (!opened) {
        return opened.error();
    }
    auto& store = **opened;
    auto before = access::storedMoment(store);
    const auto connections = store.connections().list();
    if (!before || !connections) {
        return before ? connections.error() : before.error();
    }
    auto after = *before;
    if (const auto done = movePastPlan(arguments, after.view); !done) {
        return done.error();
    }
    if (const auto done = replacePolicy(store, arguments, after.rules.policies); !done) {
        return done.error();
    }
    if (const auto done = moveBack(session, store, arguments, before->view); !done) {
        return done.error();
    }
    const auto changes = access::compareReach(*before, after, *connections);
    printReach(session.out(), changes);
    return changes.empty() ? ExitCode::Done : ExitCode::HasChanges;
}
} // namespace

Command accessDiffCommand()
{
    return { .noun = u"access"_s,
        .verb = u"diff"_s,
        .arguments = u"[--plan FILE] [--policy FILE] [--as-of T]"_s,
        .summary
        = u"Who gains or loses which route between two states. Exit 2: somebody does. "
          "Routes and policies of the past are not kept: --as-of compares under today's."_s,
        .example = u"access diff --plan staff.plan.json --json"_s,
        .options
        = { QCommandLineOption(u"plan"_s,
                u"Compare with the directory after this plan, its held removals let through; - is "
                "standard input."_s,
                u"FILE"_s),
            QCommandLineOption(u"policy"_s,
                u"Compare with this text in place of the stored policy that is called as the file "
                "is, without its ending."_s,
                u"FILE"_s),
            QCommandLineOption(u"policy-name"_s,
                u"With --policy: the name of the stored policy it replaces."_s, u"NAME"_s),
            QCommandLineOption(u"as-of"_s,
                u"Compare the directory at this past time (RFC 3339) with the other state."_s,
                u"T"_s) },
        .run = diffAccess };
}

} // namespace portreeve::ctl
