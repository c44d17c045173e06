// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/auditlog.h"

#include "core/store/database.h"

#include <QCryptographicHash>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectEntry = u"SELECT id, at, actor, event, subject, details, generation, hash "
                             "FROM audit WHERE id > ? ORDER BY id"_s;

// Every part with its length before it, so that text cannot move from one field to the next.
QByteArray chained(const QByteArray& previous, const AuditEntry& entry)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const QByteArray& part) {
        hash.addData(QByteArray::number(part.size()).append(':'));
        hash.addData(part);
    };
    add(previous);
    add(QByteArray::number(qint64(entry.id)));
    add(QByteArray::number(qint64(entry.at.time_since_epoch().count())));
    add(entry.actor.toUtf8());
    add(entry.event.toUtf8());
    add(entry.subject.toUtf8());
    add(entry.details.toUtf8());
    add(QByteArray::number(qint64(entry.generation)));
    return hash.result();
}

AuditEntry readEntry(const Statement& row)
{
    return { .id = row.integer(0),
        .at = row.time(1),
        .actor = row.text(2),
        .event = row.text(3),
        .subject = row.text(4),
        .details = row.text(5),
        .generation = row.integer(6),
        .hash = row.bytes(7) };
}

} // namespace

QString auditDetails(const QJsonObject& members)
{
    return QString::fromUtf8(QJsonDocument(members).toJson(QJsonDocument::Compact));
}

AuditLog::AuditLog(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<void> AuditLog::append(AuditEntry entry)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    auto state = m_database.query(u"SELECT audit_count, audit_head FROM store_state"_s);
    if (!state) {
        return state.error();
    }
    if (const auto row = state->next(); !row) {
        return row.error();
    }
    entry.id = state->integer(0) + 1;
    if (entry.at == UtcTime()) {
        entry.at = m_clock.nowUtc();
    }
    const QByteArray hash = chained(state->bytes(1), entry);
    const auto added = m_database.execute(u"INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
        entry.id, entry.at, entry.actor, entry.event, entry.subject, entry.details,
        entry.generation, hash);
    if (!added) {
        return added.error();
    }
    const auto moved = m_database.execute(
        u"UPDATE store_state SET audit_count = ?, audit_head = ?"_s, entry.id, hash);
    return moved ? transaction->commit() : moved;
}

Result<std::vector<AuditEntry>> AuditLog::list(std::int64_t afterId, int limit)
{
    return m_database.all(kSelectEntry + u" LIMIT ?"_s, readEntry, afterId, limit);
}

Result<std::int64_t> AuditLog::lastId()
{
    return m_database.number(u"SELECT audit_count FROM store_state"_s);
}

Result<std::optional<std::int64_t>> AuditLog::firstBroken()
{
    auto transaction = Transaction::begin(m_database, Transaction::Kind::Read);
    if (!transaction) {
        return transaction.error();
    }
    const auto count = m_database.number(u"SELECT audit_count FROM store_state"_s);
    if (!count) {
        return count.error();
    }
    auto rows = m_database.query(kSelectEntry, std::int64_t(0));
    if (!rows) {
        return rows.error();
    }
    QByteArray previous;
    std::int64_t expected = 1;
    while (true) {
        const auto row = rows->next();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            break;
        }
        const AuditEntry entry = readEntry(*rows);
        if (entry.id != expected || chained(previous, entry) != entry.hash) {
            return std::optional(expected);
        }
        previous = entry.hash;
        ++expected;
    }
    // Entries cut off the end leave a chain that fits but is too short.
    const auto headFits = m_database.number(u"SELECT audit_head = ? FROM store_state"_s, previous);
    if (!headFits) {
        return headFits.error();
    }
    const bool sound = expected == *count + 1 && *headFits != 0;
    return sound ? std::optional<std::int64_t>() : std::optional(expected);
}

} // namespace portreeve
