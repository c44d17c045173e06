// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/entitywire.h"

namespace portreeve {

const WireField* wireField(const WireMessage& message, QLatin1StringView name)
{
    const auto* found = message.GetDescriptor()->FindFieldByCamelcaseName(
        std::string(name.data(), static_cast<std::size_t>(name.size())));
    Q_ASSERT(found != nullptr);
    return found;
}

void setField(WireMessage& message, const WireField* field, const QString& text)
{
    message.GetReflection()->SetString(&message, field, text.toStdString());
}

void setField(WireMessage& message, const WireField* field, bool flag)
{
    message.GetReflection()->SetBool(&message, field, flag);
}

void setField(WireMessage& message, const WireField* field, const std::vector<QString>& texts)
{
    for (const auto& text : texts) {
        message.GetReflection()->AddString(&message, field, text.toStdString());
    }
}

void readField(const WireMessage& message, const WireField* field, QString& out)
{
    out = QString::fromStdString(message.GetReflection()->GetString(message, field));
}

void readField(const WireMessage& message, const WireField* field, bool& out)
{
    out = message.GetReflection()->GetBool(message, field);
}

void readField(const WireMessage& message, const WireField* field, std::vector<QString>& out)
{
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        out.push_back(QString::fromStdString(reflection->GetRepeatedString(message, field, i)));
    }
}

} // namespace portreeve
