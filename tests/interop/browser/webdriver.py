# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of the WebDriver protocol as one test needs: Chromium, with a security key in software."""
import contextlib
import json
import subprocess
import time
import urllib.error
import urllib.request

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's name for a reference to one
CALL_LIMIT = 60  # seconds


class Browser:
    """A fresh profile under `home`; the names of `domain` lead to 127.0.0.1. End it with stop()."""

    def __init__(self, home, port, domain):
        self.at = f"http://127.0.0.1:{port}"
        self.session = None
        self.log = open(home / "chromedriver.log", "w", encoding="utf-8")
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--allowed-ips=127.0.0.1"], stdout=self.log, stderr=self.log,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "TMPDIR": str(home)})
        try:
            until(20, self.is_ready, "chromedriver does not answer")
            flags = [*FLAGS, f"--user-data-dir={home / 'profile'}",
                     f"--host-resolver-rules=MAP *.{domain} 127.0.0.1"]
            made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": flags},
                "webauthn:virtualAuthenticators": True}}})
            self.session = made["sessionId"]
        except BaseException:
            self.stop()
            raise

    def stop(self):
        if self.session is not None:
            with contextlib.suppress(OSError, RuntimeError):  # ended below in any case
                self.call("DELETE", f"/session/{self.session}")
        end(self.driver)
        self.log.close()

    def is_ready(self):
        with contextlib.suppress(OSError):
            return self.call("GET", "/status")["ready"]

    def call(self, method, path, body=None):
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.at + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=CALL_LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def do(self, method, path, body=None):
        return self.call(method, f"/session/{self.session}{path}", body)

    def add_authenticator(self):
        """One of the platform's own, whose user always agrees. Returns its id."""
        return self.do("POST", "/webauthn/authenticator", {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserConsenting": True, "isUserVerified": True})

    def credentials(self, authenticator):
        return self.do("GET", f"/webauthn/authenticator/{authenticator}/credentials")

    def open(self, url):
        self.do("POST", "/url", {"url": url})

    def url(self):
        return self.do("GET", "/url")

    def text(self):
        return self.do("POST", "/execute/sync", {"script": "return document.body.innerText", "args": []})

    def click(self, xpath):
        """The first such element, as soon as there is one."""
        def found():
            return self.do("POST", "/elements", {"using": "xpath", "value": xpath})
        element = until(20, found, lambda: f"nothing at {xpath} on {self.url()}: {self.text()}")[0][ELEMENT]
        self.do("POST", f"/element/{element}/click")

    def cookies(self):
        """Those of the page shown, as a header's value."""
        return "; ".join(f'{it["name"]}={it["value"]}' for it in self.do("GET", "/cookie"))


def end(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(seconds, attempt, complaint):
    """The first answer that counts as true. Asks twice a second."""
    end = time.monotonic() + seconds
    while True:
        answer = attempt()
        if answer:
            return answer
        if time.monotonic() > end:
            raise RuntimeError(complaint() if callable(complaint) else complaint)
        time.sleep(0.5)
