// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/policy/regocriteria.h"

using namespace Qt::StringLiterals;

namespace portreeve::policy {

namespace {

constexpr auto kOneOf = R"(one_of(value, values) {
  values[_] == value
}
)"_L1;

// A record that does not exist is null, of which object.get() gives nothing. Fields are read by
// object.get() throughout: the engine takes all of them for texts and would refuse other uses.
constexpr auto kSession = R"(session = record {
  record := get_databroker_record("type.googleapis.com/user.ServiceAccount", input.session.id)
  record != null
} else = record {
  record := get_databroker_record("type.googleapis.com/session.Session", input.session.id)
  object.get(record, "impersonate_session_id", "") == ""
} else = record {
  own := get_databroker_record("type.googleapis.com/session.Session", input.session.id)
  id := object.get(own, "impersonate_session_id", "")
  record := get_databroker_record("type.googleapis.com/session.Session", id)
  record != null
} else = {} {
  true
}

signed_in {
  object.get(session, "id", "") != ""
}
)"_L1;

constexpr auto kUserId = R"(user_id = id {
  id := object.get(session, "user_id", "")
  id != ""
}
)"_L1;

constexpr auto kUser = R"(user = record {
  record := get_databroker_record("type.googleapis.com/user.User", user_id)
  record != null
}
)"_L1;

constexpr auto kDirectoryUser = R"(directory_user = record {
  record := get_databroker_record("pomerium.io/DirectoryUser", user_id)
  record != null
}
)"_L1;

constexpr auto kEmail = R"(email = address {
  address := object.get(directory_user, "email", "")
  address != ""
} else = address {
  address := object.get(user, "email", "")
} else = "" {
  true
}
)"_L1;

constexpr auto kDomain = R"(domain = part {
  part := split(email, "@")[1]
}
)"_L1;

constexpr auto kClaims = R"(user_claims = found {
  found := object.get(user, "claims", {})
} else = {} {
  true
}

claims = found {
  found := object.union(object.get(session, "claims", {}), user_claims)
}
)"_L1;

constexpr auto kDevice = R"(credential(kind) = record {
  entries := object.get(session, "device_credentials", [])
  ids := [entry.Credential.Id | entry := entries[_]; entry.type_id == kind]
  record := get_databroker_record("type.googleapis.com/pomerium.device.Credential", ids[0])
  record != null
} else = {} {
  true
}

enrollment(kind) = record {
  id := object.get(credential(kind), "enrollment_id", "")
  id != ""
  record := get_databroker_record("type.googleapis.com/pomerium.device.Enrollment", id)
  record != null
} else = {} {
  true
}
)"_L1;

constexpr auto kCertificate = R"(certificate = leaf {
  leaf := crypto.x509.parse_certificates(trim_space(input.http.client_certificate.leaf))[0]
}
)"_L1;

} // namespace

QString regoPart(RegoPart part)
{
    switch (part) {
    case RegoPart::OneOf:
        return kOneOf;
    case RegoPart::Session:
        return kSession;
    case RegoPart::UserId:
        return kUserId;
    case RegoPart::User:
        return kUser;
    case RegoPart::DirectoryUser:
        return kDirectoryUser;
    case RegoPart::Email:
        return kEmail;
    case RegoPart::Domain:
        return kDomain;
    case RegoPart::Claims:
        return kClaims;
    case RegoPart::Device:
        return kDevice;
    case RegoPart::Certificate:
        break;
    }
    return kCertificate;
}

std::vector<RegoPart> partsBehind(RegoPart part)
{
    switch (part) {
    case RegoPart::UserId:
    case RegoPart::Device:
        return { RegoPart::Session };
    case RegoPart::User:
    case RegoPart::DirectoryUser:
        return { RegoPart::UserId };
    case RegoPart::Email:
        return { RegoPart::User, RegoPart::DirectoryUser };
    case RegoPart::Domain:
        return { RegoPart::Email };
    case RegoPart::Claims:
        return { RegoPart::User };
    case RegoPart::OneOf:
    case RegoPart::Session:
    case RegoPart::Certificate:
        break;
    }
    return {};
}

} // namespace portreeve::policy
