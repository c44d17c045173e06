// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/devicesmodel.h"

#include "core/devices/attestation.h"
#include "ui/theme/theme.h"
#include "ui/widgets/timetext.h"

#include <QCoreApplication>
#include <QGuiApplication>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

struct DeviceText
{
    Q_DECLARE_TR_FUNCTIONS(DeviceText)
};

RowsModel::Column deviceColumn(
    const QString& id, const QString& title, int width, bool isHidden = false)
{
    return {
        .id = id, .title = title, .widthChars = width, .hiddenAtFirst = isHidden, .sortable = false
    };
}

} // namespace

QString deviceDetailsText(const devices::DeviceRow& device)
{
    QStringList lines;
    const auto add = [&lines](const QString& name, const QString& value) {
        if (!value.isEmpty()) {
            lines << DeviceText::tr("%1: %2").arg(name, value);
        }
    };
    add(DeviceText::tr("Enrollment"), device.enrollmentId);
    add(DeviceText::tr("Credential"), device.credentialId);
    add(DeviceText::tr("Browser"), device.userAgent);
    add(DeviceText::tr("Address"), device.ipAddress);
    add(DeviceText::tr("Key"), device.keyThumbprint);
    if (device.claimedTwice) {
        lines << DeviceText::tr("Somebody else claimed the same credential earlier.");
    }
    if (device.credentialMissing) {
        lines << DeviceText::tr("Its credential is gone: it lets nobody in.");
    }
    if (device.status == devices::DeviceStatus::Orphan) {
        lines << DeviceText::tr(
            "Its enrollment is gone, but a rule for its type still lets it in.");
    }
    if (device.status == devices::DeviceStatus::Lost) {
        lines << DeviceText::tr("The proxy no longer has this enrollment: its memory was lost at a "
                                "restart, or somebody else deleted it. Its link fails until it is "
                                "recreated.");
    }
    if (device.status == devices::DeviceStatus::Revoked) {
        lines << DeviceText::tr("The link was revoked: whoever follows it sees an error.");
    }
    for (const QString& type : device.otherSessionTypes) {
        lines << DeviceText::tr("A session carries it as “%1”, which is another type.").arg(type);
    }
    return lines.join(u'\n');
}

QString doneStepsText(const devices::RevokeReport& report)
{
    QStringList done;
    for (const auto& step : report.steps) {
        if (step.state == devices::StepState::Done) {
            done << devices::revokeStepName(step.step);
        }
    }
    return done.join(u", "_s);
}

QString deviceStatusText(devices::DeviceStatus status)
{
    switch (status) {
    case devices::DeviceStatus::PendingEnrollment:
        return DeviceText::tr("Pending enrollment");
    case devices::DeviceStatus::PendingApproval:
        return DeviceText::tr("Pending approval");
    case devices::DeviceStatus::Approved:
        return DeviceText::tr("Approved");
    case devices::DeviceStatus::Orphan:
        return DeviceText::tr("Orphan");
    case devices::DeviceStatus::Lost:
        return DeviceText::tr("Lost");
    case devices::DeviceStatus::Revoked:
        return DeviceText::tr("Revoked");
    }
    return {};
}

theme::Role deviceStatusRole(devices::DeviceStatus status)
{
    switch (status) {
    case devices::DeviceStatus::PendingEnrollment:
    case devices::DeviceStatus::Revoked:
        return theme::Role::Muted;
    case devices::DeviceStatus::PendingApproval:
        return theme::Role::Held;
    case devices::DeviceStatus::Approved:
        return theme::Role::Success;
    case devices::DeviceStatus::Lost:
        return theme::Role::Warning;
    case devices::DeviceStatus::Orphan:
        return theme::Role::Error;
    }
    return theme::Role::Muted;
}

QString deviceStatusIconName(devices::DeviceStatus status)
{
    switch (status) {
    case devices::DeviceStatus::PendingEnrollment:
        return u"state-empty"_s;
    case devices::DeviceStatus::PendingApproval:
        return u"held"_s;
    case devices::DeviceStatus::Approved:
        return u"state-full"_s;
    case devices::DeviceStatus::Orphan:
    case devices::DeviceStatus::Lost:
        return u"warning"_s;
    case devices::DeviceStatus::Revoked:
        return u"remove"_s;
    }
    return {};
}

