# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity provider for one person on 127.0.0.1: OpenID Connect, code flow, tokens signed RS256.

Its sign-in page is a button, so that a browser really has to sign in. openssl holds the key: Python
alone has no RSA.
"""
import base64
import html
import http.server
import json
import secrets
import subprocess
import threading
import time
import urllib.parse

CLIENT = "portreeve"
LIFE = 3600  # seconds


def compact(value):
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider:
    """Serves from a thread until stop(); nobody but `person` (claims with "sub") can sign in."""

    def __init__(self, folder, port, person):
        self.key = folder / "idp.key"
        self.secret = secrets.token_urlsafe(24)
        self.access_token = secrets.token_urlsafe(24)
        self.issuer = f"http://127.0.0.1:{port}"
        self.person = person
        self.grants = {}  # code -> what was asked for with it; each works once
        self.sign_ins = 0
        self.openssl("genrsa", "-out", self.key, "2048")
        modulus = self.openssl("rsa", "-in", self.key, "-noout", "-modulus").decode()
        self.modulus = bytes.fromhex(modulus.strip().partition("=")[2])
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                provider.answer(self, dict(urllib.parse.parse_qsl(body.decode())))

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def openssl(self, *arguments, given=None):
        return subprocess.run(["openssl", *arguments], input=given, check=True, capture_output=True).stdout

    def signed(self, claims):
        text = compact({"alg": "RS256", "kid": "1", "typ": "JWT"}) + "." + compact(claims)
        return text + "." + compact(self.openssl("dgst", "-sha256", "-sign", self.key, given=text.encode()))

    def answer(self, request, form):
        address = urllib.parse.urlsplit(request.path)
        credentials = request.headers.get("Authorization", "").partition(" ")[2]
        status, headers, content = {
            "/.well-known/openid-configuration": lambda: (200, {}, self.discovery()),
            "/keys": lambda: (200, {}, self.keys()),
            "/authorize": lambda: self.sign_in_page(dict(urllib.parse.parse_qsl(address.query))),
            "/signed-in": lambda: self.sign_in(form),
            "/token": lambda: self.token(credentials, form),
            "/userinfo": lambda: (200, {}, self.person) if credentials == self.access_token else (401, {}, {}),
        }.get(address.path, lambda: (404, {}, "not here"))()
        if not isinstance(content, str):
            content, headers = json.dumps(content), {"Content-Type": "application/json"}
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content.encode()))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content.encode())

    def discovery(self):
        at = self.issuer
        return {"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token",
                "jwks_uri": at + "/keys", "userinfo_endpoint": at + "/userinfo",
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"]}

    def keys(self):
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1",
                          "n": compact(self.modulus), "e": compact(b"\x01\x00\x01")}]}

    def sign_in_page(self, query):
        if query.get("client_id") != CLIENT or query.get("response_type") != "code":
            return 400, {}, "another client or flow"
        kept = "".join(f'<input type="hidden" name="{name}" value="{html.escape(query.get(name, ""))}">'
                       for name in ("redirect_uri", "state", "nonce"))
        return 200, {"Content-Type": "text/html"}, (
            f'<!doctype html><title>Sign in</title><form method="post" action="/signed-in">{kept}'
            '<button id="sign-in">Sign in</button></form>')

    def sign_in(self, form):
        code = secrets.token_urlsafe(16)
        self.grants[code] = form
        self.sign_ins += 1
        parameters = urllib.parse.urlencode({"code": code, "state": form.get("state", "")})
        return 303, {"Location": form["redirect_uri"] + "?" + parameters}, ""

    def token(self, credentials, form):
        given = base64.b64decode(credentials).decode() or f'{form.get("client_id")}:{form.get("client_secret")}'
        if given != f"{CLIENT}:{self.secret}":
            return 401, {}, {"error": "invalid_client"}
        grant = self.grants.pop(form.get("code"), None)
        if grant is None or grant["redirect_uri"] != form.get("redirect_uri"):
            return 400, {}, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + LIFE, **self.person}
        if grant.get("nonce"):
            claims["nonce"] = grant["nonce"]
        return 200, {}, {"access_token": self.access_token, "token_type": "Bearer", "expires_in": LIFE,
                         "id_token": self.signed(claims)}
