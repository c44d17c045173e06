// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/schema.h"

#include "core/base/logging.h"
#include "core/store/database.h"
#include "core/store/databasefile.h"
#include "core/store/storageerror.h"

#include <QFile>

#include <span>
#include <string_view>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

constexpr std::u16string_view kFirstVersion[] {
    uR"(CREATE TABLE store_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  generation INTEGER NOT NULL CHECK (generation >= 0),
  audit_count INTEGER NOT NULL CHECK (audit_count >= 0),
  audit_head BLOB NOT NULL,
  checked_at INTEGER NOT NULL
) STRICT)",
    u"INSERT INTO store_state VALUES (1, 0, 0, x'', 0)",
    u"CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    uR"(CREATE TABLE connection (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  provider TEXT NOT NULL,
  options TEXT NOT NULL CHECK (json_valid(options)),
  stored_secrets TEXT NOT NULL CHECK (json_valid(stored_secrets)),
  schedule TEXT NOT NULL CHECK (json_valid(schedule)),
  limits TEXT NOT NULL CHECK (json_valid(limits)),
  rules TEXT NOT NULL CHECK (json_valid(rules)),
  state TEXT NOT NULL CHECK (state IN ('draft', 'verifying', 'verified', 'idle', 'queued',
    'syncing', 'backing_off', 'held', 'needs_attention', 'stale', 'paused', 'disabled',
    'removing')),
  state_reason TEXT NOT NULL,
  last_attempt_at INTEGER,
  last_success_at INTEGER,
  next_attempt_at INTEGER,
  first_failed_at INTEGER,
  failure_count INTEGER NOT NULL CHECK (failure_count >= 0),
  last_error TEXT CHECK (last_error IS NULL OR json_valid(last_error)),
  tenant_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  claim_process TEXT,
  claim_thread INTEGER,
  CHECK ((claim_process IS NULL) = (claim_thread IS NULL))
) STRICT)",
    uR"(CREATE TABLE directory (
  connection INTEGER PRIMARY KEY REFERENCES connection (key) ON DELETE CASCADE,
  generation INTEGER NOT NULL CHECK (generation >= 0),
  source_state BLOB NOT NULL,
  fingerprint TEXT NOT NULL,
  user_count INTEGER NOT NULL CHECK (user_count >= 0),
  group_count INTEGER NOT NULL CHECK (group_count >= 0),
  membership_count INTEGER NOT NULL CHECK (membership_count >= 0),
  member_bytes INTEGER NOT NULL CHECK (member_bytes >= 0),
  log_bytes INTEGER NOT NULL CHECK (log_bytes >= 0)
) STRICT)",
    uR"(CREATE TABLE directory_user (
  key INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL REFERENCES connection (key) ON DELETE CASCADE,
  id TEXT NOT NULL CHECK (id <> ''),
  display_name TEXT NOT NULL,
  email TEXT NOT NULL,
  login TEXT NOT NULL,
  suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
  removed_at INTEGER,
  removed_by_run INTEGER,
  former_memberships BLOB,
  UNIQUE (connection, id),
  CHECK ((removed_at IS NULL) = (removed_by_run IS NULL)),
  CHECK ((removed_at IS NULL) = (former_memberships IS NULL))
) STRICT)",
    uR"(CREATE TABLE directory_group (
  key INTEGER PRIMARY KEY,
  connection INTEGER NOT NULL REFERENCES connection (key) ON DELETE CASCADE,
  id TEXT NOT NULL CHECK (id <> ''),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('group', 'org_unit')),
  removed_at INTEGER,
  removed_by_run INTEGER,
  former_memberships BLOB,
  UNIQUE (connection, id),
  CHECK ((removed_at IS NULL) = (removed_by_run IS NULL)),
  CHECK ((removed_at IS NULL) = (former_memberships IS NULL))
) STRICT)",
    uR"(CREATE TABLE group_member (
  group_key INTEGER PRIMARY KEY REFERENCES directory_group (key) ON DELETE CASCADE,
  user_keys BLOB NOT NULL,
  group_keys BLOB NOT NULL
) STRICT)",
    uR"(CREATE TABLE membership_log (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  connection INTEGER NOT NULL REFERENCES connection (key) ON DELETE CASCADE,
  changes BLOB NOT NULL
) STRICT)",
    u"CREATE INDEX membership_log_connection ON membership_log (connection)",
    uR"(CREATE TABLE hold (
  connection INTEGER PRIMARY KEY REFERENCES connection (key) ON DELETE CASCADE,
  plan_hash TEXT NOT NULL,
  base_generation INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  run INTEGER NOT NULL REFERENCES run (id),
  plan BLOB NOT NULL
) STRICT)",
    uR"(CREATE TABLE pin (
  connection INTEGER NOT NULL REFERENCES connection (key) ON DELETE CASCADE,
  removal_key TEXT NOT NULL,
  pinned_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (connection, removal_key)
) STRICT, WITHOUT ROWID)",
    uR"(CREATE TABLE protected_user (
  connection INTEGER NOT NULL REFERENCES connection (key) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  protected_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (connection, user_id)
) STRICT, WITHOUT ROWID)",
    uR"(CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id TEXT NOT NULL,
  connection_name TEXT NOT NULL,
  trigger TEXT NOT NULL
    CHECK (trigger IN ('schedule', 'manual', 'command_line', 'approval', 'revert')),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT CHECK (outcome IN ('succeeded', 'held', 'failed', 'cancelled', 'interrupted')),
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  generation INTEGER NOT NULL CHECK (generation >= 0),
  plan_hash TEXT NOT NULL,
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  reverts_run INTEGER,
  quarantined INTEGER NOT NULL,
  notes TEXT NOT NULL CHECK (json_valid(notes)),
  process TEXT NOT NULL,
  CHECK ((finished_at IS NULL) = (outcome IS NULL))
) STRICT)",
    u"CREATE INDEX run_connection ON run (connection_id, id)",
    uR"(CREATE TABLE run_object_block (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  block INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
  first_id BLOB NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (run, block)
) STRICT)",
    uR"(CREATE TABLE run_change_block (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (run, first)
) STRICT)",
    uR"(CREATE TABLE policy (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  text TEXT NOT NULL,
  explanation TEXT NOT NULL,
  remediation TEXT NOT NULL,
  enforced INTEGER NOT NULL CHECK (enforced IN (0, 1)),
  updated_at INTEGER NOT NULL
) STRICT)",
    uR"(CREATE TABLE route (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  from_url TEXT NOT NULL,
  to_urls TEXT NOT NULL CHECK (json_valid(to_urls)),
  prefix TEXT NOT NULL,
  path TEXT NOT NULL,
  regex TEXT NOT NULL,
  pass_identity_headers INTEGER NOT NULL CHECK (pass_identity_headers IN (0, 1)),
  show_error_details INTEGER NOT NULL CHECK (show_error_details IN (0, 1)),
  updated_at INTEGER NOT NULL
) STRICT)",
    uR"(CREATE TABLE route_policy (
  route TEXT NOT NULL REFERENCES route (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  policy TEXT NOT NULL REFERENCES policy (id),
  PRIMARY KEY (route, position)
) STRICT, WITHOUT ROWID)",
    u"CREATE INDEX route_policy_policy ON route_policy (policy)",
    uR"(CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  generation INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT)",
};