QString linkStateText(devices::LinkState state)
{
    switch (state) {
    case devices::LinkState::Waiting:
        return DeviceText::tr("Waiting");
    case devices::LinkState::Used:
        return DeviceText::tr("Used");
    case devices::LinkState::Expired:
        return DeviceText::tr("Expired");
    case devices::LinkState::Revoked:
        return DeviceText::tr("Revoked");
    case devices::LinkState::Lost:
        return DeviceText::tr("Lost");
    }
    return {};
}

DevicesModel::DevicesModel(QObject* parent)
    : RowsModel(
          { deviceColumn(u"user"_s, tr("User"), 18), deviceColumn(u"email"_s, tr("E-mail"), 24),
              deviceColumn(u"device"_s, tr("Device"), 24), deviceColumn(u"type"_s, tr("Type"), 12),
              deviceColumn(u"status"_s, tr("Status"), 26),
              deviceColumn(u"approved_by"_s, tr("Approved by"), 14),
              deviceColumn(u"enrolled"_s, tr("Enrolled"), 26),
              deviceColumn(u"verified"_s, tr("Last verification"), 26),
              deviceColumn(u"credential"_s, tr("Credential"), 24, true),
              deviceColumn(u"link"_s, tr("Link"), 12) },
          parent)
    , m_rows(std::make_shared<const std::vector<devices::DeviceRow>>())
{
}

void DevicesModel::setRows(
    DeviceRowsPtr rows, std::vector<Row> order, std::vector<devices::DeviceType> types)
{
    swapRows(std::move(order), [&] {
        m_rows = std::move(rows);
        m_types = std::move(types);
    });
}

QString DevicesModel::rowKey(Row row) const
{
    const devices::DeviceRow& here = device(row);
    return here.enrollmentId + u'/' + here.credentialId;
}

std::vector<Row> DevicesModel::filter(const std::vector<devices::DeviceRow>& rows,
    const QString& text, std::optional<devices::DeviceStatus> status)
{
    std::vector<Row> order;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if ((!status || rows[i].status == *status) && devices::matches(rows[i], text)) {
            order.push_back(static_cast<Row>(i));
        }
    }
    return order;
}

QVariant DevicesModel::cell(Row row, int column, int role) const
{
    const devices::DeviceRow& here = device(row);
    if (role == Qt::DecorationRole && column == Status) {
        return theme::icon(deviceStatusIconName(here.status), deviceStatusRole(here.status));
    }
    if (role == Qt::ForegroundRole && column == Status) {
        return theme::color(deviceStatusRole(here.status), QGuiApplication::palette());
    }
    if (role != Qt::DisplayRole && role != kRawRole) {
        return {};
    }
    if (role == kRawRole && (column == Enrolled || column == LastVerified)) {
        const auto& when = column == Enrolled ? here.enrolledAt : here.lastVerifiedAt;
        return when ? toRfc3339(*when) : QString();
    }
    return text(here, column);
}

QString DevicesModel::text(const devices::DeviceRow& device, int column) const
{
    switch (column) {
    case User:
        return device.userName;
    case Email:
        return device.email;
    case Device:
        return device.credentialId.isEmpty() ? QString()
                                             : devices::familyLabel(device.attestationFormat);
    case Type: {
        const auto* type = devices::findType(m_types, device.typeId);
        return type != nullptr ? type->label.translated() : device.typeId;
    }
    case Status:
        return deviceStatusText(device.status);
    case ApprovedBy:
        return device.approvedBy;
    case Enrolled:
        return device.enrolledAt ? shortTime(*device.enrolledAt, m_now) : QString();
    case LastVerified:
        return device.lastVerifiedAt ? shortTime(*device.lastVerifiedAt, m_now) : QString();
    case Credential:
        return device.credentialId;
    case Link:
        return device.linkState ? linkStateText(*device.linkState) : QString();
    default:
        return {};
    }
}

} // namespace portreeve
