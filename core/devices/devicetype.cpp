// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/devicetype.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

const std::vector<DeviceType>& builtInDeviceTypes()
{
    static const std::vector<DeviceType> types {
        { .id = u"any"_s,
            .label = message(QT_TRANSLATE_NOOP("Message", "Any")),
            .explanation = message(QT_TRANSLATE_NOOP(
                "Message", "A security key, a phone, or the computer's own authenticator.")) },
        { .id = u"enclave_only"_s,
            .label = message(QT_TRANSLATE_NOOP("Message", "Secure Enclave Only")),
            .explanation = message(QT_TRANSLATE_NOOP("Message",
                "Only an authenticator built into the device is asked for; a rule for “any” does "
                "not accept it.")) },
    };
    return types;
}

DeviceType customDeviceType(const QString& id, const QString& name)
{
    return { .id = id,
        .label = Message::verbatim(name.isEmpty() ? id : name),
        .explanation
        = message(QT_TRANSLATE_NOOP("Message", "A type of this proxy with the id %1."), id) };
}

std::vector<DeviceType> withBuiltIn(const std::vector<DeviceType>& custom)
{
    std::vector<DeviceType> types = builtInDeviceTypes();
    for (const auto& type : custom) {
        if (findType(types, type.id) == nullptr) {
            types.push_back(type);
        }
    }
    return types;
}

const DeviceType* findType(const std::vector<DeviceType>& types, const QString& id)
{
    const auto found = std::ranges::find(types, id, &DeviceType::id);
    return found == types.end() ? nullptr : &*found;
}

} // namespace portreeve::devices
