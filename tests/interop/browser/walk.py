# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A link of ours, used as its person uses it: walk.py PORTREEVECTL

Signs in with a browser at the official Pomerium that PORTREEVE_TEST_POMERIUM names, registers a device,
and asks the route before the approval, after it and after it was taken back (devices.md 3.4 and 4). A
visible skip without one; not run with one so far, but with a stand-in for its pages.
"""
import base64
import contextlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import idp
import webdriver

DOMAIN = "portreeve.test"
NOTICED = 65  # seconds within which the proxy takes notice of a record
CONFIG = """address: 127.0.0.1:{https}
certificate_file: {folder}/server.pem
certificate_key_file: {folder}/server.key
grpc_address: 127.0.0.1:{grpc}
grpc_insecure: true
health_check_addr: 127.0.0.1:{health}
authenticate_service_url: https://authenticate.{domain}:{https}
shared_secret: {secret}
cookie_secret: {cookie}
idp_provider: oidc
idp_provider_url: {issuer}
idp_client_id: {client}
idp_client_secret: {client_secret}
databroker_storage_type: memory
log_level: warn
routes:
  - from: https://{host}
    to: http://127.0.0.1:{upstream}
    policy: [allow: {{and: [device: {{approved: true}}]}}]
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [it.getsockname()[1] for it in sockets]
    for it in sockets:
        it.close()
    return ports


def random_key():
    return base64.b64encode(secrets.token_bytes(32)).decode()


def same(found, expected, what):
    if found != expected:
        raise RuntimeError(f"{what}: found {found}, expected {expected}")


def make_certificate(folder):
    """What the proxy shows, and the browser of this folder trusts."""
    database = folder / ".pki" / "nssdb"
    database.mkdir(parents=True)
    for command in (
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3", "-subj", f"/CN=*.{DOMAIN}",
             "-addext", f"subjectAltName=DNS:*.{DOMAIN}", "-keyout", "server.key", "-out", "server.pem"],
            ["certutil", "-d", f"sql:{database}", "-N", "--empty-password"],
            ["certutil", "-d", f"sql:{database}", "-A", "-n", "server", "-t", "C,,", "-i", "server.pem"]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)


