// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicetable.h"

#include "core/access/recordids.h"
#include "core/devices/attestation.h"

#include <QSet>
#include <QUuid>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

namespace {
template <typename Value> const Value* find(const QHash<QString, Value>& values, const QString& id)
{
    const auto found = values.constFind(id);
    return found == values.cend() ? nullptr : &*found;
}

// How an OwnerCredentialRecord names a person (devices.md 2).
QByteArray ownerIdOf(const QString& userId)
{
    static const QUuid space(u"2929d3f7-f0b0-478f-9dd5-970d51eb3859"_s);
    return QUuid::createUuidV5(space, userId.toUtf8()).toRfc4122();
}

DeviceRow linkRow(const DeviceLink& link, LinkState state)
{
    return { .enrollmentId = link.enrollmentId,
        .userId = link.userId,
        .userName = link.userName,
        .typeId = link.type,
        .status = state == LinkState::Revoked ? DeviceStatus::Revoked : DeviceStatus::Lost };
}

bool earlier(const DeviceRow& a, const DeviceRow& b)
{
    return std::tuple(a.enrolledAt.value_or(UtcTime::max()), a.enrollmentId)
        < std::tuple(b.enrolledAt.value_or(UtcTime::max()), b.enrollmentId);
}
} // namespace

QString deviceStatusName(DeviceStatus status)
{
    switch (status) {
    case DeviceStatus::PendingEnrollment:
        return u"pending_enrollment"_s;
    case DeviceStatus::PendingApproval:
        return u"pending_approval"_s;
    case DeviceStatus::Approved:
        return u"approved"_s;
    case DeviceStatus::Orphan:
        return u"orphan"_s;
    case DeviceStatus::Lost:
        return u"lost"_s;
    case DeviceStatus::Revoked:
        return u"revoked"_s;
    }
    return {};
}

PersonLookup peopleOf(DirectoryViewPtr view)
{
    std::vector<access::RecordIds> ids;
    for (const auto& directory : view->connections) {
        ids.emplace_back(*directory.snapshot, directory.rules.recordId);
    }
    return [view = std::move(view), ids = std::move(ids)](
               const QString& userId) -> std::optional<Person> {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto& directory = view->connections[i];
            if (const Row row = ids[i].find(userId); row != kNoRow) {
                const auto user = directory.snapshot->user(row);
                return Person { .name = user.displayName, .email = user.email };
            }
        }
        return std::nullopt;
    };
}

const QStringList& DeviceTable::recordTypes()
{
    static const QStringList types { recordtype::kDeviceType, recordtype::kUser,
        recordtype::kEnrollment, recordtype::kCredential, recordtype::kOwnerCredential,
        recordtype::kSession };
    return types;
}

void DeviceTable::remove(const DatabrokerRecord& record)
{
    if (record.type == recordtype::kEnrollment) {
        m_enrollments.remove(record.id);
    } else if (record.type == recordtype::kCredential) {
        m_credentials.remove(record.id);
    } else if (record.type == recordtype::kOwnerCredential) {
        m_owners.remove(record.id);
    } else if (record.type == recordtype::kDeviceType) {
        m_types.remove(record.id);
    } else if (record.type == recordtype::kUser) {
        m_users.remove(record.id);
    } else if (record.type == recordtype::kSession) {
        m_sessions.remove(record.id);
    }
}

Result<void> DeviceTable::apply(const DatabrokerRecord& record)
{
    remove(record);
    if (record.isDeleted) {
        return {};
    }
    const auto keep = [&record](auto decoded, auto put) -> Result<void> {
        if (!decoded) {
            return decoded.error();
        }
        put(record.id, *decoded);
        return {};
    };
    const auto into = [&keep](auto decoded, auto& values) {
        return keep(std::move(decoded),
            [&values](const QString& id, const auto& value) { values.insert(id, value); });
    };
    if (record.type == recordtype::kEnrollment) {
        return into(enrollmentData(record), m_enrollments);
    }
    if (record.type == recordtype::kCredential) {
        return keep(credentialData(record),
            [this](const QString&, const CredentialData& data) { putCredential(data); });
    }
    if (record.type == recordtype::kOwnerCredential) {
        return keep(ownerCredentialData(record),
            [this, &record](const QString& id, const OwnerCredentialData& data) {
                m_owners.insert(id,
                    { .ownerId = data.ownerId,
                        .modifiedAt = record.modifiedAt.value_or(UtcTime()) });
            });
    }
    if (record.type == recordtype::kDeviceType) {
        return into(deviceTypeData(record), m_types);
    }
    if (record.type == recordtype::kUser) {
        return into(signedInUserData(record), m_users);
    }
    if (record.type == recordtype::kSession) {
        return into(sessionData(record), m_sessions);
    }
    return {};
}

