// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/recordconfigeditor.h"

#include "core/policy/parser.h"
#include "core/proxy/configexport.h"
#include "core/proxy/databroker/configrecords.h"
#include "core/proxy/databroker/devicerecords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::EntityKind;
using configservice::PolicyEntity;
using configservice::RouteEntity;

Error staleRecord(const char* what, const QString& target, EntityKind kind, const QString& id)
{
    return configservice::staleEntity(what, target, configRecordType(kind) % u'/' % id);
}

Result<void> checkText(const PolicyEntity& policy)
{
    const auto parsed = policy::parsePolicy(policy.sourcePpl.toUtf8());
    return parsed.policy && !parsed.hasErrors() ? Result<void>() : configservice::unsendableText();
}

/// A route without an address stops the whole rebuild at the proxy, and a regular expression it
/// cannot read all routes made later.
Result<void> checkServable(const RouteEntity& route)
{
    return checkRoute({ .name = route.name,
        .from = route.from,
        .to = route.to,
        .prefix = route.prefix,
        .path = route.path,
        .regex = route.regex });
}

/// What is not touched here is its keeper's business.
bool changesServing(const QStringList& fields)
{
    static const QStringList serving { u"from"_s, u"to"_s, u"prefix"_s, u"path"_s, u"regex"_s };
    return std::any_of(
        fields.begin(), fields.end(), [](const QString& field) { return serving.contains(field); });
}

} // namespace

RecordConfigEditor::RecordConfigEditor(RecordConfigClient& client)
    : m_client(client)
{
}

Result<void> RecordConfigEditor::put(
    EntityKind kind, const DatabrokerRecord& record, const std::stop_token& stop)
{
    const auto answer = m_client.m_databroker->put({ record }, stop);
    if (!answer) {
        return answer.error();
    }
    const auto version = answer->records.front().version;
    if (const auto at = m_client.m_positions.find(record.type); at != m_client.m_positions.end()) {
        at->second.recordVersion = std::max(at->second.recordVersion, version);
    }
    auto& known = m_client.known(kind);
    if (record.isDeleted) {
        known.remove(record.id);
    } else {
        auto written = record;
        written.version = version;
        known.insert(record.id, written);
    }
    return {};
}

Result<void> RecordConfigEditor::createRecord(
    EntityKind kind, const DatabrokerRecord& record, const std::stop_token& stop)
{
    const auto existing = m_client.current(kind, record.id, stop);
    if (!existing) {
        return existing.error();
    }
    if (*existing) {
        return staleRecord(
            QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" has an object of that id already."),
            m_client.targetName(), kind, record.id);
    }
    return put(kind, record, stop);
}

Result<std::optional<DatabrokerRecord>> RecordConfigEditor::unmoved(
    EntityKind kind, const QString& id, const std::stop_token& stop)
{
    auto now = m_client.current(kind, id, stop);
    if (!now || !*now) {
        return now;
    }
    const auto& known = m_client.known(kind);
    const auto read = known.constFind(id);
    const bool isSame = read == known.constEnd()
        || (read->version == (*now)->version && read->data == (*now)->data);
    if (!isSame) {
        return staleRecord(QT_TRANSLATE_NOOP("Message",
                               "The object was changed at the proxy \"%1\" since it was read."),
            m_client.targetName(), kind, id);
    }
    return now;
}

template <typename Entity>
Result<void> RecordConfigEditor::change(
    EntityKind kind, const Entity& entity, const QStringList& fields, const std::stop_token& stop)
{
    const auto before = unmoved(kind, entity.id, stop);
    if (!before) {
        return before.error();
    }
    if (!*before) {
        return staleRecord(
            QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" has no object of that id any more."),
            m_client.targetName(), kind, entity.id);
    }
    const auto after = withFields(**before, entity, fields);
    return after ? put(kind, *after, stop) : after.error();
}

Result<PolicyEntity> RecordConfigEditor::create(
    const PolicyEntity& policy, const std::stop_token& stop)
{
    if (const auto fit = checkText(policy); !fit) {
        return fit.error();
    }
    const auto made = createRecord(EntityKind::Policy, toRecord(policy), stop);
    return made ? Result<PolicyEntity>(policy) : made.error();
}

Result<RouteEntity> RecordConfigEditor::create(
    const RouteEntity& route, const std::stop_token& stop)
{
    if (const auto fit = checkServable(route); !fit) {
        return fit.error();
    }
    const auto made = createRecord(EntityKind::Route, toRecord(route), stop);
    return made ? Result<RouteEntity>(route) : made.error();
}

Result<PolicyEntity> RecordConfigEditor::update(
    const PolicyEntity& policy, const QStringList& fields, const std::stop_token& stop)
{
    if (fields.isEmpty()) {
        return configservice::nothingNamed(policy.id);
    }
    if (fields.contains(u"sourcePpl")) {
        if (const auto fit = checkText(policy); !fit) {
            return fit.error();
        }
    }
    const auto changed = change(EntityKind::Policy, policy, fields, stop);
    return changed ? Result<PolicyEntity>(policy) : changed.error();
}

Result<RouteEntity> RecordConfigEditor::update(
    const RouteEntity& route, const QStringList& fields, const std::stop_token& stop)
{
    if (fields.isEmpty()) {
        return configservice::nothingNamed(route.id);
    }
    if (changesServing(fields)) {
        if (const auto fit = checkServable(route); !fit) {
            return fit.error();
        }
    }
    const auto changed = change(EntityKind::Route, route, fields, stop);
    return changed ? Result<RouteEntity>(route) : changed.error();
}

Result<void> RecordConfigEditor::remove(
    EntityKind kind, const QString& id, const std::stop_token& stop)
{
    const auto before = unmoved(kind, id, stop);
    if (!before) {
        return before.error();
    }
    return *before ? put(kind, tombstone(configRecordType(kind), id), stop) : Result<void>();
}

} // namespace portreeve