/// Targets, what was delivered to them, and enrollment links.
constexpr std::u16string_view kSecondVersion[] {
    uR"(CREATE TABLE target (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL UNIQUE,
  options TEXT NOT NULL CHECK (json_valid(options)),
  stored_secrets TEXT NOT NULL CHECK (json_valid(stored_secrets)),
  state TEXT NOT NULL CHECK (state IN ('new', 'in_step', 'behind', 'held', 'drifted',
    'unreachable', 'needs_attention', 'disabled')),
  state_reason TEXT NOT NULL,
  last_push_at INTEGER,
  last_success_at INTEGER,
  last_error TEXT CHECK (last_error IS NULL OR json_valid(last_error)),
  server_kind TEXT NOT NULL,
  server_version TEXT NOT NULL,
  record_version TEXT NOT NULL,
  generation INTEGER NOT NULL CHECK (generation >= 0),
  created_at INTEGER NOT NULL,
  claim_process TEXT,
  claim_thread INTEGER,
  CHECK ((claim_process IS NULL) = (claim_thread IS NULL))
) STRICT)",
    uR"(CREATE TABLE delivered (
  target INTEGER NOT NULL REFERENCES target (key) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'policy', 'route')),
  id TEXT NOT NULL CHECK (id <> ''),
  owner TEXT NOT NULL CHECK (owner IN ('ours', 'kept')),
  PRIMARY KEY (target, kind, id)
) STRICT, WITHOUT ROWID)",
    uR"(CREATE TABLE blocked_user (
  target INTEGER NOT NULL REFERENCES target (key) ON DELETE CASCADE,
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  blocked_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (target, user_id)
) STRICT, WITHOUT ROWID)",
    uR"(CREATE TABLE push (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  target_id TEXT NOT NULL,
  target_name TEXT NOT NULL,
  trigger TEXT NOT NULL
    CHECK (trigger IN ('commit', 'manual', 'command_line', 'drift', 'restart')),
  actor TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT CHECK (outcome IN ('succeeded', 'unchanged', 'held', 'failed', 'cancelled',
    'interrupted')),
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  generation INTEGER NOT NULL CHECK (generation >= 0),
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  notes TEXT NOT NULL CHECK (json_valid(notes)),
  process TEXT NOT NULL,
  CHECK ((finished_at IS NULL) = (outcome IS NULL))
) STRICT)",
    u"CREATE INDEX push_target ON push (target_id, id)",
    uR"(CREATE TABLE device_link (
  enrollment_id TEXT PRIMARY KEY,
  target TEXT NOT NULL REFERENCES target (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL CHECK (user_id <> ''),
  user_name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type <> ''),
  host TEXT NOT NULL CHECK (host <> ''),
  redirect TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  creator TEXT NOT NULL,
  approved INTEGER NOT NULL CHECK (approved IN (0, 1)),
  notes TEXT NOT NULL,
  revoked_at INTEGER
) STRICT)",
    u"CREATE INDEX device_link_target ON device_link (target)",
};