class Walk:
    def __init__(self, ctl, pomerium, folder):
        self.program, self.pomerium, self.folder = ctl, pomerium, folder
        self.https, self.grpc, self.health, self.issuer, self.upstream, self.driver = free_ports(6)
        self.host = f"vault.{DOMAIN}:{self.https}"
        self.secret = random_key()
        (folder / "secret").write_text(self.secret, encoding="ascii")

    def ctl(self, *arguments):
        """What portreevectl printed, a JSON document or one a line."""
        print("$ portreevectl", *arguments, flush=True)
        stored = ["--data-dir", self.folder / "data", "--secrets", f"file:{self.folder}/secrets.json", "--json"]
        done = subprocess.run([self.program, *stored, *arguments], capture_output=True, text=True)
        same(done.returncode, 0, done.stderr)
        return done.stdout

    def rows(self, *arguments):
        return [json.loads(line) for line in self.ctl(*arguments).splitlines()]

    def prepare(self):
        """Returns the id of somebody of the directory, which is their "sub" too."""
        self.ctl("sample", "--users", "50")
        self.ctl("sync", "Sample")
        self.ctl("route", "add", "Vault", "--from", f"https://{self.host}", "--to", f"http://127.0.0.1:{self.upstream}")
        self.ctl("target", "add", "Proxy", "--set", "kind=core", "--set", f"address=127.0.0.1:{self.grpc}",
                 "--secret", f"shared_secret=@{self.folder}/secret")
        return self.rows("user", "list", "--limit", "1")[0]["id"]

    def start_proxy(self, provider):
        config = self.folder / "config.yaml"
        config.write_text(CONFIG.format(
            https=self.https, grpc=self.grpc, health=self.health, upstream=self.upstream, host=self.host,
            folder=self.folder, domain=DOMAIN, secret=self.secret, cookie=random_key(), issuer=provider.issuer,
            client=idp.CLIENT, client_secret=provider.secret), encoding="utf-8")
        return self.start("pomerium", self.pomerium, "--config", config)

    def start(self, name, *command):
        with open(self.folder / f"{name}.log", "w", encoding="utf-8") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(self.folder)})

    def status(self, cookies=""):
        """What the route answers a browser with these cookies."""
        done = subprocess.run(
            ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "--max-time", "10",
             "--cacert", self.folder / "server.pem", "--resolve", f"{self.host}:127.0.0.1",
             "-H", "@-", f"https://{self.host}/"], input=f"Cookie: {cookies}\n", capture_output=True, text=True)
        return int(done.stdout)

    def enroll(self, browser, user):
        """The link from its making to its use; returns the id of the enrollment."""
        made = json.loads(self.ctl("device", "link", user, "--target", "Proxy", "--route", self.host))
        authenticator = browser.add_authenticator()
        browser.open(made["url"])
        browser.click("//button[@id='sign-in']")
        browser.click("//button[contains(., 'Register New Device')]")
        webdriver.until(20, lambda: browser.url().endswith("/.pomerium/device-enrolled"),
                        lambda: f"nothing was registered: {browser.url()}: {browser.text()}")
        same(len(browser.credentials(authenticator)), 1, "keys in the authenticator")
        link, = [it for it in self.rows("device", "links", "--target", "Proxy")
                 if it["enrollment_id"] == made["enrollment_id"]]
        same(link["state"], "used", "state of the link")
        waiting = self.rows("device", "list", "--target", "Proxy", "--status", "pending_approval")
        same([it["enrollment_id"] for it in waiting], [made["enrollment_id"]], "devices to be approved")
        same(waiting[0]["attestation"], "packed", "kind of the device")
        return made["enrollment_id"]

    def approve_and_undo(self, enrollment, cookies):
        same(self.status(cookies), 450, "the route, before the approval")
        self.ctl("device", "approve", enrollment, "--target", "Proxy", "--by", "ann")
        webdriver.until(NOTICED, lambda: self.status(cookies) == 200, "the approval is not noticed")
        self.ctl("device", "approve", enrollment, "--undo", "--target", "Proxy", "--by", "ann")
        after = webdriver.until(NOTICED, lambda: [it for it in [self.status(cookies)] if it != 200],
                                "that the approval was taken back is not noticed")
        same(after, [450], "the route, after the approval was taken back")

    def go(self):
        make_certificate(self.folder)
        with contextlib.ExitStack() as ends:
            (self.folder / "site").mkdir()
            ends.callback(webdriver.end, self.start(
                "site", sys.executable, "-m", "http.server", "-d", self.folder / "site", "-b", "127.0.0.1",
                str(self.upstream)))
            user = self.prepare()
            provider = idp.Provider(self.folder, self.issuer, {"sub": user, "email": "one@example.org"})
            ends.callback(provider.stop)
            proxy = self.start_proxy(provider)
            ends.callback(webdriver.end, proxy)
            ends.push(self.show_log)
            webdriver.until(60, lambda: self.status() == 302 or proxy.poll() is not None, "the proxy is not ready")
            same(self.status(), 302, "the route, to a stranger")
            browser = webdriver.Browser(self.folder, self.driver, DOMAIN)
            ends.callback(browser.stop)
            enrollment = self.enroll(browser, user)
            same(provider.sign_ins, 1, "sign-ins")
            self.approve_and_undo(enrollment, browser.cookies())

    def show_log(self, failure, *_):
        if failure is not None:
            print("".join((self.folder / "pomerium.log").read_text().splitlines(True)[-20:]))


def main(ctl):
    pomerium = os.environ.get("PORTREEVE_TEST_POMERIUM")
    missing = [it for it in ("chromium", "chromedriver", "certutil", "openssl", "curl") if not shutil.which(it)]
    if not pomerium or missing:
        why = f"not installed: {', '.join(missing)}" if pomerium else "PORTREEVE_TEST_POMERIUM names no official Pomerium"
        print(f"SKIP   : devices in a browser: {why}")
        sys.exit(77)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        Walk(ctl, pomerium, pathlib.Path(folder)).go()
    print("a device was enrolled, approved and taken back in a browser")


if __name__ == "__main__":
    main(*sys.argv[1:])
