// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/dn.h"

#include <QString>

#include <ldap.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {
using DnPointer = std::unique_ptr<LDAPRDN, decltype([](LDAPDN dn) { ldap_dnfree(dn); })>;

struct TypeName
{
    QByteArrayView other;
    const char* usual;
};

// Names and numbers servers write instead of the short ones of RFC 4514.
constexpr std::array kTypeNames {
    TypeName { "2.5.4.3", "cn" },
    TypeName { "commonname", "cn" },
    TypeName { "2.5.4.11", "ou" },
    TypeName { "organizationalunitname", "ou" },
    TypeName { "2.5.4.10", "o" },
    TypeName { "organizationname", "o" },
    TypeName { "2.5.4.6", "c" },
    TypeName { "countryname", "c" },
    TypeName { "2.5.4.7", "l" },
    TypeName { "localityname", "l" },
    TypeName { "2.5.4.8", "st" },
    TypeName { "stateorprovincename", "st" },
    TypeName { "0.9.2342.19200300.100.1.25", "dc" },
    TypeName { "domaincomponent", "dc" },
    TypeName { "0.9.2342.19200300.100.1.1", "uid" },
    TypeName { "userid", "uid" },
};

QByteArray bytes(const berval& value)
{
    return { value.bv_val, static_cast<qsizetype>(value.bv_len) };
}

QByteArray typeName(const berval& type)
{
    QByteArray lower = bytes(type).toLower();
    for (const auto& name : kTypeNames) {
        if (name.other == lower) {
            return name.usual;
        }
    }
    return lower;
}

QByteArray folded(const berval& value)
{
    const QByteArray folded = QString::fromUtf8(bytes(value))
                                  .normalized(QString::NormalizationForm_KC)
                                  .toCaseFolded()
                                  .simplified()
                                  .toUtf8();
    QByteArray escaped;
    escaped.reserve(folded.size());
    for (const char c : folded) {
        if (c == ',' || c == '+' || c == '\\' || c == '=') {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

/// ldap_str2dn wants a terminated string; a DN that holds a NUL is none.
DnPointer parse(const QByteArray& dn)
{
    LDAPDN parsed = nullptr;
    if (dn.contains('\0')
        || ldap_str2dn(dn.constData(), &parsed, LDAP_DN_FORMAT_LDAP) != LDAP_SUCCESS) {
        return nullptr;
    }
    return DnPointer(parsed);
}
} // namespace

std::optional<QByteArray> normalizedDn(const QByteArray& dn)
{
    const DnPointer parsed = parse(dn);
    if (!parsed) {
        return std::nullopt;
    }
    QByteArray out;
    out.reserve(dn.size());
    std::vector<QByteArray> parts;
    for (LDAPRDN* rdn = parsed.get(); *rdn != nullptr; ++rdn) {
        parts.clear();
        for (LDAPAVA** ava = *rdn; *ava != nullptr; ++ava) {
            parts.push_back(typeName((*ava)->la_attr) + '=' + folded((*ava)->la_value));
        }
        std::ranges::sort(parts);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!out.isEmpty()) {
                out += i == 0 ? ',' : '+';
            }
            out += parts[i];
        }
    }
    return out;
}

QByteArray parentDn(const QByteArray& dn)
{
    for (qsizetype i = 0; i < dn.size(); ++i) {
        if (dn.at(i) == '\\') {
            ++i;
        } else if (dn.at(i) == ',') {
            return dn.mid(i + 1);
        }
    }
    return {};
}

QByteArray leafName(const QByteArray& dn)
{
    const DnPointer parsed = parse(dn);
    return parsed ? bytes(parsed.get()[0][0]->la_value) : QByteArray();
}

QByteArray withoutUniqueId(const QByteArray& value)
{
    const qsizetype mark = value.lastIndexOf("#'");
    return mark > 0 && value.endsWith("'B") ? value.left(mark) : value;
}

} // namespace portreeve::ldap