/// Policies on routes of others; and since when a blocked person is gone from a target's records.
constexpr std::u16string_view kThirdVersion[] {
    uR"(CREATE TABLE attached_policy (
  target INTEGER NOT NULL REFERENCES target (key) ON DELETE CASCADE,
  route_id TEXT NOT NULL CHECK (route_id <> ''),
  route_name TEXT NOT NULL,
  policy_id TEXT NOT NULL CHECK (policy_id <> ''),
  policy_name TEXT NOT NULL,
  wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
  since INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (target, route_id, policy_id)
) STRICT, WITHOUT ROWID)",
    u"ALTER TABLE blocked_user ADD COLUMN exported INTEGER NOT NULL DEFAULT 0 "
    "CHECK (exported IN (0, 1))",
    u"ALTER TABLE blocked_user ADD COLUMN absent_since INTEGER",
};

/// The listener that gives a target's bundle out, and since when the bundle is what it is.
constexpr std::u16string_view kFourthVersion[] {
    u"ALTER TABLE target ADD COLUMN listener_process TEXT",
    u"ALTER TABLE target ADD COLUMN listener_address TEXT NOT NULL DEFAULT ''",
    uR"(ALTER TABLE target ADD COLUMN listener_error TEXT
CHECK (listener_error IS NULL OR json_valid(listener_error)))",
    u"ALTER TABLE target ADD COLUMN bundle_tag BLOB",
    uR"(ALTER TABLE target ADD COLUMN bundle_modified_at INTEGER
CHECK ((bundle_tag IS NULL) = (bundle_modified_at IS NULL)))",
};

std::vector<QString> texts(std::span<const std::u16string_view> statements)
{
    std::vector<QString> out;
    for (const auto statement : statements) {
        out.push_back(QStringView(statement).toString());
    }
    return out;
}

std::vector<QString> firstVersion()
{
    auto statements = texts(kFirstVersion);
    statements.insert(statements.begin(), u"PRAGMA application_id = %1"_s.arg(kApplicationId));
    return statements;
}

Result<void> applyStep(Database& database, const Migration& step)
{
    auto transaction = Transaction::begin(database);
    if (!transaction) {
        return transaction.error();
    }
    // Read again: another program may have done this step while we waited for the lock.
    const auto version = database.number(u"PRAGMA user_version"_s);
    if (!version) {
        return version.error();
    }
    if (*version >= step.version) {
        return transaction->commit();
    }
    for (const QString& statement : step.statements) {
        if (const auto done = database.execute(statement); !done) {
            return done.error().wrappedIn(
                message(QT_TRANSLATE_NOOP(
                            "Message", "The data file %1 could not be brought to version %2."),
                    database.path(), QString::number(step.version)));
        }
    }
    const auto set = database.execute(u"PRAGMA user_version = %1"_s.arg(step.version));
    return set ? transaction->commit() : set;
}

Result<void> backUpBeside(Database& database, std::int64_t version, const Clock& clock)
{
    const QString stamp = toRfc3339(clock.nowUtc()).remove(u':').remove(u'-');
    const QString copy = u"%1.v%2-%3.backup"_s.arg(database.path()).arg(version).arg(stamp);
    QFile file(copy);
    if (!file.open(
            QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner)) {
        return fileError(
            message(QT_TRANSLATE_NOOP("Message", "The backup %1 cannot be written."), copy),
            file.errorString());
    }
    file.close();
    qCInfo(lcStore).noquote() << "backup before the upgrade:" << copy;
    return database.execute(u"VACUUM INTO ?"_s, copy);
}

} // namespace

const std::vector<Migration>& migrations()
{
    static const std::vector<Migration> all { { .version = 1, .statements = firstVersion() },
        { .version = 2, .statements = texts(kSecondVersion) },
        { .version = 3, .statements = texts(kThirdVersion) },
        { .version = 4, .statements = texts(kFourthVersion) } };
    return all;
}

int schemaVersion()
{
    return migrations().back().version;
}

Result<void> migrate(Database& database, const std::vector<Migration>& steps, const Clock& clock)
{
    const auto version = database.number(u"PRAGMA user_version"_s);
    if (!version) {
        return version.error();
    }
    if (*version > steps.back().version) {
        return newerFileError(database.path(), *version);
    }
    if (*version > 0 && *version < steps.back().version) {
        if (const auto copied = backUpBeside(database, *version, clock); !copied) {
            return copied.error();
        }
    }
    for (const Migration& step : steps) {
        if (step.version > *version) {
            if (const auto applied = applyStep(database, step); !applied) {
                return applied.error();
            }
        }
    }
    return {};
}

} // namespace portreeve
