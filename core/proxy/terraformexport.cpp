// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/terraformexport.h"

#include "core/policy/writer.h"
#include "core/proxy/objectnames.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

QString withoutTemplates(QString text)
{
    return text.replace(u"${"_s, u"$${"_s).replace(u"%{"_s, u"%%{"_s);
}

QString quoted(const QString& text)
{
    QString out;
    for (const auto c : text) {
        const auto unit = c.unicode();
        if (c == u'"' || c == u'\\') {
            out += QString(u'\\') + c;
        } else if (c == u'\n') {
            out += u"\\n"_s;
        } else if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) {
            out += u"\\u%1"_s.arg(uint { unit }, 4, 16, QChar(u'0'));
        } else {
            out += c;
        }
    }
    return u'"' + withoutTemplates(out) + u'"';
}

/// Attributes of one block, their equal signs in one column.
class Block
{
public:
    explicit Block(QString head)
        : m_head(std::move(head))
    {
    }

    void add(const QString& name, const QString& expression)
    {
        m_attributes.emplace_back(name, expression);
    }

    void addText(const QString& name, const QString& text)
    {
        if (!text.isEmpty()) {
            add(name, quoted(text));
        }
    }

    void addFlag(const QString& name, bool set)
    {
        if (set) {
            add(name, u"true"_s);
        }
    }

    QString text() const
    {
        qsizetype longest = 0;
        for (const auto& [name, expression] : m_attributes) {
            longest = std::max(longest, name.size());
        }
        QString out = m_head + u" {\n"_s;
        for (const auto& [name, expression] : m_attributes) {
            out += u"  "_s + name.leftJustified(longest) + u" = "_s + expression + u'\n';
        }
        return out + u"}\n"_s;
    }

private:
    QString m_head;
    std::vector<std::pair<QString, QString>> m_attributes;
};

/// An indented here-document: no line of a policy can be its end, for each starts with a dash, a
/// quote or a small letter.
Result<QString> hereDocument(const policy::Policy& rules)
{
    const auto text = policy::writePolicy(rules, policy::Format::Yaml);
    if (!text) {
        return text.error();
    }
    QString out = u"<<-EOT\n"_s;
    const auto lines = withoutTemplates(QString::fromUtf8(text->chopped(1)));
    for (const auto& line : lines.split(u'\n')) {
        out += u"    "_s + line + u'\n';
    }
    out += u"  EOT"_s;
    return out;
}

/// Terraform puts every text into composed form (NFC); ids and names compare byte by byte.
std::optional<Error> changedByTerraform(const QString& object, const QStringList& texts)
{
    const bool kept = std::all_of(texts.begin(), texts.end(),
        [](const QString& text) { return text.normalized(QString::NormalizationForm_C) == text; });
    if (kept) {
        return std::nullopt;
    }
    return Error { .code = ErrorCode::InvalidInput,
        .what
        = message(QT_TRANSLATE_NOOP("Message",
                      "Terraform would change letters with separate marks in \"%1\", and the proxy "
                      "would compare other text."),
            object),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Send the policy over the proxy's API, or write the letters in composed form.")),
        .field = u"policies"_s };
}

QString variable(const QString& name, const QString& description, bool sensitive)
{
    Block block(u"variable \""_s + name + u'"');
    block.addText(u"description"_s, description);
    block.add(u"type"_s, u"string"_s);
    block.addFlag(u"sensitive"_s, sensitive);
    return block.text();
}

QString providerText(const TerraformOptions& options)
{
    const bool core = options.edition == policy::Edition::Core;
    const QString secret = core ? u"shared_secret_b64"_s : u"service_account_token"_s;
    const QString secretVariable = core ? u"pomerium_shared_secret"_s : u"pomerium_token"_s;
    QString out = u"terraform {\n  required_providers {\n    pomerium = {\n"
                  "      source = \"pomerium/pomerium\"\n    }\n  }\n}\n\n"_s;
    out += variable(secretVariable,
        core ? u"The proxy's shared secret in base64; give it as TF_VAR_pomerium_shared_secret."_s
             : u"A service account's token; give it as TF_VAR_pomerium_token."_s,
        true);
    if (!core) {
        out += u'\n'
            + variable(u"pomerium_namespace_id"_s,
                u"The namespace that holds the policies and routes."_s, false);
    }
    Block provider(u"provider \"pomerium\""_s);
    provider.addText(u"api_url"_s, options.apiUrl.toString(QUrl::RemoveUserInfo));
    provider.add(secret, u"var."_s + secretVariable);
    return out + u'\n' + provider.text();
}