void DeviceTable::putCredential(const CredentialData& data)
{
    StoredCredential stored { .data = data,
        .attestationFormat = attestationFormat(data.registerResponse),
        .keyThumbprint = keyThumbprint(data.publicKey),
        .lastVerifiedAt = verifiedAt(data.newestAuthenticateResponse) };
    // Read already, and by far the largest part of a record.
    stored.data.registerResponse.clear();
    stored.data.newestAuthenticateResponse.clear();
    m_credentials.insert(data.id, stored);
}

const EnrollmentData* DeviceTable::enrollment(const QString& id) const
{
    return find(m_enrollments, id);
}

const CredentialData* DeviceTable::credential(const QString& id) const
{
    const auto* const stored = find(m_credentials, id);
    return stored == nullptr ? nullptr : &stored->data;
}

const SignedInUserData* DeviceTable::user(const QString& id) const
{
    return find(m_users, id);
}

std::vector<DeviceTypeData> DeviceTable::customTypes() const
{
    std::vector<DeviceTypeData> types(m_types.cbegin(), m_types.cend());
    std::ranges::sort(types, {}, &DeviceTypeData::id);
    return types;
}

std::vector<EnrollmentData> DeviceTable::pendingEnrollments() const
{
    std::vector<EnrollmentData> pending;
    for (const auto& enrollment : m_enrollments) {
        if (!enrollment.enrolledAt) {
            pending.push_back(enrollment);
        }
    }
    std::ranges::sort(pending, {}, &EnrollmentData::id);
    return pending;
}

void DeviceTable::addCredential(DeviceRow& row, const StoredCredential& credential) const
{
    row.attestationFormat = credential.attestationFormat;
    row.keyThumbprint = credential.keyThumbprint;
    row.lastVerifiedAt = credential.lastVerifiedAt;
}

DeviceRow DeviceTable::rowOf(const EnrollmentData& enrollment) const
{
    DeviceRow row { .enrollmentId = enrollment.id,
        .credentialId = enrollment.credentialId,
        .userId = enrollment.userId,
        .typeId = enrollment.typeId,
        .approvedBy = enrollment.approvedBy,
        .enrolledAt = enrollment.enrolledAt,
        .userAgent = enrollment.userAgent,
        .ipAddress = enrollment.ipAddress };
    if (!enrollment.enrolledAt) {
        return row;
    }
    row.status
        = enrollment.approvedBy.isEmpty() ? DeviceStatus::PendingApproval : DeviceStatus::Approved;
    if (const auto* const stored = find(m_credentials, enrollment.credentialId)) {
        addCredential(row, *stored);
    } else {
        row.credentialMissing = true;
    }
    return row;
}

DeviceRow DeviceTable::rowOf(const StoredCredential& credential) const
{
    DeviceRow row { .credentialId = credential.data.id,
        .userId = credential.data.userId,
        .typeId = credential.data.typeId,
        .status = DeviceStatus::Orphan };
    addCredential(row, credential);
    return row;
}

void DeviceTable::addLinks(
    std::vector<DeviceRow>& rows, const std::vector<DeviceLink>& links, UtcTime now) const
{
    QSet<QString> outlived; // enrollments whose credential is there still, as an orphan's row
    for (const auto& credential : m_credentials) {
        outlived.insert(credential.data.enrollmentId);
    }
    QHash<QString, LinkState> states;
    for (const auto& link : links) {
        const auto* const stored = enrollment(link.enrollmentId);
        const LinkState state = linkState(link, stored, now);
        states.insert(link.enrollmentId, state);
        const bool isOver = state == LinkState::Revoked && now >= link.expiresAt;
        if (stored == nullptr && !isOver && !outlived.contains(link.enrollmentId)) {
            rows.push_back(linkRow(link, state));
        }
    }
    for (auto& row : rows) {
        if (const auto state = states.constFind(row.enrollmentId); state != states.cend()) {
            row.linkState = *state;
        }
    }
}

void DeviceTable::addPeople(std::vector<DeviceRow>& rows, const PersonLookup& people) const
{
    for (auto& row : rows) {
        const auto person = people ? people(row.userId) : std::nullopt;
        const auto* const known = user(row.userId);
        if (person) {
            row.userName = person->name;
            row.email = person->email;
        }
        if (known != nullptr) {
            row.userName = row.userName.isEmpty() ? known->name : row.userName;
            row.email = row.email.isEmpty() ? known->email : row.email;
        }
        row.userName = row.userName.isEmpty() ? row.userId : row.userName;
    }
}

