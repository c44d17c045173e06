// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/proxy/databroker/databrokeraccess.h"

namespace portreeve::ctl {

/// A target whose devices we look after, opened for one command.
struct DeviceTarget
{
    ProxyTarget target {};
    DatabrokerAccess access;
    Store* store = nullptr;
    QString actor {}; ///< --by, for approvals and the audit log
};

enum class DeviceUse { Look, Change };

/// Options every device verb takes: --target and --by.
QList<QCommandLineOption> deviceTargetOptions();

/// The target --target names, or the only one there is.
/// @return InvalidInput for a target without devices of ours, Permission to change a read-only one
Result<DeviceTarget> openDeviceTarget(Session& session, const Arguments& arguments, DeviceUse use);

} // namespace portreeve::ctl
