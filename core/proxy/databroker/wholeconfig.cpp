// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/wholeconfig.h"

#include "core/policy/parser.h"
#include "core/policy/regowriter.h"
#include "core/proxy/databroker/typedrecord.h"

#include <config.pb.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

using configservice::PolicyEntity;
using configservice::RouteEntity;

QString wireText(const std::string& value)
{
    return QString::fromStdString(value);
}

/// What is at its default is left out.
template <typename Setter> void setText(const QString& value, Setter set)
{
    if (!value.isEmpty()) {
        set(value.toStdString());
    }
}

PolicyEntity policyOf(const pomerium::config::Policy& wire, const QString& originatorId)
{
    return { .id = wireText(wire.id()),
        .originatorId = originatorId,
        .name = wireText(wire.name()),
        .sourcePpl = wireText(wire.source_ppl()),
        .explanation = wireText(wire.explanation()),
        .remediation = wireText(wire.remediation()) };
}

RouteEntity routeOf(const pomerium::config::Route& wire, const QString& originatorId)
{
    RouteEntity out { .id = wireText(wire.id()),
        .originatorId = originatorId,
        .name = wireText(wire.name()),
        .from = wireText(wire.from()),
        .prefix = wireText(wire.prefix()),
        .path = wireText(wire.path()),
        .regex = wireText(wire.regex()),
        .passIdentityHeaders = wire.pass_identity_headers(),
        .showErrorDetails = wire.show_error_details(),
        .isPublic = wire.allow_public_unauthenticated_access() };
    std::transform(wire.to().begin(), wire.to().end(), std::back_inserter(out.to), wireText);
    for (const auto& policy : wire.policies()) {
        out.policyIds.push_back(wireText(policy.id()));
        if (policy.rego().empty() && !policy.source_ppl().empty()) {
            ++out.inlinePolicies;
        }
    }
    return out;
}

/// A policy on several routes is there several times; somebody may have changed one of them.
void addPolicy(WholeConfig& config, const pomerium::config::Policy& wire, const QString& originator)
{
    auto policy = policyOf(wire, originator);
    QStringList modules;
    std::transform(wire.rego().begin(), wire.rego().end(), std::back_inserter(modules), wireText);
    const QString rules = modules.join(u'\n');
    const auto known = config.rules.find(policy.id);
    if (known == config.rules.end()) {
        config.rules.insert(policy.id, rules);
        config.state.policies.push_back(std::move(policy));
    } else if (*known != rules) {
        known->clear();
    }
}

void fillWire(const PolicyEntity& policy, const QString& rules, pomerium::config::Policy& out)
{
    out.set_id(policy.id.toStdString());
    out.add_rego(rules.toStdString());
    setText(policy.name, [&out](const std::string& text) { out.set_name(text); });
    setText(policy.explanation, [&out](const std::string& text) { out.set_explanation(text); });
    setText(policy.remediation, [&out](const std::string& text) { out.set_remediation(text); });
    setText(policy.sourcePpl, [&out](const std::string& text) { out.set_source_ppl(text); });
}

void fillWire(const RouteEntity& route, pomerium::config::Route& out)
{
    out.set_id(route.id.toStdString());
    out.set_from(route.from.toStdString());
    for (const auto& to : route.to) {
        out.add_to(to.toStdString());
    }
    setText(route.name, [&out](const std::string& text) { out.set_name(text); });
    setText(route.prefix, [&out](const std::string& text) { out.set_prefix(text); });
    setText(route.path, [&out](const std::string& text) { out.set_path(text); });
    setText(route.regex, [&out](const std::string& text) { out.set_regex(text); });
    if (route.passIdentityHeaders) {
        out.set_pass_identity_headers(true);
    }
    if (route.showErrorDetails) {
        out.set_show_error_details(true);
    }
}

} // namespace

QString wholeConfigId(const QString& originator)
{
    return QString(u"directory-console/"_s % originator);
}

Result<WholeConfig> readWholeConfig(const DatabrokerRecord& record, const QString& originatorId)
{
    const auto wire = unpack<pomerium::config::Config>(record);
    if (!wire) {
        return Error { .code = ErrorCode::BadResponse,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "The configuration record %1 cannot be read."),
                record.id),
            .remedy = message(QT_TRANSLATE_NOOP(
                "Message", "Another program wrote it. Have it mended or deleted there.")) };
    }
    WholeConfig out;
    for (const auto& route : wire->routes()) {
        for (const auto& policy : route.policies()) {
            addPolicy(out, policy, originatorId);
        }
        out.state.routes.push_back(routeOf(route, originatorId));
    }
    return out;
}

DatabrokerRecord wholeConfigRecord(const WholeConfig& config, const QString& originator)
{
    QHash<QString, const PolicyEntity*> policies;
    for (const auto& policy : config.state.policies) {
        policies.insert(policy.id, &policy);
    }
    auto routes = config.state.routes;
    std::sort(routes.begin(), routes.end(),
        [](const RouteEntity& a, const RouteEntity& b) { return a.id < b.id; });
    pomerium::config::Config wire;
    wire.set_name(originator.toStdString());
    for (const auto& route : routes) {
        auto& out = *wire.add_routes();
        fillWire(route, out);
        for (const auto& id : route.policyIds) {
            if (const auto* policy = policies.value(id)) {
                fillWire(*policy, config.rules.value(id), *out.add_policies());
            }
        }
    }
    auto record = typedRecord(recordtype::kConfig, wholeConfigId(originator), wire);
    record.isDeleted = routes.empty();
    return record;
}

Result<void> compileRules(WholeConfig& config, const QHash<QString, QString>& kept)
{
    for (const auto& policy : config.state.policies) {
        if (const auto rules = kept.value(policy.id); !rules.isEmpty()) {
            config.rules.insert(policy.id, rules);
            continue;
        }
        const auto parsed = policy::parsePolicy(policy.sourcePpl.toUtf8());
        if (!parsed.policy) {
            const auto& first = parsed.diagnostics.front();
            return Error { .code = ErrorCode::InvalidInput,
                .what = first.what,
                .remedy = first.fix,
                .field = u"policies"_s };
        }
        const auto rules = policy::writeRego(*parsed.policy);
        if (!rules) {
            return rules.error();
        }
        config.rules.insert(policy.id, QString::fromUtf8(*rules));
    }
    return {};
}

} // namespace portreeve
