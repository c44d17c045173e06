// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/devicetarget.h"
#include "app/ctl/directorylookup.h"
#include "app/ctl/json.h"
#include "core/access/recordids.h"
#include "core/devices/linkstate.h"
#include "core/devices/linktexts.h"

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

using devices::IssuedLink;

namespace {
QJsonObject issuedJson(const IssuedLink& issued)
{
    return { { u"user"_s, issued.link.userId }, { u"url"_s, issued.url },
        { u"expires_at"_s, timeOrNull(issued.expiresAt) },
        { u"enrollment_id"_s, issued.link.enrollmentId } };
}

QJsonObject linkJson(const DeviceLink& link, devices::LinkState state)
{
    return { { u"enrollment_id"_s, link.enrollmentId }, { u"user"_s, link.userId },
        { u"user_name"_s, link.userName }, { u"type"_s, link.type }, { u"host"_s, link.host },
        { u"redirect"_s, link.redirect }, { u"issued_at"_s, toRfc3339(link.issuedAt) },
        { u"expires_at"_s, toRfc3339(link.expiresAt) }, { u"approved"_s, link.approved },
        { u"creator"_s, link.creator }, { u"state"_s, linkStateName(state) } };
}

/// The result only: a link is confidential and belongs on stdout alone.
void print(Output& out, const std::vector<IssuedLink>& links)
{
    for (const auto& issued : links) {
        if (!out.isJson()) {
            out.text(issued.url);
        } else if (links.size() == 1) {
            out.document(issuedJson(issued));
        } else {
            out.line(issuedJson(issued));
        }
    }
}

Result<std::chrono::milliseconds> validity(const Arguments& arguments)
{
    return arguments.has(u"valid"_s) ? parseDuration(arguments.value(u"valid"_s))
                                     : Result(devices::kDefaultValidity);
}

Error noRecordId(const QString& person, const QString& connection)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "%1 has no id at the proxy: the record id chosen for “%2” is empty or "
                            "that of several people."),
            person, connection),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Give the person one in the directory, or choose another record id for the "
            "connection.")) };
}

Result<std::vector<devices::LinkUser>> usersOf(Session& session, const Arguments& arguments)
{
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    std::map<const ConnectionDirectory*, access::RecordIds> idsOf; // made once for all people
    std::vector<devices::LinkUser> users;
    for (qsizetype i = 0; i < arguments.count(); ++i) {
        const auto found = findUser(**view, arguments, arguments.at(i));
        if (!found) {
            return found.error();
        }
        const auto user = found->directory->snapshot->user(found->row);
        const auto& directory = *found->directory;
        const auto& ids
            = idsOf.try_emplace(&directory, *directory.snapshot, directory.rules.recordId)
                  .first->second;
        if (!ids.has(found->row)) {
            return noRecordId(user.displayName, directory.connectionName);
        }
        users.push_back(
            { .id = ids.id(found->row), .name = user.displayName, .email = user.email });
    }
    return users;
}

Result<devices::LinkOrder> orderOf(
    Session& session, const Arguments& arguments, const DeviceTarget& target)
{
    auto users = usersOf(session, arguments);
    if (!users) {
        return users.error();
    }
    auto hosts = target.devices->hosts(session.stopToken());
    if (!hosts) {
        return hosts.error();
    }
    const auto valid = validity(arguments);
    if (!valid) {
        return valid.error();
    }
    return devices::LinkOrder { .targetId = target.target.id,
        .users = std::move(*users),
        .host = arguments.value(u"route"_s),
        .routeHosts = std::move(*hosts),
        .deviceType = arguments.value(u"type"_s, u"any"_s),
        .redirect = arguments.value(u"redirect"_s),
        .plainHttpConfirmed = arguments.has(u"allow-http"_s),
        .validity = *valid,
        .approvedBy = arguments.has(u"approve"_s) ? target.actor : QString(),
        .creator = target.actor };
}

/// Enterprise's console decides it by itself.
void tellApproval(Output& out, const std::vector<IssuedLink>& links, bool isWanted)
{
    const bool isApproved
        = std::ranges::all_of(links, [](const IssuedLink& issued) { return issued.link.approved; });
    if (isApproved && !isWanted) {
        out.message(u"The console approves the device as soon as it is enrolled."_s);
    }
}

CommandResult makeLinks(Session& session, const Arguments& arguments)
{
    if (!arguments.has(u"route"_s)) {
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "The host that the link leads to is not named.")),
            message(QT_TRANSLATE_NOOP("Message", "Name the host of a route with --route.")));
    }
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Change);
    if (!target) {
        return target.error();
    }
    if (arguments.has(u"valid"_s) && target->devices->keeper() == devices::DeviceKeeper::Console) {
        return usageError(message(QT_TRANSLATE_NOOP(
                              "Message", "Enterprise's console decides how long its links work.")),
            message(QT_TRANSLATE_NOOP("Message", "Leave --valid out.")));
    }
    const auto order = orderOf(session, arguments, *target);
    if (!order) {
        return order.error();
    }
    const auto issued = target->devices->create(*order, session.stopToken());
    if (!issued) {
        Error error = issued.error();
        const bool isPlain = error.field == u"redirect"
            && devices::checkRedirect(order->redirect, order->host).verdict
                == devices::RedirectVerdict::NeedsConfirmation;
        if (isPlain) {
            error.remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Write it with https, or add --allow-http to accept it."));
        }
        return error;
    }
    for (const auto& warning : issued->warnings) {
        session.out().message(warning.english());
    }
    for (const auto& one : issued->links) {
        if (!one.knownToProxy) {
            session.out().message(
                u"%1 has not signed in at the proxy yet; the link works all the same."_s.arg(
                    one.link.userName));
        }
    }
    tellApproval(session.out(), issued->links, !order->approvedBy.isEmpty());
    if (arguments.has(u"csv"_s)) {
        session.out().raw(devices::linksCsv(issued->links));
    } else {
        print(session.out(), issued->links);
    }
    return ExitCode::Done;
}

