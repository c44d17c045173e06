// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/adminchange.h"

#include "core/base/redactor.h"
#include "core/settings/settings.h"
#include "core/store/auditlog.h"
#include "core/store/database.h"

#include <QJsonDocument>
#include <QStringList>

#include <pwd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Of the account, not of the environment, which anybody sets. In a container it may have no name.
QString loginName()
{
    constexpr std::size_t enough = 16UL * 1024;
    const uid_t id = geteuid();
    std::vector<char> text(enough);
    passwd entry {};
    passwd* found = nullptr;
    const int failed = getpwuid_r(id, &entry, text.data(), text.size(), &found);
    const QString name
        = failed == 0 && found != nullptr ? QString::fromLocal8Bit(found->pw_name) : QString();
    return name.isEmpty() ? u"uid %1"_s.arg(id) : name;
}

QString joined(const std::vector<QString>& texts)
{
    return QStringList(texts.begin(), texts.end()).join(u", "_s);
}

QString textOf(const QJsonValue& value)
{
    if (value.isArray()) {
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    }
    return value.toVariant().toString();
}

/// As currentActor(): a name that cannot be read must not stop what is to be logged under it.
QString administrator(Database& database)
{
    const auto names = database.all(
        u"SELECT value FROM setting WHERE key = ?"_s,
        [](const Statement& row) { return row.text(0); },
        describe(Setting::AdministratorName).name);
    return actorNamed(names && !names->empty() ? names->front() : QString());
}

} // namespace

void FieldChanges::add(const QString& field, const QString& before, const QString& after)
{
    if (before != after) {
        m_changes.append(
            QJsonObject { { u"field"_s, field }, { u"before"_s, withoutCredentials(before) },
                { u"after"_s, withoutCredentials(after) } });
    }
}

void FieldChanges::add(
    const QString& field, const std::vector<QString>& before, const std::vector<QString>& after)
{
    add(field, joined(before), joined(after));
}

void FieldChanges::addFlag(const QString& field, bool before, bool after)
{
    const auto text = [](bool isOn) { return isOn ? u"true"_s : u"false"_s; };
    add(field, text(before), text(after));
}

void FieldChanges::addMembers(const QString& field, const QString& before, const QString& after)
{
    const QJsonObject old = QJsonDocument::fromJson(before.toUtf8()).object();
    const QJsonObject now = QJsonDocument::fromJson(after.toUtf8()).object();
    QStringList keys = old.keys() + now.keys();
    keys.sort();
    keys.removeDuplicates();
    for (const QString& key : std::as_const(keys)) {
        add(field + u'.' + key, textOf(old.value(key)), textOf(now.value(key)));
    }
}

Result<void> logAdminChange(Database& database, const Clock& clock, const AdminChange& change)
{
    const QString actor = change.actor.isEmpty() ? administrator(database) : change.actor;
    QJsonObject details { { u"name"_s, change.name } };
    if (!change.changes.isEmpty()) {
        details.insert(u"changes"_s, change.changes.toJson());
    }
    return AuditLog(database, clock)
        .append({ .actor = actor,
            .event = change.event,
            .subject = change.subject,
            .details = auditDetails(details) });
}

QString actorNamed(const QString& name)
{
    const QString trimmed = name.trimmed();
    return trimmed.isEmpty() ? loginName() : trimmed;
}

} // namespace portreeve
