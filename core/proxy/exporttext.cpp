// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/exporttext.h"

#include "core/proxy/kubernetesexport.h"
#include "core/proxy/managedfile.h"
#include "core/proxy/terraformexport.h"

namespace portreeve {

namespace {

bool isConfigFile(ExportFormat format)
{
    return format == ExportFormat::Fragment || format == ExportFormat::ManagedFile
        || format == ExportFormat::ManagedBlock;
}

/// In these a policy is an object of its own, whether a route has it or not.
bool hasPolicyObjects(ExportFormat format)
{
    return format == ExportFormat::PolicyFilters || format == ExportFormat::Terraform;
}

Result<QByteArray> write(const PreparedExport& prepared, const ExportRequest& request)
{
    switch (request.format) {
    case ExportFormat::Fragment:
        return writeFragment(prepared.routes);
    case ExportFormat::ManagedFile:
        return mergeIntoBase(request.operatorFile, prepared.routes);
    case ExportFormat::ManagedBlock:
        return replaceManagedBlock(request.operatorFile, prepared.routes);
    case ExportFormat::IngressAnnotations:
        return writeIngressAnnotations(prepared);
    case ExportFormat::PolicyFilters:
        return writePolicyFilters(prepared, request.nameSpace);
    case ExportFormat::Terraform:
        return writeTerraform(
            prepared, { .edition = request.target.edition, .apiUrl = request.apiUrl });
    }
    return QByteArray();
}

/// Only where policies are objects do the texts for people who are refused travel with them.
std::vector<Message> lostTexts(const std::vector<StoredPolicy>& policies, ExportFormat format)
{
    std::vector<Message> notes;
    for (const auto& policy : policies) {
        const bool hasTexts = !policy.explanation.isEmpty() || !policy.remediation.isEmpty();
        if (hasTexts && format != ExportFormat::Terraform) {
            notes.push_back(message(
                QT_TRANSLATE_NOOP("Message",
                    "What “%1” says to people who are refused does not travel this way; they see "
                    "the proxy's own text."),
                policy.name));
        }
    }
    return notes;
}

} // namespace

Result<ExportedText> exportText(ExportSource source, const ExportRequest& request)
{
    source.target = request.target;
    source.target.configFile = isConfigFile(request.format);
    source.everyPolicy = hasPolicyObjects(request.format);
    if (!request.operatorFile.isEmpty()) {
        auto own = operatorRoutes(request.operatorFile);
        if (!own) {
            return own.error();
        }
        source.baseRoutes = std::move(own->before);
        source.laterRoutes = std::move(own->after);
    }
    ExportedText out { .prepared = prepareExport(source),
        .text = {},
        .notes = lostTexts(source.policies, request.format) };
    if (out.prepared.refusals.empty()) {
        auto text = write(out.prepared, request);
        if (!text) {
            return text.error();
        }
        out.text = std::move(*text);
    }
    return out;
}

} // namespace portreeve
