// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/policystore.h"

#include "core/store/adminchange.h"
#include "core/store/database.h"
#include "core/store/jsoncolumns.h"
#include "core/store/namekey.h"
#include "core/store/uniquename.h"

#include <QStringList>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

const QString kSelectPolicy
    = u"SELECT id, name, description, text, explanation, remediation, enforced, updated_at "
      "FROM policy "_s;

const QString kSelectRoute
    = uR"(SELECT id, name, from_url, to_urls, prefix, path, regex, pass_identity_headers,
  show_error_details, updated_at, (SELECT json_group_array(policy) FROM
    (SELECT policy FROM route_policy WHERE route = route.id ORDER BY position))
FROM route )"_s;

const QString kById = u"WHERE id = ?"_s;

StoredPolicy readPolicy(const Statement& row)
{
    return { .id = row.text(0),
        .name = row.text(1),
        .description = row.text(2),
        .text = row.text(3),
        .explanation = row.text(4),
        .remediation = row.text(5),
        .enforced = row.flag(6),
        .updatedAt = row.time(7) };
}

StoredRoute readRoute(const Statement& row)
{
    return { .id = row.text(0),
        .name = row.text(1),
        .from = row.text(2),
        .to = stringsFromJson(row.text(3)),
        .prefix = row.text(4),
        .path = row.text(5),
        .regex = row.text(6),
        .policyIds = stringsFromJson(row.text(10)),
        .passIdentityHeaders = row.flag(7),
        .showErrorDetails = row.flag(8),
        .updatedAt = row.time(9) };
}

Error invalid(const QString& field, Message what, Message remedy)
{
    return { .code = ErrorCode::InvalidInput,
        .what = std::move(what),
        .remedy = std::move(remedy),
        .detail = {},
        .cause = {},
        .field = field };
}

Error unknown(const char* sentence, const QString& idOrName)
{
    return { .code = ErrorCode::NotFound,
        .what = Message(sentence, { idOrName }),
        .remedy
        = message(QT_TRANSLATE_NOOP("Message", "List them and use the name or id shown there.")) };
}

FieldChanges fieldChanges(const StoredPolicy& before, const StoredPolicy& after)
{
    FieldChanges changes;
    changes.add(u"name"_s, before.name, after.name);
    changes.add(u"description"_s, before.description, after.description);
    changes.add(u"text"_s, before.text, after.text);
    changes.add(u"explanation"_s, before.explanation, after.explanation);
    changes.add(u"remediation"_s, before.remediation, after.remediation);
    changes.addFlag(u"enforced"_s, before.enforced, after.enforced);
    return changes;
}

FieldChanges fieldChanges(const StoredRoute& before, const StoredRoute& after)
{
    FieldChanges changes;
    changes.add(u"name"_s, before.name, after.name);
    changes.add(u"from"_s, before.from, after.from);
    changes.add(u"to"_s, before.to, after.to);
    changes.add(u"prefix"_s, before.prefix, after.prefix);
    changes.add(u"path"_s, before.path, after.path);
    changes.add(u"regex"_s, before.regex, after.regex);
    changes.add(u"policies"_s, before.policyIds, after.policyIds);
    changes.addFlag(
        u"pass_identity_headers"_s, before.passIdentityHeaders, after.passIdentityHeaders);
    changes.addFlag(u"show_error_details"_s, before.showErrorDetails, after.showErrorDetails);
    return changes;
}

/// The line for a policy or a route that is saved over @p before, which is empty for a new one.
template <typename Row>
Result<void> logSaved(Database& database, const Clock& clock, const QString& kind,
    const std::vector<Row>& before, const Row& after)
{
    FieldChanges changes = fieldChanges(before.empty() ? Row() : before.front(), after);
    if (!before.empty() && changes.isEmpty()) {
        return {};
    }
    return logAdminChange(database, clock,
        { .event = kind + (before.empty() ? u"_added"_s : u"_edited"_s),
            .subject = after.id,
            .name = after.name,
            .changes = std::move(changes) });
}

template <typename Row>
Result<void> logRemoved(
    Database& database, const Clock& clock, const QString& kind, const Row& removed)
{
    return logAdminChange(database, clock,
        { .event = kind + u"_removed"_s, .subject = removed.id, .name = removed.name });
}

constexpr const char* kNoPolicy = QT_TRANSLATE_NOOP("Message", "There is no policy %1.");
constexpr const char* kNoRoute = QT_TRANSLATE_NOOP("Message", "There is no route %1.");

} // namespace

PolicyStore::PolicyStore(Database& database, const Clock& clock)
    : m_database(database)
    , m_clock(clock)
{
}

Result<std::vector<StoredPolicy>> PolicyStore::policies()
{
    return m_database.all(kSelectPolicy + u"ORDER BY name_key"_s, readPolicy);
}

Result<StoredPolicy> PolicyStore::policy(const QString& idOrName)
{
    const auto found
        = m_database.all(kSelectPolicy + u"WHERE id = ? OR name_key = ? ORDER BY id = ? DESC"_s,
            readPolicy, idOrName, nameKey(idOrName), idOrName);
    if (!found) {
        return found.error();
    }
    return found->empty() ? Result<StoredPolicy>(unknown(kNoPolicy, idOrName)) : found->front();
}

