# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the proxy computes from its shared secret, written down a second time.

    reference.py token SECRET_FILE ID USER     a bearer token for the session or service account ID
    reference.py access SECRET_FILE            a token for a call of the proxy's services
    reference.py link SECRET_FILE URL          checks an enrollment link as the proxy would; prints
                                               ENROLLMENT_ID TYPE EXPIRES, the last in Unix seconds
    reference.py selftest                      holds itself to the vectors of proxy.md 3.2 and 13.2
                                               and of devices.md 3.6, whose rows it names
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
ACCESS_LIFE = 300
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


def signed_token(secret, claims):
    signed = compact({"alg": "HS256", "typ": "JWT"}) + "." + compact(claims)
    return signed + "." + compact(hmac.digest(secret, signed.encode(), "sha256"))


def access_token(secret, expires):
    return signed_token(secret, {"exp": expires})


def bearer_token(secret, identifier, user, now):
    return signed_token(secret, {"iat": now, "jti": identifier, "nbf": now, "sub": user})


def base58(raw):
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def base58_decoded(text):
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def check_url(secret, url, now):
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
    assert issued <= now + LEEWAY, "issued in the future"
    assert expiry >= now - LEEWAY, "expired"
    return values


def check_token(secret, text, now):
    """The enrollment's id, and when the token ends in milliseconds."""
    token = base58_decoded(text)
    assert len(token) == 56, "the token is not 56 bytes"
    assert token[24:] == hmac.digest(secret, token[:24], "sha256"), "the token's code is wrong"
    expires_ms = int.from_bytes(token[16:24], "big")
    assert expires_ms > now * 1000, "the token is expired"
    return uuid.UUID(bytes=token[:16]), expires_ms


def check_link(secret, url, now):
    values = check_url(secret, url, now)
    enrollment, expires_ms = check_token(secret, values["pomerium_enrollment_token"], now)
    expiry = int(values["pomerium_expiry"])
    assert expires_ms == expiry * 1000, "token and address end at different times"
    return enrollment, values["pomerium_device_type"], expiry


SECRET = bytes(range(32))
ISSUED, EXPIRY = 1767139200, 1767225600
ACCESS = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJleHAiOjE3NjcyMjU2MDB9.en0peWbZvrsRL_zxiCJlHWlztvfDKqnrfC7XQPNT0Ns"
)
BEARER = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJpYXQiOjE3NjcxMzkyMDAsImp0aSI6InNhLTEiLCJuYmYiOjE3NjcxMzkyMDAsInN1YiI6ImFubiJ9"
    ".uqge_sCOo9WPpS49XxaXzNB7Pe984tfHOycLhyvpIHI"
)
ENROLLMENT = uuid.UUID("3f0c2d64-9c1e-4b7a-8f52-6a1b2c3d4e5f")
TOKEN_HEX = (
    "3f0c2d649c1e4b7a8f526a1b2c3d4e5f0000019b76daa800"
    "fa792534e3c66f03047c8fc25b7711dd0ae174908c74c4aa221a9a9b6a7f34d9"
)
TOKEN = "2i2k2Etq6PvbumKLL48hcsfFA46DUf8yNcHhmypqCC27wmsLRXcFYECt9yLhyg1GuarEtoHHdzHZr"
HOST = "https://app.corp.test"
TYPE = "pomerium_device_type=enclave_only"
SIGNATURE = "pomerium_signature=NuRFcjBNVNTqZBFwQ2BBDp0XJDR8BN0yjjjRfCjUG4A%3D"
LINK = (
    f"{HOST}/.pomerium/webauthn?{TYPE}&pomerium_enrollment_token={TOKEN}"
    f"&pomerium_expiry={EXPIRY}&pomerium_issued={ISSUED}"
    "&pomerium_redirect_uri=https%3A%2F%2Fapp.corp.test%2Fwelcome+page%3Fx%3D1%26y%3D%C3%A9"
    f"&{SIGNATURE}"
)


def refusal(check, *arguments):
    """What it said; an answer is the mistake."""
    try:
        answer = check(SECRET, *arguments)
    except AssertionError as reason:
        return str(reason)
    raise SystemExit(f"{check.__name__} took {arguments} for {answer}")


def selftest():
    assert access_token(SECRET, EXPIRY) == ACCESS, "token of a call"
    assert bearer_token(SECRET, "sa-1", "ann", ISSUED) == BEARER, "service account token"
    assert base58_decoded(TOKEN).hex() == TOKEN_HEX and base58(bytes.fromhex(TOKEN_HEX)) == TOKEN, "base58"
    signed = bytes.fromhex(TOKEN_HEX)[:24]
    assert check_token(SECRET, base58(signed + hmac.digest(SECRET, signed, "sha256")), ISSUED), "token"
    assert check_link(SECRET, LINK, ISSUED) == (ENROLLMENT, "enclave_only", EXPIRY), "link"
    # row 1 and, of the token alone, row 11
    assert check_url(SECRET, LINK, ISSUED - 59) and check_url(SECRET, LINK, EXPIRY + 59), "leeway"
    assert check_url(SECRET, LINK, EXPIRY + 30), "row 11"
    assert refusal(check_link, LINK, EXPIRY + 30) == "the token is expired", "row 11"
    reordered = LINK.replace(f"{TYPE}&", "").replace("welcome+page", "welcome%20page") + f"&{TYPE}"
    assert check_link(SECRET, reordered, ISSUED), "row 5"
    for row, url, now, reason in (
        (2, LINK, ISSUED - 61, "issued in the future"),
        (3, LINK, EXPIRY + 61, "expired"),
        (4, LINK.replace(HOST, f"{HOST}:8443"), ISSUED, "the signature is wrong"),
        (6, LINK.replace("enclave_only", "any"), ISSUED, "the signature is wrong"),
        (7, LINK.removesuffix("%3D"), ISSUED, "the signature is wrong"),
        (8, LINK.replace(TOKEN, "3" + TOKEN[1:]), ISSUED, "the signature is wrong"),
    ):
        assert refusal(check_url, url, now) == reason, f"row {row}"
    assert refusal(check_token, "3" + TOKEN[1:], ISSUED) == "the token's code is wrong", "row 8"
    seconds = signed[:16] + EXPIRY.to_bytes(8, "big")
    seconds += hmac.digest(SECRET, seconds, "sha256")
    assert refusal(check_token, base58(seconds), ISSUED) == "the token is expired", "row 9"
    zero = base58(b"\0" + bytes.fromhex(TOKEN_HEX)[1:])
    assert zero[0] == "1" and len(base58_decoded(zero)) == 56, "row 10"


def main(command, *arguments):
    if command == "selftest":
        selftest()
        return
    secret_file, *rest = arguments
    secret, now = read_secret(secret_file), time.time()
    if command == "access":
        print(access_token(secret, int(now) + ACCESS_LIFE, *rest))
    elif command == "token":
        print(bearer_token(secret, *rest, int(now)))
    else:
        print(*check_link(secret, *rest, now))


if __name__ == "__main__":
    main(*sys.argv[1:])
