// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/commandline.h"
#include "app/ctl/devicetarget.h"
#include "app/ctl/directorylookup.h"
#include "app/ctl/json.h"
#include "core/devices/attestation.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

using devices::DeviceRow;

namespace {
QJsonObject rowJson(const DeviceRow& row)
{
    QJsonArray flags;
    if (row.credentialMissing) {
        flags.append(u"credential_missing"_s);
    }
    if (row.claimedTwice) {
        flags.append(u"claimed_twice"_s);
    }
    if (!row.otherSessionTypes.empty()) {
        flags.append(u"session_type_differs"_s);
    }
    return { { u"enrollment_id"_s, row.enrollmentId }, { u"credential_id"_s, row.credentialId },
        { u"user"_s, row.userId }, { u"user_name"_s, row.userName }, { u"email"_s, row.email },
        { u"type"_s, row.typeId }, { u"status"_s, deviceStatusName(row.status) },
        { u"approved_by"_s, row.approvedBy }, { u"enrolled_at"_s, timeOrNull(row.enrolledAt) },
        { u"last_verified_at"_s, timeOrNull(row.lastVerifiedAt) },
        { u"attestation"_s, row.attestationFormat }, { u"key_thumbprint"_s, row.keyThumbprint },
        { u"user_agent"_s, row.userAgent }, { u"ip_address"_s, row.ipAddress },
        { u"link_state"_s,
            row.linkState ? QJsonValue(linkStateName(*row.linkState)) : QJsonValue() },
        { u"flags"_s, flags }, { u"session_types"_s, toArray(row.otherSessionTypes) } };
}

QJsonObject reportJson(const devices::RevokeReport& report)
{
    QJsonArray steps;
    for (const auto& step : report.steps) {
        QJsonObject object { { u"step"_s, revokeStepName(step.step) },
            { u"state"_s, stepStateName(step.state) }, { u"records"_s, step.records } };
        if (step.error) {
            object.insert(u"error"_s, step.error->toJson());
        }
        steps.append(object);
    }
    return { { u"enrollment_id"_s, report.device.enrollmentId },
        { u"credential_id"_s, report.device.credentialId }, { u"complete"_s, report.isComplete() },
        { u"steps"_s, steps } };
}

struct Shown
{
    devices::LoadedDevices loaded {};
    std::vector<DeviceLink> links {};
};

Result<Shown> load(Session& session, const DeviceTarget& target)
{
    auto links = target.devices->links();
    if (!links) {
        return links.error();
    }
    auto loaded = target.devices->load(session.stopToken());
    if (!loaded) {
        return loaded.error();
    }
    for (const auto& damaged : loaded->damaged) {
        session.out().message(damaged.toText());
    }
    return Shown { .loaded = std::move(*loaded), .links = std::move(*links) };
}

Result<void> checkStatus(const Arguments& arguments)
{
    QStringList known;
    for (const auto status : devices::kDeviceStatuses) {
        known.append(devices::deviceStatusName(status));
    }
    const QString status = arguments.value(u"status"_s);
    if (!arguments.has(u"status"_s) || known.contains(status)) {
        return {};
    }
    const QString near = nearest(status, known);
    return usageError(
        message(QT_TRANSLATE_NOOP("Message", "--%1 cannot be “%2”."), u"status"_s, status),
        near.isEmpty()
            ? message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), known.join(u", "_s))
            : message(QT_TRANSLATE_NOOP("Message", "Did you mean %1?"), near));
}

