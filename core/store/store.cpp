// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/store.h"

#include "core/settings/settings.h"
#include "core/store/adminchange.h"
#include "core/store/database.h"
#include "core/store/schema.h"
#include "core/store/storageerror.h"
#include "core/store/storecheck.h"

#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr auto kCheckEvery = std::chrono::days(7);

Result<void> checkWeekly(Database& database, const Clock& clock)
{
    const auto last = database.number(u"SELECT checked_at FROM store_state"_s);
    if (!last) {
        return last.error();
    }
    const UtcTime now = clock.nowUtc();
    if (now - UtcTime(std::chrono::milliseconds(*last)) < kCheckEvery) {
        return {};
    }
    const auto checked = quickCheck(database);
    return checked ? database.execute(u"UPDATE store_state SET checked_at = ?"_s, now) : checked;
}

} // namespace

struct Store::Parts
{
    Parts(std::unique_ptr<Database> opened, const Clock& time)
        : clock(time)
        , database(std::move(opened))
        , connections(*database, clock)
        , directory(*database, clock)
        , runs(*database, clock)
        , policies(*database, clock)
        , audit(*database, clock)
        , targets(*database, clock)
        , pushes(*database, clock)
        , deviceLinks(*database)
        , attachments(*database, clock)
    {
    }

    const Clock& clock;
    std::unique_ptr<Database> database;
    ConnectionStore connections;
    DirectoryStore directory;
    RunHistory runs;
    PolicyStore policies;
    AuditLog audit;
    TargetStore targets;
    PushHistory pushes;
    DeviceLinkStore deviceLinks;
    AttachmentStore attachments;
};

Store::Store(std::unique_ptr<Database> database, const Clock& clock)
    : m_parts(std::make_unique<Parts>(std::move(database), clock))
{
}

Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options, const Clock& clock)
{
    auto database
        = Database::open({ .path = options.path, .createIfMissing = options.createIfMissing });
    if (!database) {
        return database.error();
    }
    if (const auto migrated = migrate(**database, migrations(), clock); !migrated) {
        return migrated.error();
    }
    if (const auto checked = checkWeekly(**database, clock); !checked) {
        return checked.error();
    }
    return std::unique_ptr<Store>(new Store(std::move(*database), clock));
}

ConnectionStore& Store::connections()
{
    return m_parts->connections;
}

DirectoryStore& Store::directory()
{
    return m_parts->directory;
}

RunHistory& Store::runs()
{
    return m_parts->runs;
}

PolicyStore& Store::policies()
{
    return m_parts->policies;
}

AuditLog& Store::audit()
{
    return m_parts->audit;
}

TargetStore& Store::targets()
{
    return m_parts->targets;
}

PushHistory& Store::pushes()
{
    return m_parts->pushes;
}

AttachmentStore& Store::attachments()
{
    return m_parts->attachments;
}

DeviceLinkStore& Store::deviceLinks()
{
    return m_parts->deviceLinks;
}

Result<std::optional<QString>> Store::setting(const QString& key)
{
    const auto values = m_parts->database->all(
        u"SELECT value FROM setting WHERE key = ?"_s,
        [](const Statement& row) { return row.text(0); }, key);
    if (!values) {
        return values.error();
    }
    return values->empty() ? std::optional<QString>() : std::optional(values->front());
}

namespace {
/// What is in force while nothing is stored.
QString defaultOf(const QString& key)
{
    const auto& table = settingTable();
    const auto found = std::find_if(table.begin(), table.end(),
        [&key](const SettingDescriptor& descriptor) { return descriptor.name == key; });
    return found == table.end() ? QString() : found->defaultValue;
}
} // namespace

Result<void> Store::setSetting(const QString& key, const QString& value)
{
    auto transaction = Transaction::begin(*m_parts->database);
    const auto before = transaction ? setting(key) : transaction.error();
    if (!before) {
        return before.error();
    }
    FieldChanges changes;
    changes.add(u"value"_s, before->value_or(defaultOf(key)), value);
    // Logged first: a change of the administrator's name is made by the one before.
    auto logged = changes.isEmpty() ? Result<void>()
                                    : logAdminChange(*m_parts->database, m_parts->clock,
                                          { .event = u"setting_changed"_s,
                                              .subject = key,
                                              .name = key,
                                              .changes = std::move(changes) });
    if (!logged) {
        return logged;
    }
    const auto written = m_parts->database->execute(
        u"INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"_s,
        key, value);
    return written ? transaction->commit() : written;
}

// SQLite's own data_version does not count commits of this connection, total_changes only those.
Result<std::int64_t> Store::dataVersion()
{
    return m_parts->database->number(
        u"SELECT (SELECT data_version FROM pragma_data_version) * 1000000007 + total_changes()"_s);
}

Result<void> Store::backupTo(const QString& file)
{
    QFile target(file);
    if (target.exists()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "The file %1 is there already."), file),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Choose a new name for the backup.")),
            .detail = {},
            .cause = {},
            .field = u"file"_s };
    }
    if (!target.open(
            QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner)) {
        return fileError(
            message(QT_TRANSLATE_NOOP("Message", "The backup %1 cannot be written."), file),
            target.errorString());
    }
    target.close();
    const auto copied = m_parts->database->execute(u"VACUUM INTO ?"_s, file);
    if (!copied) {
        target.remove();
        return copied.error().wrappedIn(
            message(QT_TRANSLATE_NOOP("Message", "The backup %1 cannot be written."), file));
    }
    return {};
}

Result<std::vector<QString>> Store::check()
{
    return checkStore(*m_parts->database);
}

QString Store::path() const
{
    return m_parts->database->path();
}

} // namespace portreeve
