// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>

#include <functional>
#include <vector>

namespace portreeve::ldap {

struct Attribute
{
    QByteArray name {}; ///< as the server spells it, options included ("member;range=0-1499")
    std::vector<QByteArray> values {};
};

/// One entry of a search answer. Values are octets: not every attribute is text.
struct Entry
{
    QByteArray dn {};
    std::vector<Attribute> attributes {};

    /// nullptr when the entry has no such attribute. Names are compared without case.
    const Attribute* find(QByteArrayView name) const
    {
        for (const auto& attribute : attributes) {
            if (QByteArrayView(attribute.name).compare(name, Qt::CaseInsensitive) == 0) {
                return &attribute;
            }
        }
        return nullptr;
    }

    /// The first value that is not empty, else an empty one.
    QByteArray first(QByteArrayView name) const
    {
        if (const Attribute* attribute = find(name)) {
            for (const auto& value : attribute->values) {
                if (!value.isEmpty()) {
                    return value;
                }
            }
        }
        return {};
    }
};

/// Takes entries as they come off the wire; an entry may come twice when a page had to be repeated.
using EntrySink = std::function<void(const Entry&)>;

} // namespace portreeve::ldap
