// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/sync/syncplan.h"

#include "core/store/directorystore.h"
#include "core/store/removalkey.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr int kPlanFormat = 1;

/// What tells one object from nothing: an Add would otherwise hash and print as a bare id.
std::vector<AttributeChange> attributesOf(const ChangeSet& changes, const ObjectChange& change)
{
    if (change.action != ChangeAction::Add) {
        return changes.attributes(change);
    }
    std::vector<AttributeChange> out;
    const auto add = [&out](const QString& name, const QString& after) {
        if (!after.isEmpty()) {
            out.push_back({ .name = name, .before = {}, .after = after });
        }
    };
    if (change.kind == ObjectKind::Group) {
        const GroupRecord group = changes.after->group(change.after);
        add(u"name"_s, group.name);
        add(u"email"_s, group.email);
        add(u"kind"_s, groupKindName(group.kind));
    } else {
        const UserRecord user = changes.after->user(change.after);
        add(u"display_name"_s, user.displayName);
        add(u"email"_s, user.email);
        add(u"login"_s, user.login);
        add(u"state"_s, userStateName(user.state));
    }
    return out;
}

/// Length-prefixed fields into BLAKE2b, in large bites: a first sync hashes tens of megabytes, and
/// SHA-256 takes several times as long here.
class PlanHash
{
public:
    void add(QByteArrayView field)
    {
        std::array<char, 24> prefix;
        char* end
            = std::to_chars(prefix.data(), prefix.data() + prefix.size() - 1, field.size()).ptr;
        *end++ = ':';
        m_buffer.append(prefix.data(), end - prefix.data());
        m_buffer += field;
        if (m_buffer.size() > kBite) {
            m_hash.addData(m_buffer);
            m_buffer.clear();
        }
    }

    void add(const QString& field)
    {
        const QByteArray utf8 = field.toUtf8();
        add(QByteArrayView(utf8));
    }

    void add(std::int64_t number)
    {
        const QByteArray text = QByteArray::number(qint64 { number });
        add(QByteArrayView(text));
    }

    QString hex()
    {
        m_hash.addData(m_buffer);
        m_buffer.clear();
        return QString::fromLatin1(m_hash.result().toHex());
    }

private:
    static constexpr qsizetype kBite = 1 << 16;
    QCryptographicHash m_hash { QCryptographicHash::Blake2b_256 };
    QByteArray m_buffer;
};

void addObjects(PlanHash& hash, const ChangeSet& changes, const std::vector<ObjectChange>& objects)
{
    for (const ObjectChange& change : objects) {
        hash.add(objectKindName(change.kind));
        hash.add(changeActionName(change.action));
        hash.add(changes.objectId(change));
        hash.add(QByteArrayView(change.held ? "held" : ""));
        for (const AttributeChange& attribute : attributesOf(changes, change)) {
            hash.add(attribute.name);
            hash.add(attribute.before);
            hash.add(attribute.after);
        }
    }
}

QByteArrayView memberIdBytes(const ChangeSet& changes, const MembershipChange& change)
{
    const Snapshot& snapshot = change.removed ? *changes.before : *changes.after;
    return (change.memberIsGroup ? snapshot.groupIds() : snapshot.userIds()).at(change.member);
}

QByteArrayView groupIdBytes(const ChangeSet& changes, const MembershipChange& change)
{
    return (change.removed ? changes.before : changes.after)->groupIds().at(change.group);
}

QString hashOf(const SyncPlan& plan)
{
    PlanHash hash;
    hash.add(plan.connectionId);
    hash.add(plan.fingerprint);
    hash.add(plan.tenantId);
    hash.add(plan.revertsRun.value_or(0));
    addObjects(hash, plan.changes, plan.changes.groups);
    addObjects(hash, plan.changes, plan.changes.users);
    QByteArrayView group; // named once for all its changes in a row
    for (const MembershipChange& change : plan.changes.memberships) {
        if (const QByteArrayView id = groupIdBytes(plan.changes, change); id != group) {
            group = id;
            hash.add(QByteArrayView("group"));
            hash.add(group);
        }
        const std::array<char, 3> flags { change.memberIsGroup ? 'g' : 'u',
            change.removed ? '-' : '+', change.held ? 'h' : ' ' };
        hash.add(QByteArrayView(flags.data(), flags.size()));
        hash.add(memberIdBytes(plan.changes, change));
    }
    return hash.hex();
}

