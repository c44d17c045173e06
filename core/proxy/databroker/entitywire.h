// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/entities.h"

#include <google/protobuf/message.h>

namespace portreeve {

using WireField = google::protobuf::FieldDescriptor;
using WireMessage = google::protobuf::Message;

/// The one table of field names serves the messages too: theirs are the same in snake_case.
const WireField* wireField(const WireMessage& message, QLatin1StringView name);

void setField(WireMessage& message, const WireField* field, const QString& text);
void setField(WireMessage& message, const WireField* field, bool flag);
void setField(WireMessage& message, const WireField* field, const std::vector<QString>& texts);

void readField(const WireMessage& message, const WireField* field, QString& out);
void readField(const WireMessage& message, const WireField* field, bool& out);
void readField(const WireMessage& message, const WireField* field, std::vector<QString>& out);

/// What is at its default is left out, as in JSON.
template <typename Entity>
void writeField(
    WireMessage& message, const Entity& entity, const configservice::Field<Entity>& field)
{
    const auto* wire = wireField(message, field.name);
    message.GetReflection()->ClearField(&message, wire);
    std::visit(
        [&](auto member) {
            const auto& value = entity.*member;
            if (value != std::decay_t<decltype(value)>()) {
                setField(message, wire, value);
            }
        },
        field.member);
}

template <typename Entity>
Entity readEntity(const QString& id, const WireMessage& message,
    const std::vector<configservice::Field<Entity>>& fields)
{
    Entity out { .id = id };
    for (const auto& field : fields) {
        std::visit(
            [&](auto member) { readField(message, wireField(message, field.name), out.*member); },
            field.member);
    }
    return out;
}

} // namespace portreeve