CommandResult listDevices(Session& session, const Arguments& arguments)
{
    if (const auto known = checkStatus(arguments); !known) {
        return known.error();
    }
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Look);
    if (!target) {
        return target.error();
    }
    const auto view = loadView(session, arguments);
    if (!view) {
        return view.error();
    }
    const auto shown = load(session, *target);
    if (!shown) {
        return shown.error();
    }
    const auto& table = shown->loaded.table;
    std::vector<QStringList> cells;
    for (const auto& row : table.rows({ .people = devices::peopleOf(*view),
             .links = &shown->links,
             .now = session.clock().nowUtc() })) {
        const bool wantedStatus = !arguments.has(u"status"_s)
            || arguments.value(u"status"_s) == deviceStatusName(row.status);
        if (!wantedStatus || !matches(row, arguments.value(u"search"_s))) {
            continue;
        }
        if (session.out().isJson()) {
            session.out().line(rowJson(row));
            continue;
        }
        cells.push_back({ row.enrollmentId.isEmpty() ? row.credentialId : row.enrollmentId,
            row.userName, row.typeId, devices::familyLabel(row.attestationFormat),
            deviceStatusName(row.status), row.approvedBy,
            row.enrolledAt ? toRfc3339(*row.enrolledAt) : QString() });
    }
    if (!session.out().isJson()) {
        session.out().table({ u"ID"_s, u"USER"_s, u"TYPE"_s, u"DEVICE"_s, u"STATUS"_s,
                                u"APPROVED BY"_s, u"ENROLLED"_s },
            cells);
    }
    const auto orphans = table.orphans();
    if (!orphans.isEmpty()) {
        session.out().message(
            u"Records without a device: %1 credentials, %2 enrollments, %3 owner records."_s.arg(
                QString::number(orphans.credentials.size()),
                QString::number(orphans.enrollments.size()),
                QString::number(orphans.owners.size())));
    }
    return ExitCode::Done;
}

CommandResult approveDevices(Session& session, const Arguments& arguments)
{
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Change);
    if (!target) {
        return target.error();
    }
    std::vector<QString> ids;
    ids.reserve(static_cast<std::size_t>(arguments.count()));
    for (qsizetype i = 0; i < arguments.count(); ++i) {
        ids.push_back(arguments.at(i));
    }
    const auto report = arguments.has(u"undo"_s)
        ? target->devices->undoApproval(ids, session.stopToken())
        : target->devices->approve(ids, session.stopToken());
    if (!report) {
        return report.error();
    }
    if (session.out().isJson()) {
        session.out().document({ { u"changed"_s, toArray(report->changed) },
            { u"missing"_s, toArray(report->missing) } });
    }
    if (!report->changed.empty()) {
        session.out().message(u"Takes effect at the proxy within 60 seconds."_s);
    }
    if (report->missing.empty()) {
        return ExitCode::Done;
    }
    return Error { .code = ErrorCode::NotFound,
        .what
        = message(QT_TRANSLATE_NOOP("Message", "The proxy no longer has these enrollments: %1."),
            QStringList(report->missing.begin(), report->missing.end()).join(u", "_s)),
        .remedy = message(QT_TRANSLATE_NOOP("Message", "List the devices again.")) };
}

CommandResult showDevice(Session& session, const Arguments& arguments)
{
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Look);
    if (!target) {
        return target.error();
    }
    const auto key = target->devices->find(arguments.at(0), session.stopToken());
    if (!key) {
        return key.error();
    }
    const auto records = target->devices->records(*key, session.stopToken());
    if (!records) {
        return records.error();
    }
    session.out().document({ { u"enrollment_id"_s, key->enrollmentId },
        { u"credential_id"_s, key->credentialId }, { u"records"_s, *records } });
    return ExitCode::Done;
}

CommandResult revokeDevice(Session& session, const Arguments& arguments)
{
    const auto target = openDeviceTarget(session, arguments, DeviceUse::Change);
    if (!target) {
        return target.error();
    }
    const auto key = target->devices->find(arguments.at(0), session.stopToken());
    if (!key) {
        return key.error();
    }
    const auto report = target->devices->revoke(*key, session.stopToken());
    if (!report) {
        return report.error();
    }
    if (session.out().isJson()) {
        session.out().document(reportJson(*report));
    }
    for (const auto& step : report->steps) {
        session.out().message(revokeStepName(step.step).leftJustified(12)
            + stepStateName(step.state).replace(u'_', u' '));
    }
    if (report->isComplete()) {
        session.out().message(u"Takes effect at the proxy within 60 seconds."_s);
        return ExitCode::Done;
    }
    const QString again = report->device.credentialId.isEmpty() ? report->device.enrollmentId
                                                                : report->device.credentialId;
    return report->error()->wrappedIn(message(
        QT_TRANSLATE_NOOP("Message", "The device is revoked in part; revoke %1 again."), again));
}

QJsonArray keptJson(const std::vector<devices::KeptRecord>& kept)
{
    QJsonArray array;
    for (const auto& record : kept) {
        array.append(QJsonObject { { u"type"_s, record.type }, { u"id"_s, record.id },
            { u"reason"_s, keptReasonName(record.reason) } });
    }
    return array;
}

