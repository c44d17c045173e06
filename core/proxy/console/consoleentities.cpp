// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/console/consoleentities.h"

#include "core/policy/parser.h"
#include "core/policy/writer.h"
#include "core/proxy/configservice/configclient.h"
#include "core/proxy/databroker/entitywire.h"

#include <QUuid>

#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::PolicyEntity;
using configservice::RouteEntity;

constexpr QChar kBeforeId = u'/'; // never in an originator of ours

// What the console works out anew with each answer, by number.
constexpr std::array kComputedOfPolicies { 11, 12 }; // routes, namespace_name
constexpr std::array kComputedOfRoutes { 34, 35, 47, 63, 64 }; // policy_names, namespace_name,
                                                               // stat_name, enforced policies

/// Text as the other format; nothing when it is no policy.
std::optional<QByteArray> rewritten(const QByteArray& text, policy::Format format)
{
    const auto parsed = policy::parsePolicy(text);
    if (!parsed.policy) {
        return std::nullopt;
    }
    const auto written = policy::writePolicy(*parsed.policy, format);
    return written ? std::optional(*written) : std::nullopt;
}

QByteArray textOf(const google::protobuf::UnknownField& field)
{
    using Kind = google::protobuf::UnknownField;
    QByteArray number = QByteArray::number(field.number()) + ':';
    switch (field.type()) {
    case Kind::TYPE_VARINT:
        return number + QByteArray::number(quint64(field.varint()));
    case Kind::TYPE_FIXED32:
        return number + QByteArray::number(field.fixed32());
    case Kind::TYPE_FIXED64:
        return number + QByteArray::number(quint64(field.fixed64()));
    case Kind::TYPE_LENGTH_DELIMITED:
        return number + QByteArray::fromStdString(field.length_delimited());
    case Kind::TYPE_GROUP:
        break; // of another time; proto3 has none
    }
    return number;
}

/// What is not known here, in an order of its own: the entries of a map come in any.
template <std::size_t Count>
std::vector<QByteArray> unknownOf(
    const WireMessage& message, const std::array<int, Count>& computed)
{
    const auto& fields = message.GetReflection()->GetUnknownFields(message);
    std::vector<QByteArray> out;
    for (int i = 0; i < fields.field_count(); ++i) {
        const auto& field = fields.field(i);
        if (std::find(computed.begin(), computed.end(), field.number()) == computed.end()) {
            out.push_back(textOf(field));
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

template <typename Wire> bool isSameMoment(const Wire& before, const Wire& now)
{
    return before.has_modified_at() && now.has_modified_at()
        && before.modified_at().seconds() == now.modified_at().seconds()
        && before.modified_at().nanos() == now.modified_at().nanos();
}

/// Maps within unknown messages may be shuffled too: the time of the last change settles that.
template <typename Wire, std::size_t Count>
bool isSame(const Wire& before, const Wire& now, const std::array<int, Count>& computed)
{
    const bool isSameContent = before.originator_id() == now.originator_id()
        && before.namespace_id() == now.namespace_id()
        && consoleEntity(before, {}) == consoleEntity(now, {});
    return isSameContent
        && (isSameMoment(before, now) || unknownOf(before, computed) == unknownOf(now, computed));
}

template <typename Entity>
bool isEmptyIn(const Entity& entity, const configservice::Field<Entity>& field)
{
    return std::visit(
        [&entity](auto member) {
            const auto& value = entity.*member;
            return value == std::decay_t<decltype(value)>();
        },
        field.member);
}

template <typename Wire, typename Entity>
void write(Wire& wire, const Entity& entity, const std::vector<configservice::Field<Entity>>& table,
    const QStringList& fields)
{
    for (const auto& field : table) {
        const bool isLeftToThem = field.serverMayFill && isEmptyIn(entity, field);
        if (fields.contains(field.name) && !isLeftToThem) {
            writeField(wire, entity, field);
        }
    }
    if (fields.contains(u"originatorId")) {
        wire.set_originator_id(consoleOriginText(entity.originatorId, entity.id));
    }
}

} // namespace

ConsoleOrigin consoleOrigin(const std::string& text)
{
    const auto whole = QString::fromStdString(text);
    const auto at = whole.lastIndexOf(kBeforeId);
    const auto id = at < 0 ? QUuid() : QUuid(QStringView(whole).mid(at + 1));
    return id.isNull()
        ? ConsoleOrigin { .originator = whole }
        : ConsoleOrigin { .originator = whole.left(at), .id = id.toString(QUuid::WithoutBraces) };
}

std::string consoleOriginText(const QString& originator, const QString& id)
{
    return QString(originator % kBeforeId % id).toStdString();
}

PolicyEntity consoleEntity(const ConsolePolicy& wire, const QString& id)
{
    auto out = readEntity(id, wire, configservice::policyFields());
    if (const auto origin = consoleOrigin(wire.originator_id()); origin.id == id) {
        out.originatorId = origin.originator;
    }
    if (const auto text = rewritten(out.sourcePpl.toUtf8(), policy::Format::Yaml)) {
        out.sourcePpl = QString::fromUtf8(*text);
    }
    return out;
}

RouteEntity consoleEntity(const ConsoleRoute& wire, const QString& id)
{
    auto out = readEntity(id, wire, configservice::routeFields());
    if (const auto origin = consoleOrigin(wire.originator_id()); origin.id == id) {
        out.originatorId = origin.originator;
    }
    return out;
}

Result<void> writeConsole(
    ConsolePolicy& wire, const PolicyEntity& policy, const QStringList& fields)
{
    auto sent = policy;
    if (fields.contains(u"sourcePpl")) {
        const auto text = rewritten(policy.sourcePpl.toUtf8(), policy::Format::Json);
        if (!text) {
            return configservice::unsendableText();
        }
        sent.sourcePpl = QString::fromUtf8(*text).trimmed();
    }
    write(wire, sent, configservice::policyFields(), fields);
    return {};
}

Result<void> writeConsole(ConsoleRoute& wire, const RouteEntity& route, const QStringList& fields)
{
    write(wire, route, configservice::routeFields(), fields);
    return {};
}

bool isSameConsole(const ConsolePolicy& before, const ConsolePolicy& now)
{
    return isSame(before, now, kComputedOfPolicies);
}

bool isSameConsole(const ConsoleRoute& before, const ConsoleRoute& now)
{
    return isSame(before, now, kComputedOfRoutes);
}

} // namespace portreeve