CommandResult listLinks(Session& session, const Arguments& arguments)
{
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Look);
    if (!target) {
        return target.error();
    }
    const auto links = target->devices->links();
    if (!links) {
        return links.error();
    }
    const auto enrollments = target->devices->enrollments(session.stopToken());
    if (!enrollments) {
        return enrollments.error();
    }
    std::vector<QStringList> rows;
    for (const auto& link : *links) {
        const auto found = enrollments->constFind(link.enrollmentId);
        const auto state = devices::linkState(
            link, found == enrollments->cend() ? nullptr : &*found, session.clock().nowUtc());
        if (session.out().isJson()) {
            session.out().line(linkJson(link, state));
        }
        rows.push_back({ link.enrollmentId, link.userName, link.type, link.host,
            toRfc3339(link.expiresAt), linkStateName(state) });
    }
    if (!session.out().isJson()) {
        session.out().table(
            { u"ENROLLMENT"_s, u"USER"_s, u"TYPE"_s, u"HOST"_s, u"EXPIRES"_s, u"STATE"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult renewLink(Session& session, const Arguments& arguments)
{
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Change);
    if (!target) {
        return target.error();
    }
    const auto valid = validity(arguments);
    if (!valid) {
        return valid.error();
    }
    const QString id = arguments.at(0);
    // Another administrator may have deleted it on purpose: only who asks for it gets it back.
    const bool again = arguments.has(u"recreate"_s);
    const auto issued = again ? target->devices->recreate(id, *valid, session.stopToken())
                              : target->devices->renew(id, *valid, session.stopToken());
    if (!issued && !again && issued.error().code == ErrorCode::Stale) {
        Error lost = issued.error();
        lost.remedy = message(QT_TRANSLATE_NOOP("Message",
            "The proxy lost its memory at a restart, or another administrator deleted it. To put "
            "it back, add --recreate."));
        return lost;
    }
    if (!issued) {
        return issued.error();
    }
    print(session.out(), { *issued });
    return ExitCode::Done;
}

CommandResult showUrl(Session& session, const Arguments& arguments)
{
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Look);
    if (!target) {
        return target.error();
    }
    const bool brief = arguments.has(u"short"_s);
    const auto issued = target->devices->linkAgain(
        arguments.at(0), brief ? devices::LinkForm::Short : devices::LinkForm::Signed);
    if (!issued) {
        return issued.error();
    }
    if (brief) {
        session.out().message(
            u"The short form works only in a browser that is signed in already."_s);
    }
    print(session.out(), { *issued });
    return ExitCode::Done;
}
} // namespace

std::vector<Command> deviceLinkCommands()
{
    const QString noun = u"device"_s;
    const QCommandLineOption valid(
        u"valid"_s, u"How long it works, at most 90 days (default 7d)."_s, u"DURATION"_s);
    return {
        { .noun = noun,
            .verb = u"link"_s,
            .arguments = u"USER..."_s,
            .summary = u"Make links with which people enroll a device."_s,
            .example = u"device link ann@example.org --route wiki.example.org --valid 1d --approve"_s,
            .minimumArguments = 1,
            .maximumArguments = 10'000,
            .options = deviceTargetOptions()
                + QList {
                    QCommandLineOption(u"route"_s, u"The host of a route."_s, u"HOST"_s),
                    QCommandLineOption(u"type"_s,
                        u"any (default), enclave_only, or a type kept at the proxy."_s, u"TYPE"_s),
                    valid,
                    QCommandLineOption(u"redirect"_s,
                        u"Where to go afterwards (default: the proxy's own page)."_s, u"URL"_s),
                    QCommandLineOption(
                        u"allow-http"_s, u"Accept a redirect that is not encrypted."_s),
                    QCommandLineOption(
                        u"approve"_s, u"Count the device as approved from its enrollment on."_s),
                    QCommandLineOption(u"csv"_s, u"Print a CSV instead of the links alone."_s),
                    QCommandLineOption(
                        u"connection"_s, u"Look people up in this connection only."_s, u"NAME"_s),
                },
            .run = makeLinks },
        { .noun = noun,
            .verb = u"links"_s,
            .summary = u"List the links made here and how they stand; without their text."_s,
            .example = u"device links --target edge"_s,
            .options = deviceTargetOptions(),
            .run = listLinks },
        { .noun = noun,
            .verb = u"url"_s,
            .arguments = u"ENROLLMENT"_s,
            .summary = u"Print the link of an enrollment again while it is valid."_s,
            .example = u"device url 3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = deviceTargetOptions()
                + QList { QCommandLineOption(
                    u"short"_s, u"The short form, for people who are signed in already."_s) },
            .run = showUrl },
        { .noun = noun,
            .verb = u"renew"_s,
            .arguments = u"ENROLLMENT"_s,
            .summary = u"Make a new link for an enrollment nobody has used."_s,
            .example = u"device renew 3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f --valid 1d"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .options = deviceTargetOptions()
                + QList { valid,
                    QCommandLineOption(u"recreate"_s,
                        u"Put a lost enrollment back, with the link that was handed out."_s) },
            .run = renewLink },
    };
}

} // namespace portreeve::ctl
