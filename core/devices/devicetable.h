// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/devices/linkstate.h"
#include "core/proxy/databroker/devicerecords.h"
#include "core/store/directorystore.h"

#include <QHash>
#include <QStringList>

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace portreeve::devices {

enum class DeviceStatus {
    PendingEnrollment,
    PendingApproval,
    Approved,
    Orphan, ///< a credential whose enrollment is gone; a rule for its type still lets it in
    Lost, ///< a link of ours whose enrollment went away without us
    Revoked, ///< a link of ours whose enrollment we deleted
};

inline constexpr std::array kDeviceStatuses { DeviceStatus::PendingEnrollment,
    DeviceStatus::PendingApproval, DeviceStatus::Approved, DeviceStatus::Orphan, DeviceStatus::Lost,
    DeviceStatus::Revoked };

QString deviceStatusName(DeviceStatus status); ///< "pending_approval"

/// What the directory calls somebody the proxy knows by id.
struct Person
{
    QString name {};
    QString email {};
};

using PersonLookup = std::function<std::optional<Person>(const QString& userId)>;

/// People of every connection of @p view.
PersonLookup peopleOf(DirectoryViewPtr view);

/// One enrollment with its credential, a credential without enrollment, or a link without either.
struct DeviceRow
{
    QString enrollmentId {}; ///< empty for an orphan
    QString credentialId {}; ///< empty before the enrollment
    QString userId {};
    QString userName {}; ///< of the directory, else of the link or the proxy, else the id
    QString email {};
    QString typeId {};
    DeviceStatus status = DeviceStatus::PendingEnrollment;
    QString approvedBy {}; ///< free text that any holder of the secret can write
    std::optional<UtcTime> enrolledAt {};
    std::optional<UtcTime> lastVerifiedAt {}; ///< start of the newest device verification
    QString attestationFormat {}; ///< see familyLabel()
    QString keyThumbprint {};
    QString userAgent {};
    QString ipAddress {};
    std::optional<LinkState> linkState {}; ///< nothing for enrollments without a link of ours

    bool credentialMissing = false; ///< enrolled, but the credential record is gone
    bool claimedTwice = false; ///< somebody else claims the same credential, and earlier
    std::vector<QString> otherSessionTypes {}; ///< tags in sessions that differ from `typeId`
};

/// Records that belong to no device.
struct DeviceOrphans
{
    std::vector<QString> credentials {}; ///< without an enrollment
    std::vector<QString> enrollments {}; ///< used, but without their credential
    std::vector<QString> owners {}; ///< left by refused enrollments; harmless

    bool isEmpty() const { return credentials.empty() && enrollments.empty() && owners.empty(); }
};

/// The proxy's device records, joined. Filled by a snapshot and kept current by its changes; a
/// plain value without I/O, to be used on one thread at a time.
class DeviceTable
{
public:
    /// The record types it joins: what to take a snapshot of, and to follow.
    static const QStringList& recordTypes();

    /// Takes a record in, or out where it is a tombstone. Records of other types are ignored.
    /// @return BadResponse naming a damaged record, which then counts as not there
    Result<void> apply(const DatabrokerRecord& record);

    const EnrollmentData* enrollment(const QString& id) const;
    const CredentialData* credential(const QString& id) const;
    const SignedInUserData* user(const QString& id) const;

    /// Types kept at the proxy, by id.
    std::vector<DeviceTypeData> customTypes() const;

    /// Enrollments that nobody has used, by id.
    std::vector<EnrollmentData> pendingEnrollments() const;

    struct Context
    {
        PersonLookup people {}; ///< may be empty
        const std::vector<DeviceLink>* links = nullptr; ///< ours at this target; may be null
        UtcTime now {};
    };

    /// By user name, then by time of enrollment. A revoked link is among them until its end: until
    /// then somebody may follow it and ask why it fails.
    std::vector<DeviceRow> rows(const Context& context) const;
    DeviceOrphans orphans() const; ///< each list sorted

    /// Owner records without a credential that were last written before @p before: a ceremony that
    /// still goes on has none yet either. Sorted.
    std::vector<QString> abandonedOwners(UtcTime before) const;

private:
    struct StoredCredential
    {
        CredentialData data {};
        QString attestationFormat {};
        QString keyThumbprint {};
        std::optional<UtcTime> lastVerifiedAt {};
    };

    struct StoredOwner
    {
        QByteArray ownerId {};
        UtcTime modifiedAt {};
    };

    void remove(const DatabrokerRecord& record);
    void putCredential(const CredentialData& data);
    DeviceRow rowOf(const EnrollmentData& enrollment) const;
    DeviceRow rowOf(const StoredCredential& credential) const;
    void addCredential(DeviceRow& row, const StoredCredential& credential) const;
    void addLinks(
        std::vector<DeviceRow>& rows, const std::vector<DeviceLink>& links, UtcTime now) const;
    void addPeople(std::vector<DeviceRow>& rows, const PersonLookup& people) const;
    void flagClaims(std::vector<DeviceRow>& rows) const;
    void flagSessionTypes(std::vector<DeviceRow>& rows) const;

    QHash<QString, EnrollmentData> m_enrollments;
    QHash<QString, StoredCredential> m_credentials;
    QHash<QString, StoredOwner> m_owners; ///< by credential id
    QHash<QString, DeviceTypeData> m_types;
    QHash<QString, SignedInUserData> m_users;
    QHash<QString, SessionData> m_sessions;
};

/// Whether each word of @p text stands somewhere in a row as people see it.
bool matches(const DeviceRow& row, const QString& text);

} // namespace portreeve::devices
