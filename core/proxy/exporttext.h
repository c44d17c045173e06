// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configexport.h"

#include <QUrl>

namespace portreeve {

/// The shapes in which routes and policies leave as text.
enum class ExportFormat {
    Fragment, ///< routes to paste into a config.yaml
    ManagedFile, ///< the operator's base file and ours, merged
    ManagedBlock, ///< the lines between two marks of the operator's file
    IngressAnnotations, ///< one patch per route (Kubernetes)
    PolicyFilters, ///< one manifest per policy (Kubernetes Gateway API)
    Terraform,
};

struct ExportRequest
{
    ExportFormat format = ExportFormat::Fragment;
    policy::Target target {}; ///< configFile follows the format
    QByteArray operatorFile {}; ///< ManagedFile: the base; ManagedBlock: the file as it is
    QString nameSpace {}; ///< PolicyFilters: of Kubernetes
    QUrl apiUrl { QStringLiteral("http://127.0.0.1:5443") }; ///< Terraform: of the proxy
};

struct ExportedText
{
    PreparedExport prepared {};
    QByteArray text {}; ///< empty while anything is refused
    std::vector<Message> notes {}; ///< what the format cannot carry
};

/// Checks and writes in one go; the same for the window, the command line and targets.
/// @return InvalidInput for the operator's file, a field of the request, or as writePolicy
Result<ExportedText> exportText(ExportSource source, const ExportRequest& request);

} // namespace portreeve
