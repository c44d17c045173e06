# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the proxy computes from its shared secret, written down a second time.

    reference.py token SECRET_FILE ID USER     a bearer token for the session or service account ID
    reference.py link SECRET_FILE URL          checks an enrollment link as the proxy would; prints
                                               ENROLLMENT_ID TYPE EXPIRES, the last in Unix seconds
"""
import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.parse
import uuid

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LEEWAY = 60  # seconds, of the URL only
SIGNED = (
    "pomerium_device_type",
    "pomerium_enrollment_token",
    "pomerium_expiry",
    "pomerium_issued",
    "pomerium_redirect_uri",
)


def read_secret(path):
    with open(path, encoding="ascii") as file:
        secret = base64.b64decode(file.read().strip(), validate=True)
    assert len(secret) == 32, "the secret is not 32 bytes"
    return secret


def compact(value):
    text = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def bearer_token(secret, identifier, user):
    now = int(time.time())
    claims = {"iat": now, "jti": identifier, "nbf": now, "sub": user}
    signed = compact({"alg": "HS256", "typ": "JWT"}) + "." + compact(claims)
    return signed + "." + compact(hmac.digest(secret, signed.encode(), "sha256"))


def base58_decoded(text):
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def check_url(secret, url):
    """The five signed values, when signature and times are right."""
    parts = urllib.parse.urlsplit(url)
    assert parts.scheme == "https" and parts.path == "/.pomerium/webauthn", "not a registration page"
    values = dict(urllib.parse.parse_qsl(parts.query, strict_parsing=True, keep_blank_values=True))
    signature = values.pop("pomerium_signature")
    assert tuple(sorted(values)) == SIGNED, f"other parameters: {sorted(values)}"
    issued, expiry = int(values["pomerium_issued"]), int(values["pomerium_expiry"])
    address = f"https://{parts.netloc}{parts.path}?{urllib.parse.urlencode(sorted(values.items()))}"
    message = f"{address}{issued} {expiry}".encode()
    expected = hmac.new(secret, message, lambda: hashlib.new("sha512_256")).digest()
    assert signature == base64.urlsafe_b64encode(expected).decode(), "the signature is wrong"
    assert issued <= time.time() + LEEWAY, "issued in the future"
    assert expiry >= time.time() - LEEWAY, "expired"
    return values


def check_link(secret, url):
    values = check_url(secret, url)
    token = base58_decoded(values["pomerium_enrollment_token"])
    assert len(token) == 56, "the token is not 56 bytes"
    assert token[24:] == hmac.digest(secret, token[:24], "sha256"), "the token's code is wrong"
    expires_ms = int.from_bytes(token[16:24], "big")
    assert expires_ms > time.time() * 1000, "the token is expired"
    expiry = int(values["pomerium_expiry"])
    assert expires_ms == expiry * 1000, "token and address end at different times"
    return uuid.UUID(bytes=token[:16]), values["pomerium_device_type"], expiry


def main(command, secret_file, *rest):
    secret = read_secret(secret_file)
    if command == "token":
        print(bearer_token(secret, *rest))
    else:
        print(*check_link(secret, *rest))


main(*sys.argv[1:])
