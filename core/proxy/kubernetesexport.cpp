// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/kubernetesexport.h"

#include "core/policy/writer.h"
#include "core/proxy/objectnames.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// The policy as a literal block below @p key. Canonical text has no line that starts with a blank
/// at its top level and ends in one line break, so the plain indicator keeps every byte.
Result<QByteArray> literalBlock(
    const QByteArray& indent, const QByteArray& key, const policy::Policy& policy)
{
    const auto text = policy::writePolicy(policy, policy::Format::Yaml);
    if (!text) {
        return text.error();
    }
    QByteArray out = indent + key + ": |\n";
    for (const auto& line : text->chopped(1).split('\n')) {
        out += indent + "  " + line + '\n';
    }
    return out;
}

} // namespace

Result<QByteArray> writeIngressAnnotations(const PreparedExport& prepared)
{
    std::vector<NamedObject> objects;
    objects.reserve(prepared.routes.size());
    for (const auto& exported : prepared.routes) {
        objects.push_back({ .id = exported.route.id, .name = exported.route.name });
    }
    const auto names = objectNames(objects, NameRule::DnsLabel);
    QByteArray out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& exported = prepared.routes[i];
        const auto block = literalBlock("    ", "ingress.pomerium.io/policy", exported.rules);
        if (!block) {
            return block.error();
        }
        out += "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: \""
            + names[i].toUtf8() + "\"\n  annotations:\n";
        if (exported.route.passIdentityHeaders) {
            out += "    ingress.pomerium.io/pass_identity_headers: \"true\"\n";
        }
        out += *block;
    }
    return out;
}

Result<QByteArray> writePolicyFilters(const PreparedExport& prepared, const QString& nameSpace)
{
    static const QRegularExpression label(u"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z"_s);
    if (!nameSpace.isEmpty() && !label.match(nameSpace).hasMatch()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what
            = message(QT_TRANSLATE_NOOP("Message", "\"%1\" is no name of a Kubernetes namespace."),
                nameSpace),
            .remedy = message(
                QT_TRANSLATE_NOOP("Message", "Use small letters, digits and dashes, at most 63.")),
            .field = u"namespace"_s };
    }
    std::vector<NamedObject> objects;
    objects.reserve(prepared.policies.size());
    for (const auto& exported : prepared.policies) {
        objects.push_back({ .id = exported.stored.id, .name = exported.stored.name });
    }
    const auto names = objectNames(objects, NameRule::DnsLabel);
    QByteArray out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto block = literalBlock("  ", "ppl", prepared.policies[i].rules);
        if (!block) {
            return block.error();
        }
        out += "---\napiVersion: gateway.pomerium.io/v1alpha1\nkind: PolicyFilter\nmetadata:\n"
               "  name: \""
            + names[i].toUtf8() + "\"\n";
        if (!nameSpace.isEmpty()) {
            out += "  namespace: \"" + nameSpace.toUtf8() + "\"\n";
        }
        out += "spec:\n" + *block;
    }
    return out;
}

} // namespace portreeve
