// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/exportsupport.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {

CommandResult exportManifest(Session& session, const Arguments& arguments, ExportRequest request)
{
    const auto target = targetOption(arguments);
    if (!target) {
        return target.error();
    }
    request.target = *target;
    const auto text = checkedText(session, request);
    return text ? deliver(session, arguments, *text) : CommandResult(text.error());
}

CommandResult exportKubernetes(Session& session, const Arguments& arguments)
{
    return exportManifest(session, arguments, { .format = ExportFormat::IngressAnnotations });
}

CommandResult exportGateway(Session& session, const Arguments& arguments)
{
    return exportManifest(session, arguments,
        { .format = ExportFormat::PolicyFilters, .nameSpace = arguments.value(u"namespace"_s) });
}

CommandResult exportTerraform(Session& session, const Arguments& arguments)
{
    ExportRequest request { .format = ExportFormat::Terraform };
    if (arguments.has(u"api-url"_s)) {
        const auto url = webAddress(arguments, u"api-url"_s);
        if (!url) {
            return url.error();
        }
        request.apiUrl = *url;
    }
    return exportManifest(session, arguments, request);
}

} // namespace

std::vector<Command> manifestCommands()
{
    const QString noun = u"export"_s;
    const auto options = targetOptionList()
        + QList { QCommandLineOption(
            u"out"_s, u"Into this file, replaced in one step."_s, u"FILE"_s) };
    return {
        { .noun = noun,
            .verb = u"kubernetes"_s,
            .arguments = u"[--out FILE]"_s,
            .summary = u"Print each route's policies as the annotation of its Ingress."_s,
            .example = u"export kubernetes --out ingress-policies.yaml"_s,
            .options = options,
            .run = exportKubernetes },
        { .noun = noun,
            .verb = u"gateway"_s,
            .arguments = u"[--namespace NAME] [--out FILE]"_s,
            .summary = u"Print each policy as a PolicyFilter of the Kubernetes Gateway API."_s,
            .example = u"export gateway --namespace proxy --out filters.yaml"_s,
            .options = options
                + QList { QCommandLineOption(
                    u"namespace"_s, u"The Kubernetes namespace of the filters."_s, u"NAME"_s) },
            .run = exportGateway },
        { .noun = noun,
            .verb = u"terraform"_s,
            .arguments = u"[--api-url URL] [--out FILE]"_s,
            .summary = u"Print policies and routes for Terraform; the secret stays a variable."_s,
            .example = u"export terraform --api-url http://127.0.0.1:5443 --out proxy.tf"_s,
            .options = options
                + QList { QCommandLineOption(u"api-url"_s,
                    u"Where Terraform reaches the proxy; http://127.0.0.1:5443 by default."_s,
                    u"URL"_s) },
            .run = exportTerraform },
    };
}

} // namespace portreeve::ctl
