#!/usr/bin/env python3
"""Plays the pages of managed login in Chromium: sign-up, sign-in, logout, an identity provider's stand-in, a forgotten password.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    CHROMIUM=chromium venv/bin/python tests/pool/browser.py

Chromium is driven over its DevTools protocol. Without a browser on the path, nothing is played, and the last line says so.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.parse

import websocket

from local_pool import LocalPool

CALLBACK = "http://localhost:3999/callback"
BYE = "http://localhost:3999/bye"
PASSWORD = "Passw0rd!"
PATIENCE = 20


class BusyError(Exception):
    """The page can't answer now: it is being replaced by the next one."""


class Chromium:
    """A page in a headless browser with a new profile."""

    def __init__(self, program):
        self.program = program

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        self.process = subprocess.Popen(
            [self.program, *options, f"--user-data-dir={self.profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for line in self.process.stderr:
            if line.startswith("DevTools listening on "):
                url = line.removeprefix("DevTools listening on ").strip()
                break
        self.socket = websocket.create_connection(url, suppress_origin=True)
        self.number, self.session = 0, None
        target = next(t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = attached["sessionId"]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.profile.cleanup()

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BusyError(answer["error"]["message"])
                return answer["result"]

    def run(self, script):
        return self.send("Runtime.evaluate", expression=script)["result"].get("value")

    def url(self):
        history = self.send("Page.getNavigationHistory")
        return history["entries"][history["currentIndex"]]["url"]

    def wait(self, what, reads):
        """Reads until `what` is in it: pages load while the script goes on."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = reads() or ""
            except BusyError as error:
                found = f"({error})"
            if what in found:
                return
            assert time.monotonic() < end, f"{found!r} has no {what!r}"
            time.sleep(0.05)

    def open(self, url):
        self.send("Page.navigate", url=url)

    def shows(self, text):
        self.wait(text, lambda: self.run("document.readyState === 'complete' ? document.body.innerText : ''"))

    def comes_to(self, url):
        self.wait(url, self.url)

    def submit(self, **values):
        for name, value in values.items():
            self.run(f"document.getElementsByName({json.dumps(name)})[0].value = {json.dumps(value)}")
        self.run("document.forms[0].querySelector('button').click()")


def play(pool, page):
    api = pool.client()
    api.create_identity_provider(
        UserPoolId=pool.pool_id, ProviderName="Google", ProviderType="Google", AttributeMapping={"email": "email"},
        ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "email"},
    )
    app = api.create_user_pool_client(
        UserPoolId=pool.pool_id, ClientName="app", AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"], CallbackURLs=[CALLBACK], LogoutURLs=[BYE],
        SupportedIdentityProviders=["COGNITO", "Google"],
    )["UserPoolClient"]["ClientId"]
    query = urllib.parse.urlencode({"client_id": app, "response_type": "code", "redirect_uri": CALLBACK})
    authorize = f"{pool.endpoint}/oauth2/authorize?{query}"
    page.open(authorize)
    page.shows("Continue with Google")
    page.run("[...document.links].find((link) => link.text === 'Create an account').click()")
    page.shows("Have an account already?")
    page.submit(username="dora", email="dora@example.com", password=PASSWORD)
    page.shows("A code is on its way.")
    page.submit(username="dora", code="000000")
    page.shows("Invalid verification code provided, please try again.")
    page.submit(username="dora", code=pool.code_for("dora"))
    page.shows("The account is confirmed.")
    page.submit(username="dora", password=PASSWORD)
    page.comes_to(f"{CALLBACK}?code=")
    page.open("about:blank")
    page.comes_to("about:blank")
    page.open(authorize)
    page.comes_to(f"{CALLBACK}?code=")
    page.open(f"{pool.endpoint}/logout?{urllib.parse.urlencode({'client_id': app, 'logout_uri': BYE})}")
    page.comes_to(BYE)
    page.open(authorize)
    page.shows("Continue with Google")
    page.run("[...document.links].find((link) => link.text.includes('Google')).click()")
    page.shows("Stand-in for Google")
    page.submit(**{"subject": "77", "attribute:email": "dora@gmail.example"})
    page.comes_to(f"{CALLBACK}?code=")
    page.open(f"{pool.endpoint}/forgotPassword?{query}")
    page.shows("Send a code")
    page.submit(username="dora")
    page.shows("Change your password")
    page.submit(username="dora", code=pool.code_for("dora"), password="N3w-Passw0rd!")
    page.shows("The password is changed.")
    page.submit(username="dora", password="N3w-Passw0rd!")
    page.comes_to(f"{CALLBACK}?code=")
    users = api.list_users(UserPoolId=pool.pool_id)["Users"]
    assert [user["Username"] for user in users] == ["Google_77", "dora"], users


def main():
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("Chromium: not played, because no browser is on the path")
        return
    with LocalPool() as pool, Chromium(program) as page:
        play(pool, page)
    print("Chromium: sign-up, confirmation, sign-in, session, logout, stand-in of an identity provider, forgotten password")


main()