Result<StoredPolicy> PolicyStore::save(StoredPolicy policy)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    if (policy.id.isEmpty()) {
        policy.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    }
    policy.name = policy.name.trimmed();
    policy.updatedAt = m_clock.nowUtc();
    if (const auto checked = checkUniqueName(m_database, u"policy"_s, policy.name, policy.id);
        !checked) {
        return checked.error();
    }
    const auto before = m_database.all(kSelectPolicy + kById, readPolicy, policy.id);
    if (!before) {
        return before.error();
    }
    const auto saved = m_database.execute(uR"(INSERT INTO policy (id, name, name_key, description,
  text, explanation, remediation, enforced, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
  description = excluded.description, text = excluded.text, explanation = excluded.explanation,
  remediation = excluded.remediation, enforced = excluded.enforced,
  updated_at = excluded.updated_at)"_s,
        policy.id, policy.name, nameKey(policy.name), policy.description, policy.text,
        policy.explanation, policy.remediation, policy.enforced, policy.updatedAt);
    if (!saved) {
        return saved.error();
    }
    const auto logged = logSaved(m_database, m_clock, u"policy"_s, *before, policy);
    const auto committed = logged ? transaction->commit() : logged;
    return committed ? Result<StoredPolicy>(std::move(policy)) : committed.error();
}

Result<void> PolicyStore::removePolicy(const QString& id)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto users = m_database.all(
        u"SELECT DISTINCT name FROM route JOIN route_policy ON route = id WHERE policy = ? "
        "ORDER BY name_key"_s,
        [](const Statement& row) { return row.text(0); }, id);
    if (!users) {
        return users.error();
    }
    if (!users->empty()) {
        return invalid(u"id"_s,
            message(QT_TRANSLATE_NOOP("Message", "The policy is used by these routes: %1."),
                QStringList(users->begin(), users->end()).join(u", "_s)),
            message(QT_TRANSLATE_NOOP("Message", "Take it out of those routes first.")));
    }
    const auto before = m_database.all(kSelectPolicy + kById, readPolicy, id);
    if (!before || before->empty()) {
        return before ? unknown(kNoPolicy, id) : before.error();
    }
    const auto removed = m_database.execute(u"DELETE FROM policy WHERE id = ?"_s, id);
    const auto logged
        = removed ? logRemoved(m_database, m_clock, u"policy"_s, before->front()) : removed;
    return logged ? transaction->commit() : logged;
}

Result<std::vector<StoredRoute>> PolicyStore::routes()
{
    return m_database.all(kSelectRoute + u"ORDER BY name_key"_s, readRoute);
}

Result<StoredRoute> PolicyStore::route(const QString& idOrName)
{
    const auto found
        = m_database.all(kSelectRoute + u"WHERE id = ? OR name_key = ? ORDER BY id = ? DESC"_s,
            readRoute, idOrName, nameKey(idOrName), idOrName);
    if (!found) {
        return found.error();
    }
    return found->empty() ? Result<StoredRoute>(unknown(kNoRoute, idOrName)) : found->front();
}

Result<void> PolicyStore::savePoliciesOf(const StoredRoute& route)
{
    if (const auto cleared
        = m_database.execute(u"DELETE FROM route_policy WHERE route = ?"_s, route.id);
        !cleared) {
        return cleared.error();
    }
    int position = 0;
    for (const QString& id : route.policyIds) {
        const auto known = m_database.number(u"SELECT count(*) FROM policy WHERE id = ?"_s, id);
        if (!known) {
            return known.error();
        }
        if (*known == 0) {
            return invalid(u"policyIds"_s,
                message(
                    QT_TRANSLATE_NOOP("Message", "The route names a policy that is not there: %1."),
                    id),
                message(QT_TRANSLATE_NOOP("Message", "Save the policy first, or take it out.")));
        }
        const auto added = m_database.execute(
            u"INSERT INTO route_policy VALUES (?, ?, ?)"_s, route.id, position++, id);
        if (!added) {
            return added.error();
        }
    }
    return {};
}

Result<StoredRoute> PolicyStore::save(StoredRoute route)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    if (route.id.isEmpty()) {
        route.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    }
    route.name = route.name.trimmed();
    route.updatedAt = m_clock.nowUtc();
    if (const auto checked = checkUniqueName(m_database, u"route"_s, route.name, route.id);
        !checked) {
        return checked.error();
    }
    const auto before = m_database.all(kSelectRoute + kById, readRoute, route.id);
    if (!before) {
        return before.error();
    }
    const auto saved = m_database.execute(uR"(INSERT INTO route (id, name, name_key, from_url,
  to_urls, prefix, path, regex, pass_identity_headers, show_error_details, updated_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
  from_url = excluded.from_url, to_urls = excluded.to_urls, prefix = excluded.prefix,
  path = excluded.path, regex = excluded.regex,
  pass_identity_headers = excluded.pass_identity_headers,
  show_error_details = excluded.show_error_details, updated_at = excluded.updated_at)"_s,
        route.id, route.name, nameKey(route.name), route.from, stringsToJson(route.to),
        route.prefix, route.path, route.regex, route.passIdentityHeaders, route.showErrorDetails,
        route.updatedAt);
    if (!saved) {
        return saved.error();
    }
    if (const auto policies = savePoliciesOf(route); !policies) {
        return policies.error();
    }
    const auto logged = logSaved(m_database, m_clock, u"route"_s, *before, route);
    const auto committed = logged ? transaction->commit() : logged;
    return committed ? Result<StoredRoute>(std::move(route)) : committed.error();
}

Result<void> PolicyStore::removeRoute(const QString& id)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction) {
        return transaction.error();
    }
    const auto before = m_database.all(kSelectRoute + kById, readRoute, id);
    if (!before || before->empty()) {
        return before ? unknown(kNoRoute, id) : before.error();
    }
    const auto removed = m_database.execute(u"DELETE FROM route WHERE id = ?"_s, id);
    const auto logged
        = removed ? logRemoved(m_database, m_clock, u"route"_s, before->front()) : removed;
    return logged ? transaction->commit() : logged;
}

} // namespace portreeve
