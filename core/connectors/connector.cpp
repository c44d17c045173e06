// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/connector.h"

#include <QRegularExpression>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve {

std::vector<QString> ConnectorOptions::list(const QString& key) const
{
    static const QRegularExpression separator(u"[,\\r\\n]"_s);
    std::vector<QString> items;
    const auto parts = values.value(key).split(separator, Qt::SkipEmptyParts);
    for (const auto& part : parts) {
        const QString item = part.trimmed();
        if (!item.isEmpty()) {
            items.push_back(item);
        }
    }
    return items;
}

std::vector<FieldDescriptor> commonHttpFields()
{
    return {
        { .key = u"ca_file"_s,
            .kind = FieldKind::File,
            .label = QT_TRANSLATE_NOOP("Connector", "Extra CA certificates"),
            .help = QT_TRANSLATE_NOOP(
                "Connector", "A PEM file with certificates to trust besides those of the system."),
            .advanced = true },
        { .key = u"http_proxy"_s,
            .kind = FieldKind::Url,
            .label = QT_TRANSLATE_NOOP("Connector", "HTTP proxy"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Only when the system's own proxy setting does not fit. Begins with http or "
                "socks5."),
            .placeholder = u"http://proxy.example.org:3128"_s,
            .schemes = { u"http"_s, u"socks5"_s },
            .advanced = true },
        { .key = u"allow_http"_s,
            .kind = FieldKind::Flag,
            .label = QT_TRANSLATE_NOOP("Connector", "Allow an address without encryption"),
            .help = QT_TRANSLATE_NOOP("Connector",
                "Secrets and people's data then travel readable for everybody on the way. This "
                "computer itself needs no such permission."),
            .defaultValue = u"false"_s,
            .advanced = true },
    };
}

HttpSettings httpSettings(const OptionValues& values)
{
    return { .caFile = values.value(u"ca_file"_s).trimmed(),
        .proxyUrl = values.value(u"http_proxy"_s).trimmed() };
}

std::vector<FieldProblem> validateOptions(const ConnectorDescriptor& connector,
    const OptionValues& values, const std::vector<QString>& storedSecrets)
{
    auto problems = validate(connector.fields, values, storedSecrets);
    if (problems.empty() && connector.crossCheck) {
        problems = connector.crossCheck(effectiveValues(connector.fields, values));
    }
    return problems;
}

ConnectorOptions makeOptions(const ConnectorDescriptor& connector, const OptionValues& values,
    QHash<QString, QString> secrets, QString connectionName)
{
    return { .values = effectiveValues(connector.fields, values),
        .secrets = std::move(secrets),
        .connectionName = std::move(connectionName) };
}

} // namespace portreeve
