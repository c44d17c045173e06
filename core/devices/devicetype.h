// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"

#include <QString>

#include <vector>

namespace portreeve::devices {

/// What an enrollment may ask for. A policy compares the id exactly.
struct DeviceType
{
    QString id {};
    Message label {};
    Message explanation {}; ///< one line beside the choice
};

/// `any` and `enclave_only`, which every proxy knows.
const std::vector<DeviceType>& builtInDeviceTypes();

/// A type kept as a record at the proxy; it is offered by its name, else by its id.
DeviceType customDeviceType(const QString& id, const QString& name);

/// The built-in types, then those of @p custom whose ids they do not have.
std::vector<DeviceType> withBuiltIn(const std::vector<DeviceType>& custom);

const DeviceType* findType(const std::vector<DeviceType>& types, const QString& id);

} // namespace portreeve::devices
