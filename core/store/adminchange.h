// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QJsonArray>
#include <QString>

#include <vector>

namespace portreeve {

class Database;

/// Which fields an edit changed, each with its value before and after, as the audit log tells it.
/// Addresses lose what may be a credential in them.
class FieldChanges
{
public:
    void add(const QString& field, const QString& before, const QString& after);
    void add(const QString& field, const std::vector<QString>& before,
        const std::vector<QString>& after);
    void addFlag(const QString& field, bool before, bool after);

    /// Each member of two JSON objects that differs, as "field.member".
    void addMembers(const QString& field, const QString& before, const QString& after);

    bool isEmpty() const { return m_changes.isEmpty(); }

    const QJsonArray& toJson() const { return m_changes; }

private:
    QJsonArray m_changes;
};

/// What somebody decided about a row of ours.
struct AdminChange
{
    QString event {}; ///< as AuditEntry::event
    QString subject {}; ///< id of the row; the key of a setting
    QString name {}; ///< what people call it: the id tells nothing once the row is gone
    FieldChanges changes {};
    QString actor {}; ///< empty: currentActor()
};

/// Writes the audit log's line, in the caller's transaction where one is open.
Result<void> logAdminChange(Database& database, const Clock& clock, const AdminChange& change);

/// @p name trimmed, else the login name of the account. Never empty.
QString actorNamed(const QString& name);

} // namespace portreeve
