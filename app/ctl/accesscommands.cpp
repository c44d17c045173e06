// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/accessdiff.h"
#include "app/ctl/command.h"
#include "app/ctl/directorylookup.h"
#include "core/access/directoryaccess.h"
#include "core/access/exportedids.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
using access::Reach;

struct RouteQuestion
{
    access::ExportedGroups groups {};
    access::RouteRules rules {};
};

Result<RouteQuestion> questionOf(Store& store, const DirectoryView& view, const QString& name)
{
    const auto route = store.policies().route(name);
    const auto policies
        = route ? store.policies().policies() : Result<std::vector<StoredPolicy>>(route.error());
    if (!policies) {
        return policies.error();
    }
    const access::ExportedGroups groups(view, {});
    auto rules = access::routeRules(*policies, { *route }, groups.liveIds());
    return RouteQuestion { .groups = groups, .rules = std::move(rules.front()) };
}

/// Those who get in first, then those whose request decides, then the others.
void answer(Output& out, const ConnectionDirectory& directory, const access::RouteAccess& reached,
    std::vector<QStringList>& rows)
{
    const auto& snapshot = *directory.snapshot;
    for (const Reach reach : { Reach::Yes, Reach::Depends, Reach::No }) {
        for (Row row = 0; row < snapshot.userCount(); ++row) {
            if (reached.reach(row) != reach) {
                continue;
            }
            const auto user = snapshot.user(row);
            QStringList because;
            for (const auto& sentence : reached.because(row)) {
                because.append(sentence.english());
            }
            if (out.isJson()) {
                out.line({ { u"user"_s, user.id }, { u"display_name"_s, user.displayName },
                    { u"email"_s, user.email }, { u"connection"_s, directory.connectionName },
                    { u"verdict"_s, reachName(reach) },
                    { u"because"_s, QJsonArray::fromStringList(because) } });
            } else {
                rows.push_back({ reachName(reach), user.id, user.displayName, because.join(u' ') });
            }
        }
    }
}

CommandResult whoGetsIn(Session& session, const Arguments& arguments)
{
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    const auto question = questionOf(**session.store(), **view, arguments.at(0));
    if (!question) {
        return question.error();
    }
    std::vector<QStringList> rows;
    const auto shared = access::sharedRecordIds(**view);
    for (const auto& directory : (*view)->connections) {
        if (!wanted(directory, arguments)) {
            continue;
        }
        access::DirectoryAccess people(*directory.closure,
            question->groups.naming(directory.connectionId), directory.rules, shared);
        answer(session.out(), directory, people.evaluate(question->rules), rows);
    }
    if (!session.out().isJson()) {
        session.out().table({ u"VERDICT"_s, u"USER"_s, u"NAME"_s, u"BECAUSE"_s }, rows);
    }
    return ExitCode::Done;
}
} // namespace

std::vector<Command> accessCommands()
{
    return {
        { .noun = u"access"_s,
            .verb = u"who"_s,
            .arguments = u"ROUTE"_s,
            .summary
            = u"Who gets in at a route (yes), who might as the request decides (depends), who does not."_s,
            .example = u"access who Wiki --json"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = { QCommandLineOption(
                u"connection"_s, u"Only people of this connection."_s, u"NAME"_s) },
            .run = whoGetsIn },
        accessDiffCommand()
    };
}

} // namespace portreeve::ctl