class Writer
{
public:
    Writer(const PreparedExport& prepared, const TerraformOptions& options)
        : m_prepared(prepared)
        , m_options(options)
    {
    }

    Result<QByteArray> run()
    {
        QString out = providerText(m_options);
        for (const auto& write : { &Writer::policies, &Writer::routes }) {
            const auto text = (this->*write)();
            if (!text) {
                return text.error();
            }
            out += *text;
        }
        return out.toUtf8();
    }

private:
    void addNamespace(Block& block) const
    {
        if (m_options.edition != policy::Edition::Core) {
            block.add(u"namespace_id"_s, u"var.pomerium_namespace_id"_s);
        }
    }

    Result<QString> policies()
    {
        std::vector<NamedObject> objects;
        objects.reserve(m_prepared.policies.size());
        for (const auto& exported : m_prepared.policies) {
            objects.push_back({ .id = exported.stored.id, .name = exported.stored.name });
        }
        const auto names = objectNames(objects, NameRule::Identifier);
        QString out;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto& [stored, rules] = m_prepared.policies[i];
            const auto ppl = hereDocument(rules);
            if (!ppl) {
                return ppl.error();
            }
            if (const auto error = changedByTerraform(stored.name, { stored.name, *ppl })) {
                return *error;
            }
            m_resources.insert(stored.id, u"pomerium_policy."_s + names[i]);
            Block block(u"resource \"pomerium_policy\" \""_s + names[i] + u'"');
            block.addText(u"name"_s, stored.name);
            addNamespace(block);
            block.addText(u"description"_s, stored.description);
            block.addText(u"explanation"_s, stored.explanation);
            block.addText(u"remediation"_s, stored.remediation);
            block.addFlag(
                u"enforced"_s, stored.enforced && m_options.edition == policy::Edition::Enterprise);
            block.add(u"ppl"_s, *ppl);
            out += u'\n' + block.text();
        }
        return out;
    }

    Result<QString> routes()
    {
        std::vector<NamedObject> objects;
        objects.reserve(m_prepared.routes.size());
        for (const auto& exported : m_prepared.routes) {
            objects.push_back({ .id = exported.route.id, .name = exported.route.name });
        }
        const auto names = objectNames(objects, NameRule::Identifier);
        QString out;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto& exported = m_prepared.routes[i];
            const auto& route = exported.route;
            QStringList to;
            std::transform(route.to.begin(), route.to.end(), std::back_inserter(to), quoted);
            QStringList texts { route.name, route.from, route.prefix, route.path, route.regex };
            if (const auto error = changedByTerraform(route.name, texts + to)) {
                return *error;
            }
            QStringList attached;
            for (const auto& id : exported.policyIds) {
                attached.append(m_resources.value(id) + u".id"_s);
            }
            Block block(u"resource \"pomerium_route\" \""_s + names[i] + u'"');
            block.addText(u"name"_s, route.name);
            addNamespace(block);
            block.addText(u"from"_s, route.from);
            block.add(u"to"_s, u'[' + to.join(u", "_s) + u']');
            block.addText(u"prefix"_s, route.prefix);
            block.addText(u"path"_s, route.path);
            block.addText(u"regex"_s, route.regex);
            block.add(u"policies"_s, u'[' + attached.join(u", "_s) + u']');
            block.addFlag(u"pass_identity_headers"_s, route.passIdentityHeaders);
            block.addFlag(u"show_error_details"_s, route.showErrorDetails);
            out += u'\n' + block.text();
        }
        return out;
    }

    const PreparedExport& m_prepared;
    const TerraformOptions& m_options;
    QHash<QString, QString> m_resources; ///< address of a policy's resource by its id
};

} // namespace

Result<QByteArray> writeTerraform(const PreparedExport& prepared, const TerraformOptions& options)
{
    return Writer(prepared, options).run();
}

} // namespace portreeve