/// As QJsonDocument writes strings, so that both ways to print a plan agree to the byte.
void appendString(QByteArray& out, QByteArrayView utf8)
{
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : utf8) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (code >= 0x20) {
            out += c;
        } else if (const char* known = std::strchr("\bb\ff\nn\rr\tt", c);
            known != nullptr && c != '\0') {
            out += '\\';
            out += known[1];
        } else {
            out += "\\u00";
            out += kHex[code >> 4U];
            out += kHex[code & 0xFU];
        }
    }
    out += '"';
}

void appendMember(QByteArray& out, const char* key, QByteArrayView utf8)
{
    out += '"';
    out += key;
    out += "\":";
    appendString(out, utf8);
}

/// What an approval names a held row by.
template <typename Change>
void appendKey(QByteArray& out, const ChangeSet& changes, const Change& change)
{
    if (change.held) {
        out += ',';
        appendMember(out, "key", removalKey(changes, change).toUtf8());
    }
}

void appendObject(QByteArray& out, const ChangeSet& changes, const ObjectChange& change)
{
    out += '{';
    appendMember(out, "action", changeActionName(change.action).toUtf8());
    const auto attributes = attributesOf(changes, change);
    if (!attributes.empty()) {
        out += ",\"attributes\":[";
        for (const AttributeChange& attribute : attributes) {
            out += out.endsWith('[') ? "{" : ",{";
            appendMember(out, "after", attribute.after.toUtf8());
            out += ',';
            appendMember(out, "before", attribute.before.toUtf8());
            out += ',';
            appendMember(out, "name", attribute.name.toUtf8());
            out += '}';
        }
        out += ']';
    }
    out += change.held ? ",\"held\":true," : ",\"held\":false,";
    appendMember(out, "id", changes.objectId(change).toUtf8());
    appendKey(out, changes, change);
    out += ',';
    appendMember(out, "kind", objectKindName(change.kind).toUtf8());
    out += ',';
    appendMember(out, "name", changes.objectName(change).toUtf8());
    out += '}';
}

QByteArrayView firstFilled(std::initializer_list<QByteArrayView> texts)
{
    const auto* filled = std::find_if(
        texts.begin(), texts.end(), [](QByteArrayView text) { return !text.isEmpty(); });
    return filled == texts.end() ? QByteArrayView() : *filled;
}

QByteArrayView groupLabel(const Snapshot& snapshot, Row group)
{
    return firstFilled({ snapshot.groupNames().at(group), snapshot.groupEmails().at(group),
        snapshot.groupIds().at(group) });
}

QByteArrayView userLabel(const Snapshot& snapshot, Row user)
{
    return firstFilled({ snapshot.userNames().at(user), snapshot.userLogins().at(user),
        snapshot.userEmails().at(user), snapshot.userIds().at(user) });
}

void appendMembership(QByteArray& out, const ChangeSet& changes, const MembershipChange& change)
{
    const Snapshot& snapshot = change.removed ? *changes.before : *changes.after;
    out += change.removed ? "{\"action\":\"remove\"," : "{\"action\":\"add\",";
    out += change.held ? "\"held\":true," : "\"held\":false,";
    appendMember(out, "id", groupIdBytes(changes, change));
    appendKey(out, changes, change);
    out += ",\"kind\":\"membership\",";
    appendMember(out, "member_id", memberIdBytes(changes, change));
    out += change.memberIsGroup ? ",\"member_is_group\":true," : ",\"member_is_group\":false,";
    appendMember(out, "member_name",
        change.memberIsGroup ? groupLabel(snapshot, change.member)
                             : userLabel(snapshot, change.member));
    out += ',';
    appendMember(out, "name", groupLabel(snapshot, change.group));
    out += '}';
}

