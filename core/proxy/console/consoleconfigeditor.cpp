// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleconfigeditor.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::EntityKind;
using configservice::PolicyEntity;
using configservice::RouteEntity;

} // namespace

ConsoleConfigEditor::ConsoleConfigEditor(ConsoleConfigClient& client)
    : m_client(client)
{
}

template <typename Wire>
Result<std::optional<Wire>> ConsoleConfigEditor::unmoved(
    const QString& id, const std::stop_token& stop)
{
    auto now = m_client.current<Wire>(id, stop);
    if (!now || !*now) {
        return now;
    }
    if (!isSameConsole(m_client.known(static_cast<Wire*>(nullptr)).value(id), **now)) {
        return configservice::staleEntity(
            QT_TRANSLATE_NOOP(
                "Message", "The object was changed at the proxy \"%1\" since it was read."),
            m_client.targetName(), id);
    }
    return now;
}

Result<PolicyEntity> ConsoleConfigEditor::underTheirs(
    const PolicyEntity& policy, const ConsolePolicy&) const
{
    return policy;
}

Result<RouteEntity> ConsoleConfigEditor::underTheirs(
    const RouteEntity& route, const ConsoleRoute& before) const
{
    auto out = route;
    for (auto& id : out.policyIds) {
        const auto policy = m_client.m_policies.constFind(id);
        if (policy != m_client.m_policies.constEnd()) {
            id = QString::fromStdString(policy->id());
            continue;
        }
        const auto& old = before.policy_ids();
        if (std::find(old.begin(), old.end(), id.toStdString()) == old.end()) {
            return configservice::staleEntity(
                QT_TRANSLATE_NOOP(
                    "Message", "The proxy \"%1\" holds no policy that a route here names."),
                m_client.targetName(), id);
        }
    }
    return out;
}

template <typename Wire, typename Entity>
Result<Entity> ConsoleConfigEditor::make(const Entity& entity, const std::stop_token& stop)
{
    const auto home = m_client.home(stop);
    if (!home) {
        return home.error();
    }
    // Another window of ours may have made it since everything was read.
    const auto alike = m_client.m_console->list<Wire>(entity.name, stop);
    if (!alike) {
        return alike.error();
    }
    for (const auto& other : *alike) {
        if (consoleOrigin(other.originator_id()).id == entity.id) {
            return configservice::staleEntity(
                QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" has an object of that id already."),
                m_client.targetName(), entity.id);
        }
    }
    const auto sent = underTheirs(entity, Wire());
    if (!sent) {
        return sent.error();
    }
    Wire wire;
    wire.set_namespace_id(home->id.toStdString());
    if (const auto written = writeConsole(
            wire, *sent, configservice::fieldNames(configservice::differences(Entity(), entity)));
        !written) {
        return written.error();
    }
    const auto kept = m_client.m_console->set(wire, stop);
    if (!kept) {
        return kept.error();
    }
    m_client.learn(entity.id, *kept);
    return entity;
}

template <typename Wire, typename Entity>
Result<Entity> ConsoleConfigEditor::change(
    const Entity& entity, const QStringList& fields, const std::stop_token& stop)
{
    if (fields.isEmpty()) {
        return configservice::nothingNamed(entity.id);
    }
    auto now = unmoved<Wire>(entity.id, stop);
    if (!now) {
        return now.error();
    }
    if (!*now) {
        return configservice::staleEntity(
            QT_TRANSLATE_NOOP("Message", "The proxy \"%1\" has no object of that id any more."),
            m_client.targetName(), entity.id);
    }
    const auto sent = fields.contains(u"policyIds") ? underTheirs(entity, **now) : entity;
    if (!sent) {
        return sent.error();
    }
    auto wire = **std::move(now);
    if (const auto written = writeConsole(wire, *sent, fields); !written) {
        return written.error();
    }
    const auto kept = m_client.m_console->set(wire, stop);
    if (!kept) {
        return kept.error();
    }
    m_client.learn(entity.id, *kept);
    return entity;
}

template <typename Wire>
Result<void> ConsoleConfigEditor::erase(const QString& id, const std::stop_token& stop)
{
    const auto now = unmoved<Wire>(id, stop);
    if (!now || !*now) {
        return now ? Result<void>() : now.error();
    }
    const auto gone = m_client.m_console->remove<Wire>(QString::fromStdString((*now)->id()), stop);
    if (gone) {
        m_client.known(static_cast<Wire*>(nullptr)).remove(id);
    }
    return gone;
}

Result<PolicyEntity> ConsoleConfigEditor::create(
    const PolicyEntity& policy, const std::stop_token& stop)
{
    return make<ConsolePolicy>(policy, stop);
}

Result<RouteEntity> ConsoleConfigEditor::create(
    const RouteEntity& route, const std::stop_token& stop)
{
    return make<ConsoleRoute>(route, stop);
}

Result<PolicyEntity> ConsoleConfigEditor::update(
    const PolicyEntity& policy, const QStringList& fields, const std::stop_token& stop)
{
    return change<ConsolePolicy>(policy, fields, stop);
}

Result<RouteEntity> ConsoleConfigEditor::update(
    const RouteEntity& route, const QStringList& fields, const std::stop_token& stop)
{
    return change<ConsoleRoute>(route, fields, stop);
}

Result<void> ConsoleConfigEditor::remove(
    EntityKind kind, const QString& id, const std::stop_token& stop)
{
    return kind == EntityKind::Policy ? erase<ConsolePolicy>(id, stop)
                                      : erase<ConsoleRoute>(id, stop);
}

} // namespace portreeve
