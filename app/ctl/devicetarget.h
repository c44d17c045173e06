// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/ctl/command.h"
#include "core/devices/deviceservice.h"

namespace portreeve::ctl {

/// A target whose devices we look after, opened for one command.
struct DeviceTarget
{
    ProxyTarget target {};
    std::unique_ptr<devices::DeviceService> devices {}; ///< in the name of --by
    Store* store = nullptr;
    QString actor {};
};

enum class DeviceUse { Look, Change };

/// Options every device verb takes: --target and --by.
QList<QCommandLineOption> deviceTargetOptions();

/// The target --target names, or the only one there is.
/// @return InvalidInput for a target whose devices cannot be reached, Permission to change a
/// read-only one
Result<DeviceTarget> openDeviceTarget(Session& session, const Arguments& arguments, DeviceUse use);

} // namespace portreeve::ctl