QByteArray changesText(const ChangeSet& changes)
{
    QByteArray out;
    constexpr qsizetype kTypicalEntry = 160;
    out.reserve(kTypicalEntry
        * static_cast<qsizetype>(
            changes.groups.size() + changes.users.size() + changes.memberships.size() + 1));
    const auto separate = [&out] {
        if (!out.isEmpty()) {
            out += ',';
        }
    };
    for (const auto* objects : { &changes.groups, &changes.users }) {
        for (const ObjectChange& change : *objects) {
            separate();
            appendObject(out, changes, change);
        }
    }
    for (const MembershipChange& change : changes.memberships) {
        separate();
        appendMembership(out, changes, change);
    }
    return out;
}

QJsonObject countsJson(const KindCounts& counts)
{
    return { { u"added"_s, qint64 { counts.added } }, { u"held"_s, qint64 { counts.held } },
        { u"removed"_s, qint64 { counts.removed } },
        { u"suspended"_s, qint64 { counts.suspended } },
        { u"updated"_s, qint64 { counts.updated } } };
}

QJsonArray textsJson(const std::vector<QString>& texts)
{
    QJsonArray out;
    for (const QString& text : texts) {
        out.append(text);
    }
    return out;
}

QJsonArray guardsJson(const std::vector<GuardTrip>& trips)
{
    QJsonArray out;
    for (const GuardTrip& trip : trips) {
        out.append(QJsonObject { { u"guard"_s, guardName(trip.guard) },
            { u"reason"_s, trip.reason.english() }, { u"affected"_s, qint64 { trip.affected } },
            { u"total"_s, qint64 { trip.total } }, { u"groups"_s, textsJson(trip.groups) },
            { u"overridable"_s, trip.overridable } });
    }
    return out;
}

QJsonArray quarantineJson(const std::vector<Quarantined>& quarantine)
{
    QJsonArray out;
    for (const Quarantined& entry : quarantine) {
        out.append(QJsonObject { { u"kind"_s, objectKindName(entry.kind) }, { u"id"_s, entry.id },
            { u"reason"_s, entry.reason } });
    }
    return out;
}

/// Everything that sorts behind "changes".
QJsonObject remainder(const SyncPlan& plan)
{
    QJsonArray reasons;
    for (const GuardTrip& trip : plan.trips) {
        reasons.append(trip.reason.english());
    }
    // Notes come in the order the pages were read.
    std::vector<QString> notes = plan.notes;
    std::sort(notes.begin(), notes.end());
    QJsonObject out {
        { u"connection"_s, plan.connectionName },
        { u"connection_id"_s, plan.connectionId },
        { u"counts"_s,
            QJsonObject { { u"groups"_s, countsJson(plan.counts.groups) },
                { u"memberships"_s, countsJson(plan.counts.memberships) },
                { u"users"_s, countsJson(plan.counts.users) } } },
        { u"dangling_members"_s, static_cast<qint64>(plan.danglingMembers) },
        { u"fingerprint"_s, plan.fingerprint },
        { u"first_run"_s, plan.firstRun },
        { u"format"_s, kPlanFormat },
        { u"generation"_s, qint64 { plan.baseGeneration } },
        { u"guards"_s, guardsJson(plan.trips) },
        { u"held_reasons"_s, reasons },
        { u"notes"_s, textsJson(notes) },
        { u"plan_hash"_s, plan.planHash },
        { u"quarantine"_s, quarantineJson(plan.quarantine) },
        { u"tenant_id"_s, plan.tenantId },
        { u"verdict"_s, verdictName(plan.verdict) },
    };
    if (plan.revertsRun) {
        out.insert(u"reverts_run"_s, qint64 { *plan.revertsRun });
    }
    return out;
}

Error notAPlan(const QString& detail)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message", "The file is not a plan.")),
        .remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Make a new one with “portreevectl plan NAME --out FILE”.")),
        .detail = detail };
}

} // namespace

