# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records that the proxy writes when somebody uses an enrollment link (devices.md 3.4).

Reads the waiting Enrollment record as JSON and takes the id of the person's session, and that of a
device which person and session have already; prints the records afterwards, one JSON a line, for
"peer records put".
"""
import base64
import datetime
import json
import os
import sys
import uuid

from reference import base58

OWNERS = uuid.UUID("2929d3f7-f0b0-478f-9dd5-970d51eb3859")
NOW = datetime.datetime.now(datetime.timezone.utc)


def base64_text(raw):
    return base64.b64encode(raw).decode()


def record(kind, identifier, fields):
    name = "type.googleapis.com/" + kind
    return {"type": name, "id": identifier, "data": {"@type": name, **fields}}


def registered(enrollment, session, earlier=None):
    raw = os.urandom(32)
    credential, user = base58(raw), enrollment["userId"]
    yield record("pomerium.device.Enrollment", enrollment["id"], {
        **{key: value for key, value in enrollment.items() if key != "@type"},
        "credentialId": credential,
        "enrolledAt": NOW.isoformat(),
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "ipAddress": "127.0.0.1",
    })
    yield record("pomerium.device.Credential", credential, {
        "id": credential,
        "typeId": enrollment["typeId"],
        "enrollmentId": enrollment["id"],
        "userId": user,
        "webauthn": {"id": base64_text(raw), "publicKey": base64_text(os.urandom(77))},
    })
    yield record("pomerium.device.OwnerCredentialRecord", credential, {
        "id": base64_text(raw),
        "ownerId": base64_text(uuid.uuid5(OWNERS, user).bytes),
    })
    earlier_ids = [earlier] if earlier else []
    yield record("user.User", user, {
        "id": user,
        "name": "Somebody",
        "deviceCredentialIds": earlier_ids + [credential],
    })
    yield record("session.Session", session, {
        "id": session,
        "userId": user,
        "expiresAt": (NOW + datetime.timedelta(hours=1)).isoformat(),
        "claims": {"name": ["Somebody"]},
        "deviceCredentials": [{"typeId": "enclave_only", "id": identifier} for identifier in earlier_ids]
        + [{"typeId": enrollment["typeId"], "id": credential}],
    })


for line in registered(json.load(sys.stdin)["data"], *sys.argv[1:]):
    print(json.dumps(line))
