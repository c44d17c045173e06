// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/devicesmodel.h"
#include "ui/pages/devices/devicespage.h"
#include "ui/pages/devices/newenrollmentdialog.h"
#include "ui/pages/devices/recordsdialog.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/messagebar.h"

using namespace Qt::StringLiterals;

namespace portreeve {

void DevicesPage::newEnrollment()
{
    if (!mayWrite()) {
        return;
    }
    auto* dialog = new NewEnrollmentDialog(m_context, *m_board,
        isConsole() ? devices::DeviceKeeper::Console : devices::DeviceKeeper::Proxy, this);
    dialog->open();
}

void DevicesPage::askRevoke()
{
    std::vector<devices::DeviceKey> keys;
    QStringList names;
    bool isUnused = true; // nobody has enrolled a device with any of them
    for (const auto* device : selected()) {
        isUnused = isUnused && device->credentialId.isEmpty();
        keys.push_back(
            { .enrollmentId = device->enrollmentId, .credentialId = device->credentialId });
        names << device->userName;
    }
    constexpr qsizetype shown = 5;
    const QString who = names.size() > shown
        ? tr("%1 and %2 more").arg(names.first(shown).join(u", "_s)).arg(names.size() - shown)
        : names.join(u", "_s);
    const int count = static_cast<int>(keys.size());
    ConfirmDialog::confirm(this,
        { .title = tr("Revoke"),
            .text = (isUnused ? tr("Revoke %n enrollment(s) of %1?", nullptr, count)
                              : tr("Revoke %n device(s) of %1?", nullptr, count))
                .arg(who),
            .details = isUnused
                ? tr("Nobody has enrolled a device with it, and its link stops working.")
                : isConsole()
                ? tr("Enterprise's console deletes it. It takes effect within 60 seconds; open "
                     "connections stay.")
                : tr("It is taken out of sessions, of its user, and deleted, in that order: "
                     "deleting the enrollment alone would not shut it out. It takes effect within "
                     "60 seconds; open connections stay."),
            .verb = tr("&Revoke") },
        [this, keys] { m_board->revoke(keys); });
}

void DevicesPage::tellApproved(const Result<devices::ApprovalReport>& report)
{
    if (!report) {
        m_message->showError(report.error());
        return;
    }
    const int missing = static_cast<int>(report->missing.size());
    const QString done = tr("%n device(s) changed. It takes effect within 60 seconds.", nullptr,
        static_cast<int>(report->changed.size()));
    m_message->showMessage(missing > 0 ? MessageBar::Kind::Warning : MessageBar::Kind::Success,
        missing > 0 ? done + u' ' + tr("%n vanished meanwhile.", nullptr, missing) : done);
}

void DevicesPage::tellRevoked(const std::vector<devices::RevokeReport>& reports)
{
    for (const devices::RevokeReport& report : reports) {
        if (const Error* error = report.error()) {
            const QString done = doneStepsText(report);
            m_message->showError(done.isEmpty()
                    ? *error
                    : error->wrappedIn(message(QT_TRANSLATE_NOOP("Message",
                                                   "Not all of the device could be revoked. Done "
                                                   "so far: %1. Revoke it again."),
                          done)));
            return;
        }
    }
    m_message->showMessage(MessageBar::Kind::Success,
        tr("%n device(s) revoked. It takes effect within 60 seconds.", nullptr,
            static_cast<int>(reports.size())));
}

void DevicesPage::showRecords(const Result<QJsonArray>& records)
{
    if (!records) {
        m_message->showError(records.error());
        return;
    }
    auto* dialog = new RecordsDialog(*records, this);
    dialog->open();
}

void DevicesPage::askHousekeeping()
{
    const auto& what = m_board->housekeeping();
    ConfirmDialog::confirm(this,
        { .title = tr("Clean up"),
            .text = tr("Delete %1 expired enrollments that nobody used and %2 leftovers of refused "
                       "ones?")
                .arg(what.expiredEnrollments.size())
                .arg(what.abandonedOwners.size()),
            .details = tr("None of them lets anybody in."),
            .verb = tr("&Delete") },
        [this] { m_board->keepHouse(); });
}

} // namespace portreeve
