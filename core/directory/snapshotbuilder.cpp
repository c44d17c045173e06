// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/directory/snapshotbuilder.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QByteArray cleaned(const QString& text)
{
    return text.trimmed().normalized(QString::NormalizationForm_C).toUtf8();
}

/// Why an id cannot be a key; empty when it can.
QString idFault(const QString& id)
{
    if (id.trimmed().isEmpty()) {
        return u"has no id"_s;
    }
    return id.isValidUtf16() ? QString() : u"has an id that is not valid text"_s;
}

QString quarantineReason(const QString& noun, const QByteArray& name, const QString& fault)
{
    return name.isEmpty() ? u"A %1 %2."_s.arg(noun, fault)
                          : u"The %1 “%2” %3."_s.arg(noun, QString::fromUtf8(name), fault);
}

QString summary(std::initializer_list<QByteArrayView> texts, const QString& flag)
{
    QStringList parts;
    for (const QByteArrayView text : texts) {
        if (!text.isEmpty()) {
            parts.append(QString::fromUtf8(text));
        }
    }
    parts.append(flag);
    return parts.join(u", "_s);
}

Error collision(ObjectKind kind, const QString& id, const QString& first, const QString& second)
{
    const char* what = kind == ObjectKind::Group
        ? QT_TRANSLATE_NOOP(
              "Message", "The provider sent two different groups with the id “%1”: “%2” and “%3”.")
        : QT_TRANSLATE_NOOP(
              "Message", "The provider sent two different users with the id “%1”: “%2” and “%3”.");
    return { .code = ErrorCode::BadResponse,
        .what = message(what, id, first, second),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Sync again, since the record may have changed while it was read. If this repeats, "
            "give the two records ids of their own at the provider.")) };
}

} // namespace

void SnapshotBuilder::addUser(const UserRecord& user)
{
    addRecord(ObjectKind::User, user.id,
        { cleaned(user.displayName), cleaned(user.email), cleaned(user.login) },
        static_cast<std::uint8_t>(user.state));
}

void SnapshotBuilder::addGroup(const GroupRecord& group)
{
    addRecord(ObjectKind::Group, group.id, { cleaned(group.name), cleaned(group.email), {} },
        static_cast<std::uint8_t>(group.kind));
}

void SnapshotBuilder::addRecord(
    ObjectKind kind, const QString& id, const Texts& texts, std::uint8_t flag)
{
    const bool isGroup = kind == ObjectKind::Group;
    if (const QString fault = idFault(id); !fault.isEmpty()) {
        const QByteArray& label = texts[0].isEmpty() ? texts[1] : texts[0];
        quarantine(kind, {}, quarantineReason(objectKindName(kind), label, fault));
        return;
    }
    Records& records = isGroup ? m_groups : m_users;
    const std::uint32_t number = m_ids.number(id);
    if (records.byNumber.size() <= number) {
        records.byNumber.resize(
            std::max<std::size_t>(number + 1, records.byNumber.size() * 2), kNoRow);
    }
    const std::uint32_t known = records.byNumber[number];
    if (known == kNoRow) {
        records.byNumber[number] = static_cast<std::uint32_t>(records.numbers.size());
        records.numbers.push_back(number);
        records.flags.push_back(flag);
        for (std::size_t i = 0; i < kTexts; ++i) {
            records.texts[i].append(texts[i]);
        }
        return;
    }
    const auto& old = records.texts;
    const bool same = records.flags[known] == flag && old[0].at(known) == QByteArrayView(texts[0])
        && old[1].at(known) == QByteArrayView(texts[1])
        && old[2].at(known) == QByteArrayView(texts[2]);
    if (!same && !m_collision) {
        const auto flagName = [isGroup](std::uint8_t value) {
            return isGroup ? groupKindName(static_cast<GroupKind>(value))
                           : userStateName(static_cast<UserState>(value));
        };
        m_collision = collision(kind, id,
            summary({ old[0].at(known), old[1].at(known), old[2].at(known) },
                flagName(records.flags[known])),
            summary({ texts[0], texts[1], texts[2] }, flagName(flag)));
    }
}

void SnapshotBuilder::addMember(const QString& groupId, const QString& memberId, MemberKind kind)
{
    if (groupId != m_lastGroupId || m_ids.size() == 0) {
        m_lastGroup = m_ids.number(groupId);
        m_lastGroupId = groupId;
    }
    m_edges[index(kind)].push_back({ .group = m_lastGroup, .member = m_ids.number(memberId) });
}

void SnapshotBuilder::markMembersIncomplete(const QString& groupId, const QString& reason)
{
    m_incompleteGroups.push_back(m_ids.number(groupId));
    quarantine(ObjectKind::Membership, groupId, reason);
}

void SnapshotBuilder::quarantine(ObjectKind kind, const QString& id, const QString& reason)
{
    m_quarantine.push_back({ .kind = kind, .id = id, .reason = reason });
}

void SnapshotBuilder::note(const QString& sentence)
{
    if (std::find(m_notes.begin(), m_notes.end(), sentence) == m_notes.end()) {
        m_notes.push_back(sentence);
    }
}

std::size_t SnapshotBuilder::memberCount() const
{
    return m_edges[0].size() + m_edges[1].size() + m_edges[2].size();
}

Result<SnapshotPtr> SnapshotBuilder::build()
{
    SnapshotBuilder spent;
    std::swap(*this, spent); // the large parts go with it on every way out
    if (spent.m_collision) {
        return *std::move(spent.m_collision);
    }
    return SnapshotPtr(new Snapshot(spent.freeze()));
}

} // namespace portreeve
