// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/connectors/ldap/schema.h"

#include <ldap.h>
#include <ldap_schema.h>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace portreeve::ldap {

namespace {

using Description = std::unique_ptr<LDAPObjectClass, decltype(&ldap_objectclass_free)>;

Description parsed(const QByteArray& text)
{
    int code = 0;
    const char* place = nullptr;
    return { ldap_str2objectclass(text.constData(), &code, &place, LDAP_SCHEMA_ALLOW_ALL),
        ldap_objectclass_free };
}

/// @param names  ends with a null pointer; may be one itself
bool holds(char* const* names, const QByteArray& name)
{
    for (; names != nullptr && *names != nullptr; ++names) {
        if (name.compare(*names, Qt::CaseInsensitive) == 0) {
            return true;
        }
    }
    return false;
}

} // namespace

Result<std::vector<QByteArray>> objectClassesOf(Session& session)
{
    const auto ofNone = [](const Error& error) -> Result<std::vector<QByteArray>> {
        const bool isHidden
            = error.code == ErrorCode::NotFound || error.code == ErrorCode::Permission;
        return isHidden ? Result<std::vector<QByteArray>>(std::vector<QByteArray>()) : error;
    };
    const auto root
        = session.read({ .base = {}, .scope = Scope::Base, .attributes = { "subschemaSubentry" } });
    if (!root) {
        return ofNone(root.error());
    }
    const QByteArray place = root->first("subschemaSubentry");
    if (place.isEmpty()) {
        return std::vector<QByteArray>();
    }
    const auto entry = session.read({ .base = place,
        .scope = Scope::Base,
        .filter = "(objectClass=subschema)",
        .attributes = { "objectClasses" } });
    if (!entry) {
        return ofNone(entry.error());
    }
    const Attribute* classes = entry->find("objectClasses");
    return classes == nullptr ? std::vector<QByteArray>() : classes->values;
}

bool isMandatory(const std::vector<QByteArray>& descriptions, const QByteArray& objectClass,
    const QByteArray& attribute)
{
    for (const auto& text : descriptions) {
        // Parsing all of them takes a while, and only one is wanted.
        if (!text.toLower().contains(objectClass.toLower())) {
            continue;
        }
        const Description description = parsed(text);
        if (description && holds(description->oc_names, objectClass)) {
            return holds(description->oc_at_oids_must, attribute);
        }
    }
    return true;
}

} // namespace portreeve::ldap