void DeviceTable::flagClaims(std::vector<DeviceRow>& rows) const
{
    std::map<QString, std::vector<DeviceRow*>> claims;
    for (auto& row : rows) {
        if (!row.credentialId.isEmpty()) {
            claims[row.credentialId].push_back(&row);
        }
    }
    for (const auto& known : m_users) {
        for (const auto& id : known.deviceCredentialIds) {
            const auto claimed = claims.find(id);
            // The rightful row is told apart below; a claim without a row can only be shown there.
            if (claimed != claims.end() && claimed->second.size() == 1
                && claimed->second.front()->userId != known.id) {
                claimed->second.front()->claimedTwice = true;
            }
        }
    }
    for (auto& [id, claimants] : claims) {
        if (claimants.size() < 2) {
            continue;
        }
        std::ranges::sort(
            claimants, [](const DeviceRow* a, const DeviceRow* b) { return earlier(*a, *b); });
        const auto* const owner = find(m_owners, id);
        const auto holder = std::ranges::find_if(claimants, [&](const DeviceRow* row) {
            return owner != nullptr && owner->ownerId == ownerIdOf(row->userId);
        });
        const DeviceRow* const rightful = holder == claimants.end() ? claimants.front() : *holder;
        for (auto* const row : claimants) {
            row->claimedTwice = row->userId != rightful->userId;
        }
    }
}

void DeviceTable::flagSessionTypes(std::vector<DeviceRow>& rows) const
{
    QHash<QString, std::vector<QString>> tagged;
    for (const auto& session : m_sessions) {
        for (const auto& tag : session.devices) {
            const auto* const stored = find(m_credentials, tag.credentialId);
            if (stored != nullptr && stored->data.typeId != tag.typeId) {
                tagged[tag.credentialId].push_back(tag.typeId);
            }
        }
    }
    for (auto& row : rows) {
        if (auto types = tagged.value(row.credentialId); !types.empty()) {
            std::ranges::sort(types);
            types.erase(std::ranges::unique(types).begin(), types.end());
            row.otherSessionTypes = std::move(types);
        }
    }
}

std::vector<DeviceRow> DeviceTable::rows(const Context& context) const
{
    std::vector<DeviceRow> rows;
    rows.reserve(static_cast<std::size_t>(m_enrollments.size()));
    for (const auto& enrollment : m_enrollments) {
        rows.push_back(rowOf(enrollment));
    }
    for (const auto& credential : m_credentials) {
        if (enrollment(credential.data.enrollmentId) == nullptr) {
            rows.push_back(rowOf(credential));
        }
    }
    if (context.links != nullptr) {
        addLinks(rows, *context.links, context.now);
    }
    addPeople(rows, context.people);
    flagClaims(rows);
    flagSessionTypes(rows);
    std::ranges::sort(rows, [](const DeviceRow& a, const DeviceRow& b) {
        const int byName = a.userName.compare(b.userName, Qt::CaseInsensitive);
        return byName != 0 ? byName < 0 : earlier(a, b);
    });
    return rows;
}

DeviceOrphans DeviceTable::orphans() const
{
    DeviceOrphans orphans;
    for (const auto& credential : m_credentials) {
        if (enrollment(credential.data.enrollmentId) == nullptr) {
            orphans.credentials.push_back(credential.data.id);
        }
    }
    for (const auto& enrollment : m_enrollments) {
        if (enrollment.enrolledAt && credential(enrollment.credentialId) == nullptr) {
            orphans.enrollments.push_back(enrollment.id);
        }
    }
    orphans.owners = abandonedOwners(UtcTime::max());
    std::ranges::sort(orphans.credentials);
    std::ranges::sort(orphans.enrollments);
    return orphans;
}

std::vector<QString> DeviceTable::abandonedOwners(UtcTime before) const
{
    std::vector<QString> ids;
    for (auto owner = m_owners.cbegin(); owner != m_owners.cend(); ++owner) {
        if (credential(owner.key()) == nullptr && owner->modifiedAt < before) {
            ids.push_back(owner.key());
        }
    }
    std::ranges::sort(ids);
    return ids;
}

bool matches(const DeviceRow& row, const QString& text)
{
    const std::array<QString, 9> fields { row.userName, row.email, row.userId, row.typeId,
        familyLabel(row.attestationFormat), row.userAgent, row.approvedBy, row.credentialId,
        row.enrollmentId };
    const auto words = QStringView(text).split(u' ', Qt::SkipEmptyParts);
    return std::ranges::all_of(words, [&](QStringView word) {
        return std::ranges::any_of(fields,
            [&](const QString& field) { return field.contains(word, Qt::CaseInsensitive); });
    });
}

} // namespace portreeve::devices