QString verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Nothing:
        return u"nothing"_s;
    case Verdict::Go:
        return u"go"_s;
    case Verdict::Held:
        return u"held"_s;
    }
    return {};
}

QString guardName(GuardId guard)
{
    switch (guard) {
    case GuardId::G1:
        return u"G1"_s;
    case GuardId::G2:
        return u"G2"_s;
    case GuardId::G3:
        return u"G3"_s;
    case GuardId::G4:
        return u"G4"_s;
    case GuardId::G5:
        return u"G5"_s;
    case GuardId::G6:
        return u"G6"_s;
    case GuardId::G7:
        return u"G7"_s;
    case GuardId::G8:
        return u"G8"_s;
    case GuardId::G9:
        return u"G9"_s;
    case GuardId::NeverRemove:
        return u"never_remove"_s;
    case GuardId::ScopeChanged:
        return u"scope_changed"_s;
    case GuardId::OpenHold:
        return u"open_hold"_s;
    }
    return {};
}

QJsonObject accessToJson(const std::vector<AccessChange>& access)
{
    QJsonArray changes;
    for (const AccessChange& change : access) {
        changes.append(QJsonObject { { u"user"_s, change.userId }, { u"name"_s, change.userName },
            { u"route"_s, change.route }, { u"gained"_s, change.gained } });
    }
    const auto gained = std::count_if(
        access.begin(), access.end(), [](const AccessChange& change) { return change.gained; });
    return { { u"changes"_s, changes }, { u"gained"_s, qint64 { gained } },
        { u"lost"_s, static_cast<qint64>(access.size()) - qint64 { gained } } };
}

void sealPlan(SyncPlan& plan)
{
    plan.counts = countChanges(plan.changes);
    const bool holds
        = plan.counts.users.held + plan.counts.groups.held + plan.counts.memberships.held > 0;
    plan.verdict = holds ? Verdict::Held : plan.changes.isEmpty() ? Verdict::Nothing : Verdict::Go;
    plan.planHash = hashOf(plan);
}

SyncPlan heldPart(const SyncPlan& plan)
{
    SyncPlan part = plan;
    const auto applied = [](const auto& change) { return !change.held; };
    std::erase_if(part.changes.groups, applied);
    std::erase_if(part.changes.users, applied);
    std::erase_if(part.changes.memberships, applied);
    sealPlan(part);
    return part;
}

QByteArray SyncPlan::toJsonText() const
{
    const QByteArray first = QJsonDocument(QJsonObject { { u"access"_s, accessToJson(access) } })
                                 .toJson(QJsonDocument::Compact);
    const QByteArray last = QJsonDocument(remainder(*this)).toJson(QJsonDocument::Compact);
    QByteArray text = first.chopped(1);
    text += ",\"changes\":[";
    text += changesText(changes);
    text += "],";
    text += last.sliced(1);
    return text;
}

QJsonObject SyncPlan::toJson() const
{
    return QJsonDocument::fromJson(toJsonText()).object();
}

Result<PlanFile> readPlanFile(const QByteArray& json)
{
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(json, &fault);
    if (fault.error != QJsonParseError::NoError || !document.isObject()) {
        return notAPlan(fault.errorString());
    }
    const QJsonObject object = document.object();
    if (object.value(u"format"_s).toInt() != kPlanFormat) {
        return notAPlan(u"format is not %1"_s.arg(kPlanFormat));
    }
    PlanFile file { .connectionId = object.value(u"connection_id"_s).toString(),
        .connectionName = object.value(u"connection"_s).toString(),
        .baseGeneration = object.value(u"generation"_s).toInteger(-1),
        .planHash = object.value(u"plan_hash"_s).toString() };
    if (file.connectionId.isEmpty() || file.planHash.isEmpty() || file.baseGeneration < 0) {
        return notAPlan(u"connection_id, generation or plan_hash is missing"_s);
    }
    return file;
}

} // namespace portreeve
