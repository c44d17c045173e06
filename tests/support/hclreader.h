// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace portreeve::test {

/// An attribute's value: text, a list of values, or anything else as it stands (references, flags).
struct HclValue
{
    enum class Kind { Text, List, Expression };

    Kind kind = Kind::Expression;
    QString text {};
    std::vector<HclValue> items {};
};

struct HclBlock
{
    QString type {};
    QStringList labels {};
    QMap<QString, HclValue> attributes {};
    std::vector<HclBlock> blocks {};
};

/// Reads the part of Terraform's language that we write, strictly: any other character, a double
/// attribute or an unescaped template is an error.
std::optional<std::vector<HclBlock>> readHcl(const QByteArray& text);

} // namespace portreeve::test
