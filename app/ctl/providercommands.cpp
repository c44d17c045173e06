// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/command.h"
#include "app/ctl/commandline.h"
#include "app/ctl/json.h"
#include "core/connectors/registry.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
CommandResult listProviders(Session& session, const Arguments&)
{
    std::vector<QStringList> rows;
    QJsonArray all;
    for (const auto& connector : connectorRegistry()) {
        all.append(toJson(connector));
        rows.push_back({ connector.id, QString::fromUtf8(connector.name),
            QString::fromUtf8(connector.summary) });
    }
    if (session.out().isJson()) {
        session.out().document({ { u"providers"_s, all } });
    } else {
        session.out().table({ u"ID"_s, u"NAME"_s, u"READS"_s }, rows);
    }
    return ExitCode::Done;
}

CommandResult showProvider(Session& session, const Arguments& arguments)
{
    const auto* connector = findConnector(arguments.at(0));
    if (connector == nullptr) {
        QStringList ids;
        for (const auto& known : connectorRegistry()) {
            ids.append(known.id);
        }
        return usageError(
            message(QT_TRANSLATE_NOOP("Message", "There is no provider “%1”."), arguments.at(0)),
            message(QT_TRANSLATE_NOOP("Message", "It is one of: %1."), ids.join(u", "_s)));
    }
    const QJsonObject object = toJson(*connector);
    if (session.out().isJson()) {
        session.out().document(object);
        return ExitCode::Done;
    }
    session.out().text(
        QString::fromUtf8(connector->name) + u": "_s + QString::fromUtf8(connector->summary));
    std::vector<QStringList> rows;
    for (const auto& value : object.value(u"fields"_s).toArray()) {
        const auto field = value.toObject();
        rows.push_back({ field.value(u"key"_s).toString(), field.value(u"kind"_s).toString(),
            field.value(u"required"_s).toBool() ? u"yes"_s : u"no"_s,
            field.value(u"default"_s).toString(), field.value(u"help"_s).toString() });
    }
    session.out().table({ u"FIELD"_s, u"KIND"_s, u"REQUIRED"_s, u"DEFAULT"_s, u"HELP"_s }, rows);
    return ExitCode::Done;
}
} // namespace

std::vector<Command> providerCommands()
{
    return {
        { .noun = u"provider"_s,
            .verb = u"list"_s,
            .summary = u"List the identity providers that can be connected."_s,
            .example = u"provider list"_s,
            .run = listProviders },
        { .noun = u"provider"_s,
            .verb = u"show"_s,
            .arguments = u"ID"_s,
            .summary = u"Show the fields of one provider."_s,
            .example = u"provider show ldap"_s,
            .minimumArguments = 1,
            .maximumArguments = 1,
            .run = showProvider },
    };
}

} // namespace portreeve::ctl