QString keptReasonText(devices::KeptReason reason)
{
    switch (reason) {
    case devices::KeptReason::Unreadable:
        return u"as a record that cannot be read may need it"_s;
    case devices::KeptReason::Recent:
        return u"as its registration may still go on"_s;
    case devices::KeptReason::NoLink:
        return u"as its link was not made here"_s;
    case devices::KeptReason::ForAPerson:
        return u"as it is part of a device: revoke it"_s;
    }
    return {};
}

CommandResult keepHouse(Session& session, const Arguments& arguments)
{
    const bool removes = arguments.has(u"delete"_s);
    const auto target
        = openDeviceTarget(session, arguments, removes ? DeviceUse::Change : DeviceUse::Look);
    if (!target) {
        return target.error();
    }
    if (target->devices->keeper() == devices::DeviceKeeper::Console) {
        return target->devices->keepHouse({}, session.stopToken()).error(); // says why not
    }
    const auto shown = load(session, *target);
    if (!shown) {
        return shown.error();
    }
    auto found = devices::housekeepingOf(shown->loaded, shown->links, session.clock().nowUtc());
    if (removes) {
        const auto gone = target->devices->keepHouse(found, session.stopToken());
        if (!gone) {
            return gone.error();
        }
        found = *gone;
    }
    if (session.out().isJson()) {
        session.out().document({ { u"deleted"_s, removes },
            { u"expired_enrollments"_s, toArray(found.expiredEnrollments) },
            { u"abandoned_owners"_s, toArray(found.abandonedOwners) },
            { u"kept"_s, keptJson(found.kept) } });
        return ExitCode::Done;
    }
    session.out().text((removes ? u"Deleted: %1 expired enrollments, %2 owner records."_s
                                : u"To delete: %1 expired enrollments, %2 owner records."_s)
            .arg(QString::number(found.expiredEnrollments.size()),
                QString::number(found.abandonedOwners.size())));
    for (const auto& record : found.kept) {
        session.out().text(u"Kept: %1 %2, %3."_s.arg(
            record.type.section(u'.', -1), record.id, keptReasonText(record.reason)));
    }
    return ExitCode::Done;
}
} // namespace

std::vector<Command> deviceCommands()
{
    const QString noun = u"device"_s;
    auto commands = deviceLinkCommands();
    commands.insert(commands.end(),
        {
            { .noun = noun,
                .verb = u"list"_s,
                .summary = u"List enrolled devices, enrollments that wait, and lost links."_s,
                .example = u"device list --status pending_approval"_s,
                .options = deviceTargetOptions()
                    + QList {
                        QCommandLineOption(
                            u"search"_s, u"Only where a field contains these words."_s, u"TEXT"_s),
                        QCommandLineOption(u"status"_s,
                            u"pending_enrollment, pending_approval, approved, orphan, lost or "
                            "revoked."_s,
                            u"STATUS"_s),
                    },
                .run = listDevices },
            { .noun = noun,
                .verb = u"show"_s,
                .arguments = u"ID"_s,
                .summary = u"Print the records of a device as the proxy keeps them."_s,
                .example = u"device show 3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f"_s,
                .minimumArguments = 1,
                .maximumArguments = 1,
                .options = deviceTargetOptions(),
                .run = showDevice },
            { .noun = noun,
                .verb = u"approve"_s,
                .arguments = u"ENROLLMENT..."_s,
                .summary = u"Approve devices, or take an approval back."_s,
                .example = u"device approve 3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f --by ann"_s,
                .minimumArguments = 1,
                .maximumArguments = 10'000,
                .options = deviceTargetOptions()
                    + QList { QCommandLineOption(u"undo"_s, u"Take the approval back."_s) },
                .run = approveDevices },
            { .noun = noun,
                .verb = u"revoke"_s,
                .arguments = u"ID"_s,
                .summary = u"Revoke a device, or an enrollment nobody has used."_s,
                .example = u"device revoke 3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f"_s,
                .minimumArguments = 1,
                .maximumArguments = 1,
                .options = deviceTargetOptions(),
                .run = revokeDevice },
            { .noun = noun,
                .verb = u"housekeep"_s,
                .summary = u"Show records nobody needs, and why others stay."_s,
                .example = u"device housekeep --delete"_s,
                .options = deviceTargetOptions()
                    + QList { QCommandLineOption(u"delete"_s, u"Delete them."_s) },
                .run = keepHouse },
        });
    return commands;
}

} // namespace portreeve::ctl
